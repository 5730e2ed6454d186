/** The action around the run: the runner's inputs, files and signals. Bundled to actions/dist/index.cjs. */
import path from 'node:path';
import * as core from '@actions/core';
import { endRedOnUncaught, nameOfError } from '@fusegate/shared/adapter/last-resort';
import { abortOnSignals } from '@fusegate/shared/adapter/process-signals';
import { type AdapterEnd, runAdapter } from '@fusegate/shared/adapter/run-adapter';
import { systemClock } from '@fusegate/shared/model/clock';
import { EXIT } from '@fusegate/shared/model/errors';
import { isOfficialStep } from '@fusegate/shared/options/input-candidates';
import { actionInputs } from './action-inputs.ts';
import { saveStateEarly, setOutputEarly } from './early-values.ts';
import { GitHubHost } from './github-host.ts';
import { makesApp, officialVariables, removeOfficialCopies, withOfficialOutputs } from './official-outputs.ts';
import { TEMPORARY_FOLDER_STATE } from './state.ts';
import { makeTemporaryFolder, removeTemporaryFolder, temporaryParent } from './temporary-folder.ts';

/** Sockets that are kept alive must not keep a finished step: jobs are billed by the minute. */
const LINGER_MS = 2000;
/** The runner sends SIGTERM 7.5 s after SIGINT, and kills 2.5 s later (actions/runner, ProcessInvoker.cs). */
const CANCEL_MS = 6500;

function endSoonAfter(signal: AbortSignal): void {
  signal.addEventListener('abort', () => setTimeout(() => process.exit(EXIT.cancelled), CANCEL_MS).unref());
}

async function exportOfficial(end: AdapterEnd, host: GitHubHost): Promise<void> {
  try {
    for (const [name, value] of Object.entries(await officialVariables(host.outputs, end.exitCode === EXIT.pass))) {
      core.exportVariable(name, value);
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    host.log('warning', `The files of the official action's names could not be written (${reason}).`);
  }
}

async function commentOnPullRequest(end: AdapterEnd, host: GitHubHost, signal: AbortSignal): Promise<void> {
  const { request, result } = end;
  if (request?.comment === undefined || result === undefined || signal.aborted) return;
  const { comment } = await import('./pull-request-comment.ts');
  const said = await comment(request.comment, result, request.gate.detail, process.env, signal);
  if (said.level === 'info') host.log('info', said.text);
  else host.annotate({ level: 'warning', title: 'Fusegate', message: said.text });
}

async function main(): Promise<void> {
  // Node ends a process that waits for nothing but a promise, and then with 0: red until the run has said otherwise.
  process.exitCode = EXIT.noVerdict;
  endRedOnUncaught((text) => core.error(text));
  const { env } = process;
  const signal = abortOnSignals();
  endSoonAfter(signal);
  const cwd = env.GITHUB_WORKSPACE || process.cwd();
  const parent = temporaryParent(env);
  const host = new GitHubHost(process.stdout, cwd);
  // Whatever kills this process from here on, no later step reads an empty verdict as something else.
  setOutputEarly('verdict', 'error');
  const temporary = makeTemporaryFolder(parent, env);
  saveStateEarly(TEMPORARY_FOLDER_STATE, temporary);

  const given = actionInputs(env);
  const official = isOfficialStep(given, 'github') && makesApp(given, env);
  const inputs = official ? withOfficialOutputs(given, env) : given;
  if (official) {
    const folder = inputs.find(({ name }) => name === 'output-dir')?.value;
    if (folder !== undefined) await removeOfficialCopies(path.resolve(cwd, folder), inputs);
  }
  const end = await runAdapter({ inputs }, host, {
    system: 'github',
    environment: env,
    cwd,
    clock: systemClock,
    random: Math.random,
    signal,
  });
  if (official) await exportOfficial(end, host);
  await commentOnPullRequest(end, host, signal);
  await host.close();
  await removeTemporaryFolder(temporary, parent).catch(() => {});
  process.exitCode = end.exitCode;
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

main().catch((error: unknown) => {
  // Only what lies around the run can end here; never green.
  core.error(`Fusegate could not run: ${nameOfError(error)}`);
  process.exitCode = EXIT.noVerdict;
});
