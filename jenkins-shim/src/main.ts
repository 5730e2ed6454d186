#!/usr/bin/env node
/**
 * `node fusegate-jenkins.cjs [OPTIONS]`: the flags of `fusegate run` with no command word; `--mode` chooses another job. Bundled into one
 * file, which the shared library of this folder loads by libraryResource.
 */
import { writeFile } from 'node:fs/promises';
import { commandHelp } from '@fusegate/shared/adapter/job-help';
import { PlainLogHost } from '@fusegate/shared/adapter/plain-log-host';
import { type ProcessIo, runProcess } from '@fusegate/shared/adapter/process-shell';
import { publishedFiles } from '@fusegate/shared/adapter/published-files';
import { runAdapter } from '@fusegate/shared/adapter/run-adapter';
import { EXIT } from '@fusegate/shared/model/errors';
import { isTooOld, MINIMUM_NODE } from '@fusegate/shared/model/version';
import { JENKINS } from '@fusegate/shared/options/systems/jenkins';
import { jenkinsInputs, OUTPUTS_VARIABLE, withoutLibraryVariables } from './jenkins-inputs.ts';
import { libraryOutputs } from './library-outputs.ts';

async function main(io: ProcessIo): Promise<number> {
  if (isTooOld(process.versions.node)) {
    process.stdout.write(
      `error: Node ${process.version} is too old: Fusegate needs ${MINIMUM_NODE} or newer.\n` +
        "Install it on the agent, or select it with the NodeJS plugin: tools { nodejs 'NAME' }, or nodejs('NAME') { ... }.\n",
    );
    return EXIT.usage;
  }
  const { inputs, problems, help } = jenkinsInputs(process.argv.slice(2), process.env);
  if (help) {
    process.stdout.write(`${commandHelp('run', JENKINS).replaceAll('fusegate run', 'node fusegate-jenkins.cjs')}\n`);
    return EXIT.pass;
  }
  const outputsFile = process.env[OUTPUTS_VARIABLE];
  const environment = withoutLibraryVariables(process.env);
  const host = new PlainLogHost(process.stdout);
  const cwd = process.cwd();
  const end = await runAdapter({ inputs, problems }, host, { ...io, system: JENKINS, environment, cwd });
  if (outputsFile) {
    const reports = host.reports.map((report) => report.path);
    const published = publishedFiles(host.outputs, reports, end.request?.output.publish ?? []);
    const junit = host.reports.find(({ kind }) => kind === 'junit')?.path;
    const workspace = environment.WORKSPACE || cwd;
    await writeFile(outputsFile, libraryOutputs(host.outputs, published, junit, workspace), { mode: 0o600 });
  }
  const result = host.outputs.get('result');
  if (result) process.stdout.write(`result: ${result}\n`);
  process.stdout.write(`verdict: ${end.result?.verdict ?? 'error'}\n`);
  return end.exitCode;
}

runProcess(main, (text) => process.stdout.write(`error: ${text}\nverdict: error\n`));
