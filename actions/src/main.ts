/** The action around the run: the runner's inputs, files and signals. Bundled to actions/dist/index.cjs. */

import path from 'node:path';
import * as core from '@actions/core';
import { type ProcessIo, runProcess } from '@fusegate/shared/adapter/process-shell';
import { type AdapterEnd, runAdapter } from '@fusegate/shared/adapter/run-adapter';
import { EXIT } from '@fusegate/shared/model/errors';
import { isOfficialStep } from '@fusegate/shared/options/input-candidates';
import { GITHUB } from '@fusegate/shared/options/systems/github';
import { actionInputs } from './action-inputs.ts';
import { saveStateEarly, setOutputEarly } from './early-values.ts';
import { GitHubHost } from './github-host.ts';
import { makesApp, publishOfficialOutputs, removeOfficialCopies, withOfficialOutputs } from './official-outputs.ts';
import {
  makeTemporaryFolder,
  removeTemporaryFolder,
  TEMPORARY_FOLDER_STATE,
  temporaryParent,
} from './temporary-folder.ts';

/** The runner sends SIGTERM 7.5 s after SIGINT, and kills 2.5 s later (actions/runner, ProcessInvoker.cs). */
const CANCEL_MS = 6500;

async function exportOfficial(end: AdapterEnd, host: GitHubHost): Promise<void> {
  try {
    for (const [name, value] of Object.entries(
      await publishOfficialOutputs(host.outputs, end.exitCode === EXIT.pass),
    )) {
      core.exportVariable(name, value);
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    host.log('warning', `The files of the official action's names could not be written (${reason}).`);
  }
}

async function commentOnPullRequest(
  end: AdapterEnd,
  host: GitHubHost,
  root: string,
  signal: AbortSignal,
): Promise<void> {
  const { request, result } = end;
  if (request?.comment === undefined || result === undefined || signal.aborted) return;
  const { comment } = await import('./pull-request-comment.ts');
  const said = await comment(request.comment, result, { detail: request.gate.detail, root }, process.env, signal);
  if (said.level === 'info') host.log('info', said.text);
  else host.annotate({ level: 'warning', title: 'Fusegate', message: said.text });
}

async function main(io: ProcessIo): Promise<number> {
  const { env } = process;
  const cwd = env.GITHUB_WORKSPACE || process.cwd();
  const parent = temporaryParent(env);
  const host = new GitHubHost(process.stdout, cwd);
  // Whatever kills this process from here on, no later step reads an empty verdict as something else.
  setOutputEarly('verdict', 'error');
  const temporary = makeTemporaryFolder(parent, env);
  saveStateEarly(TEMPORARY_FOLDER_STATE, temporary);

  const given = actionInputs(env);
  const official = isOfficialStep(given, GITHUB) && makesApp(given, env);
  const inputs = official ? withOfficialOutputs(given, env) : given;
  if (official) {
    const folder = inputs.find(({ name }) => name === 'output-dir')?.value;
    if (folder !== undefined) await removeOfficialCopies(path.resolve(cwd, folder), inputs);
  }
  const end = await runAdapter({ inputs }, host, { ...io, system: GITHUB, environment: env, cwd });
  if (official) await exportOfficial(end, host);
  await commentOnPullRequest(end, host, cwd, io.signal);
  await host.close();
  await removeTemporaryFolder(temporary, parent).catch(() => {});
  return end.exitCode;
}

runProcess(main, (text) => core.error(text), { cancelMs: CANCEL_MS });
