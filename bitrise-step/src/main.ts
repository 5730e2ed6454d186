/** The process around the step. Bundled to bitrise-step/dist/step.cjs, started by step.sh. */

import path from 'node:path';
import { PlainLogHost } from '@fusegate/shared/adapter/plain-log-host';
import { type ProcessIo, runProcess } from '@fusegate/shared/adapter/process-shell';
import { publishedFiles } from '@fusegate/shared/adapter/published-files';
import { type AdapterEnd, runAdapter } from '@fusegate/shared/adapter/run-adapter';
import { EXIT } from '@fusegate/shared/model/errors';
import { BITRISE } from '@fusegate/shared/options/systems/bitrise';
import { plainLine } from '@fusegate/shared/text/untrusted-text';
import { bitriseInputs } from './bitrise-inputs.ts';
import { deployFiles, exportTestResults } from './deploy-files.ts';
import { exportOutputs, variablesOf } from './export-outputs.ts';

/**
 * Hands over files and outputs. What cannot be handed over makes the step red: a later step would deploy something else.
 * @returns whether everything is in its place
 */
async function handOver(host: PlainLogHost, end: AdapterEnd, official: boolean): Promise<boolean> {
  const label = path.basename(path.dirname(host.outputs.get('result') || 'run/x'));
  const reports = host.reports.map((report) => report.path);
  const files = publishedFiles(host.outputs, reports, end.request?.output.publish ?? []);
  let good = true;
  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      good = false;
      host.log('error', `${what}: ${plainLine(error instanceof Error ? error.message : String(error))}`);
    }
  };
  let placed = new Map<string, string>();
  const { BITRISE_DEPLOY_DIR: deployDir, BITRISE_TEST_RESULT_DIR: testResultDir } = process.env;
  if (deployDir) {
    await attempt('The files could not be copied to BITRISE_DEPLOY_DIR', async () => {
      placed = await deployFiles(files, label, deployDir);
    });
  }
  const junit = host.reports.find(({ kind }) => kind === 'junit');
  if (testResultDir && junit) {
    await attempt('The test results could not be exported', () => exportTestResults(junit.path, label, testResultDir));
  }
  const deployedApp = placed.get(host.outputs.get('protected-app') ?? '') ?? '';
  await attempt('The outputs could not be set (envman is part of the Bitrise CLI)', () =>
    exportOutputs(variablesOf(host.outputs, official ? { deployedApp } : undefined)),
  );
  return good;
}

async function main(io: ProcessIo): Promise<number> {
  // Bitrise reads nothing from a step's log, and its CLI redacts the values of sensitive inputs itself.
  const host = new PlainLogHost(process.stdout);
  const { raw, official } = bitriseInputs(process.env);
  const { env: environment } = process;
  const end = await runAdapter(raw, host, { ...io, system: BITRISE, environment, cwd: process.cwd() });
  const handedOver = await handOver(host, end, official);
  process.stdout.write(`verdict: ${end.result?.verdict ?? 'error'}\n`);
  return end.exitCode === EXIT.pass && !handedOver ? EXIT.usage : end.exitCode;
}

runProcess(main, (text) => process.stdout.write(`error: ${text}\nverdict: error\n`));
