import { parseArguments } from '@fusegate/shared/adapter/arguments';
import { bundleDigest } from '@fusegate/shared/adapter/bundle-digest';
import { commandHelp } from '@fusegate/shared/adapter/job-help';
import { type ReadRequest, readRequest } from '@fusegate/shared/intake/read-request';
import { scaledClock } from '@fusegate/shared/model/clock';
import type { Deps } from '@fusegate/shared/model/deps';
import { type ExitCode, FusegateError } from '@fusegate/shared/model/errors';
import type { Mode } from '@fusegate/shared/model/run-request';
import { readTimeScale } from '@fusegate/shared/model/time-scale';
import { readCiContext } from '@fusegate/shared/options/ci-context';
import { problem } from '@fusegate/shared/options/problem';
import { guardHost } from '@fusegate/shared/secrets/guarded-host';
import { type Masker, maskerOf } from '@fusegate/shared/secrets/masker';
import { plainBlock } from '@fusegate/shared/text/untrusted-text';
import { chooseHost } from './choose-host.ts';
import type { CommandIo } from './command-io.ts';
import { usageReport } from './usage-report.ts';

/**
 * `fusegate run`, `gate`, `validate` and `verify`.
 * @returns the process exit
 */
export async function runJob(mode: Mode, words: readonly string[], io: CommandIo): Promise<number> {
  const { raw, help } = parseArguments(words, mode);
  if (help) {
    io.stdout.write(`${commandHelp(mode)}\n`);
    return 0;
  }
  const scale = readTimeScale(io.environment.FUSEGATE_TIME_SCALE);
  const problems = [...(raw.problems ?? [])];
  if (scale === undefined) problems.push(problem('FUSEGATE_TIME_SCALE', 'is not a number above 0 and up to 1'));
  const read = await readRequest({ ...raw, problems }, io.environment, 'cli', { cwd: io.cwd, now: io.clock.now() });
  const masker = maskerOf(read.secrets);
  if (!read.ok) {
    io.stderr.write(`${usageReport(read.error, masker, mode)}\n`);
    await replaceOldOutcome(read, masker, io);
    return read.error.exitCode;
  }

  const { request, plan } = read;
  const host = chooseHost(io, request);
  const guarded = guardHost(host, masker, read.secrets);
  const deps: Deps = {
    clock: io.clock,
    retryClock: scale === undefined || scale === 1 ? io.clock : scaledClock(io.clock, scale),
    random: io.random,
    signal: io.signal,
  };
  try {
    for (const notice of read.notices) guarded.log('notice', notice);
    // Loaded late: `--help` and a usage error need nothing of it.
    const { run } = await import('@fusegate/shared/jobs/run');
    const bundleSha256 = await bundleDigest();
    const { exitCode, result } = await run(request, plan, guarded, deps, {
      ci: readCiContext(io.environment),
      system: 'cli',
      tool: bundleSha256 === undefined ? {} : { bundleSha256 },
      mask: (text) => masker.mask(text),
    });
    host.close();
    const resultFile = host.outputs.get('result');
    if (resultFile) io.stdout.write(`result: ${resultFile}\n`);
    io.stdout.write(`verdict: ${result.verdict}\n`);
    return exitCode;
  } catch (error) {
    host.close();
    return reportUnexpected(error, io, {
      verbose: request.verbose,
      mask: (text) => masker.mask(text),
    });
  }
}

/** Leaves a result that says `error` where an earlier run may have left a green one. What cannot be written is said, no more. */
async function replaceOldOutcome(read: ReadRequest & { ok: false }, masker: Masker, io: CommandIo): Promise<void> {
  if (read.draft === undefined) return;
  try {
    const { refuse } = await import('@fusegate/shared/jobs/refuse');
    const { setAsideNotice } = await import('@fusegate/shared/report/notices-of-run');
    const { setAside } = await refuse(read.error, read.draft, io.clock, {
      ci: readCiContext(io.environment),
      system: 'cli',
      tool: {},
      mask: (text) => masker.mask(text),
    });
    for (const folder of setAside) io.stderr.write(`${masker.mask(plainBlock(setAsideNotice(folder)))}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    io.stderr.write(`warning: an earlier result could not be replaced: ${masker.mask(plainBlock(reason))}\n`);
  }
}

/**
 * One line and what to do next; the stack only for those who asked. Never green.
 * @returns the process exit
 */
export function reportUnexpected(
  error: unknown,
  io: CommandIo,
  { verbose, mask }: { verbose: boolean; mask: (text: string) => string },
): ExitCode {
  const known =
    error instanceof FusegateError
      ? error
      : new FusegateError(
          'internal.unexpected',
          `Unexpected: ${error instanceof Error ? error.message : String(error)}`,
          {
            hint: 'This is a defect of fusegate. Run again with --verbose and report what it prints.',
            cause: error,
          },
        );
  const stack = error instanceof Error && verbose ? `\n${error.stack ?? ''}` : '';
  // Masked twice, as the guarded host does: what is taken out may have parted a secret. The text may be the service's.
  io.stderr.write(`${mask(plainBlock(mask(`error: ${known.message} [${known.code}]\n${known.hint}${stack}`)))}\n`);
  return known.exitCode;
}
