/**
 * What every plugin and the CLI do between inputs and exit: read them all, mask, run or refuse, end. An adapter adds a Host and where
 * its inputs come from, nothing else.
 *
 * Loaded at start-up, so everything that wrong inputs do not need stays behind `await import()`.
 */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ReadRequest } from '../intake/read-request.ts';
import type { RunContext } from '../jobs/build-result.ts';
import { defined } from '../model/defined.ts';
import { asFusegateError, type ExitCode, type FusegateError } from '../model/errors.ts';
import { type Host, OUTPUT_NAMES, type OutputName } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import type { GateRequest, OutputRequest, RunRequest } from '../model/run-request.ts';
import { fileOfJob, readCiContext } from '../options/ci-context.ts';
import type { RawInputs } from '../options/input-candidates.ts';
import type { System } from '../options/system.ts';
import { guardHost } from '../secrets/guarded-host.ts';
import { type Masker, maskerOf } from '../secrets/masker.ts';
import { markdownFence, plainLine } from '../text/untrusted-text.ts';
import type { AdapterHost } from './plain-log-host.ts';
import { type InputIo, readInputs } from './read-inputs.ts';
import { refusalText, unexpectedText } from './refusal-text.ts';

/** What an adapter takes from its process, so that tests decide it. */
export interface AdapterIo extends InputIo {
  /** Where the way the job is shown depends on its options: the host of the job. The first one then says only why there was none. */
  hostOf?: ((request: Pick<RunRequest, 'ci' | 'ciSystem' | 'verbose'>) => JobHost) | undefined;
  /** Below the problems with the inputs: where to read on. */
  furtherHelp?: string | undefined;
}

export interface JobHost extends Host {
  /** Takes live lines away and stops timers. */
  close(): void;
}

/** What an adapter does after the job: a comment, artifacts. */
interface PostJobRequest extends Pick<RunRequest, 'comment'> {
  gate: Pick<GateRequest, 'detail'>;
  output: Pick<OutputRequest, 'publish'>;
}

export interface AdapterEnd {
  exitCode: ExitCode;
  /** Absent where there was no place for a result. */
  result?: FusegateResult;
  /** As far as it could be built. */
  request?: PostJobRequest;
  /** Why the run never began: each problem on its line, masked and harmless. */
  refused?: { title: string; lines: readonly string[] };
}

/**
 * Runs a whole job on a host. Outputs are set in every case, also when the inputs are wrong, and before the host is failed.
 * @param bare not guarded yet: the secrets are known only here
 * @returns the exit; never throws
 */
export async function runAdapter(raw: RawInputs, bare: AdapterHost, io: AdapterIo): Promise<AdapterEnd> {
  let host = guardHost(bare, maskerOf([]));
  let ofJob: JobHost | undefined;
  try {
    const { read, masker, deps } = await readInputs(raw, io);
    host = guardHost(bare, masker, read.secrets);
    ofJob = read.ok ? io.hostOf?.(read.request) : undefined;
    const shown = ofJob === undefined ? host : guardHost(ofJob, masker, read.secrets);
    for (const notice of read.notices) shown.log('notice', notice);
    // Without a result there is nowhere to record it.
    const bundleSha256 = read.ok || read.draft ? await bundleDigest() : undefined;
    const context: RunContext = {
      ci: readCiContext(io.environment),
      system: io.system,
      tool: defined({ bundleSha256 }),
      root: io.cwd,
      jobFile: fileOfJob(io.environment),
      mask: (text) => masker.mask(text),
    };
    bare.verbose ||= read.ok && read.request.verbose;
    if (!read.ok) return await refuseInputs(read, host, masker, { ...io, sends: !isVerify(raw) }, context);
    const { runJob } = await import('../jobs/run-job.ts');
    const { exitCode, result } = await runJob(read.request, read.plan, shown, deps, context);
    ofJob?.close();
    return { exitCode, result, request: read.request };
  } catch (error) {
    ofJob?.close();
    return endUnexpected(error, host, io.system);
  }
}

type RefusalIo = AdapterIo & { sends: boolean };

/** The one mode that never talks to the network. */
function isVerify({ inputs }: RawInputs): boolean {
  return inputs.some(({ name, value }) => name === 'mode' && value.trim().toLowerCase() === 'verify');
}

/** Every problem on its line, in the log, as one annotation and in the summary. */
async function refuseInputs(
  read: ReadRequest & { ok: false },
  host: Host,
  masker: Masker,
  io: RefusalIo,
  context: RunContext,
): Promise<AdapterEnd> {
  const { error, draft } = read;
  const { lines, text, title } = refusalWords(error, masker, io);
  host.log('error', text);
  host.annotate({ level: 'error', title, message: text });

  let result: FusegateResult | undefined;
  let outputs: Partial<Record<OutputName, string>> = { verdict: 'error' };
  if (draft !== undefined) {
    try {
      const { refuse } = await import('../jobs/run-job.ts');
      ({ result, outputs } = await refuse(error, draft, host, io.clock, context));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      host.log('warning', `An earlier result could not be replaced: ${reason}`);
    }
  }
  for (const name of OUTPUT_NAMES) host.setOutput(name, outputs[name] ?? '');
  await host.summary(`## ❌ ${title}\n\n${markdownFence(text.split('\n'))}\n`);
  host.fail(`${title}: ${lines.join('; ')}`, error.exitCode);
  return { exitCode: error.exitCode, refused: { title, lines }, ...defined({ result, request: draft?.request }) };
}

/** The run may also have ended while the inputs were read. */
function refusalWords(error: FusegateError, masker: Masker, { system, furtherHelp, sends }: RefusalIo) {
  if (error.problems.length === 0) {
    return {
      lines: [masker.mask(plainLine(masker.mask(error.message)))],
      text: unexpectedText(error, system),
      title: 'Fusegate: the run ended before it began',
    };
  }
  const { lines, text } = refusalText(error, masker, system, sends);
  return {
    lines,
    text: furtherHelp === undefined ? text : `${text}\n${furtherHelp}`,
    title: `Fusegate: the ${system.inputs.word} are invalid`,
  };
}

/** Never green. */
function endUnexpected(error: unknown, host: Host, system: System): AdapterEnd {
  const known = asFusegateError(error);
  for (const name of OUTPUT_NAMES) host.setOutput(name, name === 'verdict' ? 'error' : '');
  const text = unexpectedText(known, system);
  host.log('error', text);
  if (known.code === 'internal.unexpected' && error instanceof Error) host.log('debug', error.stack ?? '');
  host.annotate({ level: 'error', title: 'Fusegate', message: text });
  host.fail(known.message, known.exitCode);
  return { exitCode: known.exitCode };
}

/**
 * @returns SHA-256 of the bundle that holds this code, lower-case hex, for the result. The digests of the files beside a bundle are compiled
 * into it, so it stands for them too. Undefined where the code runs from its sources, or the bundle cannot be read.
 */
async function bundleDigest(): Promise<string | undefined> {
  const bundle = fileURLToPath(import.meta.url);
  if (!bundle.endsWith('.cjs')) return undefined;
  try {
    return createHash('sha256')
      .update(await readFile(bundle))
      .digest('hex');
  } catch {
    // The digest is only recorded in the result; a bundle that cannot be read again is not a reason to stop.
    return undefined;
  }
}
