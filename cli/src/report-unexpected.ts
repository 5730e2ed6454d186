import { unexpectedText } from '@fusegate/shared/adapter/refusal-text';
import { asFusegateError, type ExitCode } from '@fusegate/shared/model/errors';
import { CLI } from '@fusegate/shared/options/systems/cli';
import { plainBlock } from '@fusegate/shared/text/untrusted-text';
import type { CommandIo } from './command-io.ts';

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
  io.stderr.write(`${mask(plainBlock(mask(`error: ${unexpectedText(known, CLI)}${stack}`)))}\n`);
  return known.exitCode;
}
