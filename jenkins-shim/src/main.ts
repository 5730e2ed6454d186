#!/usr/bin/env node
/**
 * `node fusegate-jenkins.cjs [OPTIONS]`: the flags of `fusegate run` with no command word; `--mode` chooses another job. Bundled into one
 * file, which the shared library of this folder loads by libraryResource.
 */
import { writeFile } from 'node:fs/promises';
import { commandHelp } from '@fusegate/shared/adapter/job-help';
import { endRedOnUncaught, nameOfError } from '@fusegate/shared/adapter/last-resort';
import { PlainLogHost } from '@fusegate/shared/adapter/plain-log-host';
import { abortOnSignals } from '@fusegate/shared/adapter/process-signals';
import { publishedFiles } from '@fusegate/shared/adapter/published-files';
import { runAdapter } from '@fusegate/shared/adapter/run-adapter';
import { systemClock } from '@fusegate/shared/model/clock';
import { EXIT } from '@fusegate/shared/model/errors';
import { MINIMUM_NODE } from '@fusegate/shared/model/version';
import { jenkinsInputs, OUTPUTS_VARIABLE, withoutLibraryVariables } from './jenkins-inputs.ts';
import { libraryOutputs } from './library-outputs.ts';

/** Sockets that are kept alive must not keep a finished script. */
const LINGER_MS = 2000;

async function main(): Promise<number> {
  // Node ends a process that waits for nothing but a promise, and then with 0: red until the run has said otherwise.
  process.exitCode = EXIT.noVerdict;
  endRedOnUncaught((text) => process.stdout.write(`error: ${text}\nverdict: error\n`));
  if (process.versions.node.localeCompare(MINIMUM_NODE, 'en', { numeric: true }) < 0) {
    process.stdout.write(
      `error: Node ${process.version} is too old: Fusegate needs ${MINIMUM_NODE} or newer.\n` +
        "Install it on the agent, or choose it by the NodeJS plugin: tools { nodejs 'NAME' }, or nodejs('NAME') { ... }.\n",
    );
    return EXIT.usage;
  }
  const { inputs, problems, help } = jenkinsInputs(process.argv.slice(2), process.env);
  if (help) {
    process.stdout.write(`${commandHelp('run').replaceAll('fusegate run', 'node fusegate-jenkins.cjs')}\n`);
    return EXIT.pass;
  }
  const outputsFile = process.env[OUTPUTS_VARIABLE];
  const environment = withoutLibraryVariables(process.env);
  const host = new PlainLogHost('jenkins', process.stdout);
  const end = await runAdapter({ inputs, problems }, host, {
    system: 'jenkins',
    environment,
    cwd: process.cwd(),
    clock: systemClock,
    random: Math.random,
    signal: abortOnSignals(),
  });
  if (outputsFile) {
    const reports = host.reports.map((report) => report.path);
    const published = publishedFiles(host.outputs, reports, end.request?.output.publish ?? []);
    const junit = host.reports.find(({ kind }) => kind === 'junit')?.path;
    const workspace = environment.WORKSPACE || process.cwd();
    await writeFile(outputsFile, libraryOutputs(host.outputs, published, junit, workspace), { mode: 0o600 });
  }
  const result = host.outputs.get('result');
  if (result) process.stdout.write(`result: ${result}\n`);
  process.stdout.write(`verdict: ${end.result?.verdict ?? 'error'}\n`);
  return end.exitCode;
}

main().then(
  (exit) => {
    process.exitCode = exit;
    setTimeout(() => process.exit(), LINGER_MS).unref();
  },
  (error: unknown) => {
    // Only what lies around the run can end here; never green.
    process.stdout.write(`error: Fusegate could not run: ${nameOfError(error)}\nverdict: error\n`);
    process.exitCode = EXIT.noVerdict;
  },
);
