/**
 * What every plugin does between its inputs and its exit: read them all, mask, run or refuse, end. An adapter adds a Host and where its
 * inputs come from, nothing else.
 *
 * Loaded at start-up, so everything that wrong inputs do not need stays behind `await import()`.
 */

import { type ReadRequest, readRequest } from '../intake/read-request.ts';
import { type Clock, scaledClock } from '../model/clock.ts';
import type { Deps } from '../model/deps.ts';
import { type ExitCode, FusegateError } from '../model/errors.ts';
import type { Environment } from '../model/host.ts';
import { type Host, OUTPUT_NAMES, type OutputName } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import type { RunRequest } from '../model/run-request.ts';
import { readTimeScale } from '../model/time-scale.ts';
import { readCiContext } from '../options/ci-context.ts';
import type { RawInputs } from '../options/input-candidates.ts';
import type { InputSystem } from '../options/option.ts';
import { problem, problemLine } from '../options/problem.ts';
import type { RunContext } from '../report/build-result.ts';
import { guardHost } from '../secrets/guarded-host.ts';
import { type Masker, maskerOf } from '../secrets/masker.ts';
import { markdownFence, plainLine } from '../text/untrusted-text.ts';
import { bundleDigest } from './bundle-digest.ts';
import type { AdapterHost } from './plain-log-host.ts';

/** What an adapter takes from its process, so that tests decide it. */
export interface AdapterIo {
  system: InputSystem;
  environment: Environment;
  cwd: string;
  /** Where `fusegate-output/` goes when no folder is given; the working directory unless the system has a better place. */
  outputBase?: string | undefined;
  clock: Clock;
  random: () => number;
  /** Aborted when the system cancels the job. */
  signal: AbortSignal;
}

export interface AdapterEnd {
  exitCode: ExitCode;
  /** Absent where there was no place for a result. */
  result?: FusegateResult;
  /** As far as it could be built. */
  request?: RunRequest;
}

/** A value and a list of names both fit. */
const LONGEST_PROBLEM = 1000;

/**
 * Runs a whole job on a host. Outputs are set in every case, also when the inputs are wrong, and before the host is failed.
 * @param bare not guarded yet: the secrets are known only here
 * @returns the exit; never throws
 */
export async function runAdapter(raw: RawInputs, bare: AdapterHost, io: AdapterIo): Promise<AdapterEnd> {
  let host = guardHost(bare, maskerOf([]));
  try {
    const scale = readTimeScale(io.environment.FUSEGATE_TIME_SCALE);
    const problems = [...(raw.problems ?? [])];
    if (scale === undefined) problems.push(problem('FUSEGATE_TIME_SCALE', 'is not a number above 0 and up to 1'));
    const read = await readRequest({ ...raw, problems }, io.environment, io.system, {
      cwd: io.cwd,
      ...(io.outputBase === undefined ? {} : { outputBase: io.outputBase }),
    });
    const masker = maskerOf(read.secrets);
    host = guardHost(bare, masker, read.secrets);
    for (const notice of read.notices) host.log('notice', notice);
    // Without a result there is nowhere to record it.
    const bundleSha256 = read.ok || read.draft ? await bundleDigest() : undefined;
    const context: RunContext = {
      ci: readCiContext(io.environment),
      system: io.system,
      tool: bundleSha256 === undefined ? {} : { bundleSha256 },
      mask: (text) => masker.mask(text),
    };
    bare.verbose ||= read.ok && read.request.verbose;
    if (!read.ok) return await refuseInputs(read, host, masker, io, context);
    const deps: Deps = {
      clock: io.clock,
      retryClock: scale === undefined || scale === 1 ? io.clock : scaledClock(io.clock, scale),
      random: io.random,
      signal: io.signal,
    };
    const { run } = await import('../jobs/run.ts');
    const { exitCode, result } = await run(read.request, read.plan, host, deps, context);
    return { exitCode, result, request: read.request };
  } catch (error) {
    return endUnexpected(error, host);
  }
}

/** Every problem on its line, in the log, as one annotation and in the summary. */
async function refuseInputs(
  read: ReadRequest & { ok: false },
  host: Host,
  masker: Masker,
  io: AdapterIo,
  context: RunContext,
): Promise<AdapterEnd> {
  const { error, draft } = read;
  const lines = error.problems.map((each) => masker.mask(plainLine(masker.mask(problemLine(each)), LONGEST_PROBLEM)));
  const count = lines.length === 1 ? 'One problem' : `${lines.length} problems`;
  const text = [`${count} with the inputs:`, ...lines.map((line) => `  ${line}`), 'Nothing was sent.'].join('\n');
  const title = 'Fusegate: the inputs are invalid';
  host.log('error', text);
  host.annotate({ level: 'error', title, message: text });

  let result: FusegateResult | undefined;
  let outputs: Partial<Record<OutputName, string>> = { verdict: 'error' };
  if (draft !== undefined) {
    try {
      const { refuse } = await import('../jobs/refuse.ts');
      const { setAsideNotice } = await import('../report/notices-of-run.ts');
      const { outputsOf } = await import('../report/outputs.ts');
      const { OutputFolder } = await import('../files/output-folder.ts');
      const end = await refuse(error, draft, io.clock, context);
      for (const folder of end.setAside) host.log('notice', setAsideNotice(folder));
      result = end.result;
      outputs = outputsOf(result, OutputFolder.of(draft.request, io.clock), draft.request);
      // No report was written, so none is named.
      outputs['report-html'] = '';
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      host.log('warning', `An earlier result could not be replaced: ${reason}`);
    }
  }
  for (const name of OUTPUT_NAMES) host.setOutput(name, outputs[name] ?? '');
  await host.summary(`## ❌ ${title}\n\n${markdownFence(text.split('\n'))}\n`);
  host.fail(`${title}: ${lines.join('; ')}`, error.exitCode);
  return {
    exitCode: error.exitCode,
    ...(result === undefined ? {} : { result }),
    ...(draft === undefined ? {} : { request: draft.request }),
  };
}

/** Never green. */
function endUnexpected(error: unknown, host: Host): AdapterEnd {
  const known =
    error instanceof FusegateError
      ? error
      : new FusegateError(
          'internal.unexpected',
          `Unexpected: ${error instanceof Error ? error.message : String(error)}`,
          {
            hint: 'This is a bug in Fusegate. Run again with verbose and report the output.',
            cause: error,
          },
        );
  for (const name of OUTPUT_NAMES) host.setOutput(name, name === 'verdict' ? 'error' : '');
  const text = `${known.message} [${known.code}]\n${known.hint}`;
  host.log('error', text);
  if (known.code === 'internal.unexpected' && error instanceof Error) host.log('debug', error.stack ?? '');
  host.annotate({ level: 'error', title: 'Fusegate', message: text });
  host.fail(known.message, known.exitCode);
  return { exitCode: known.exitCode };
}
