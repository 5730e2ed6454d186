import { parseArguments } from '@fusegate/shared/adapter/arguments';
import { commandHelp } from '@fusegate/shared/adapter/job-help';
import { runAdapter } from '@fusegate/shared/adapter/run-adapter';
import { asFusegateError, type ExitCode } from '@fusegate/shared/model/errors';
import type { Mode } from '@fusegate/shared/model/run-request';
import { respelled } from '@fusegate/shared/options/spelling';
import { CLI } from '@fusegate/shared/options/systems/cli';
import { plainBlock } from '@fusegate/shared/text/untrusted-text';
import { chooseHost } from './choose-host.ts';
import type { CliHost } from './ci-host.ts';
import type { CommandIo } from './command-io.ts';
import { ErrorHost } from './error-host.ts';
import { helpOf } from './usage-report.ts';

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
  let chosen: CliHost | undefined;
  const { exitCode, result } = await runAdapter(raw, new ErrorHost(io.stderr, words.includes('--verbose')), {
    system: CLI,
    environment: io.environment,
    cwd: io.cwd,
    clock: io.clock,
    random: io.random,
    signal: io.signal,
    furtherHelp: helpOf(mode),
    hostOf: (request) => {
      chosen = chooseHost(io, request);
      return chosen;
    },
  });
  // Without a host there was no job, and standard error says why.
  if (chosen === undefined || result === undefined) return exitCode;
  const resultFile = chosen.outputs.get('result');
  if (resultFile) io.stdout.write(`result: ${resultFile}\n`);
  io.stdout.write(`verdict: ${result.verdict}\n`);
  return exitCode;
}

/**
 * One line and what to do next; the stack only with `verbose`. Never green.
 * @returns the process exit
 */
export function reportUnexpected(
  error: unknown,
  io: CommandIo,
  { verbose, mask }: { verbose: boolean; mask: (text: string) => string },
): ExitCode {
  const known = asFusegateError(error);
  const stack = error instanceof Error && verbose ? `\n${error.stack ?? ''}` : '';
  // Masked twice, like the guarded host: removed characters may have split a secret. The text may come from the service.
  io.stderr.write(
    `${mask(plainBlock(mask(`error: ${known.message} [${known.code}]\n${respelled(known.hint, CLI)}${stack}`)))}\n`,
  );
  return known.exitCode;
}
