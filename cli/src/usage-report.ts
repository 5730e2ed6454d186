import { refusalText } from '@fusegate/shared/adapter/refusal-text';
import type { ExitCode, FusegateError } from '@fusegate/shared/model/errors';
import { type InputProblem, problemsError } from '@fusegate/shared/options/problem';
import { CLI } from '@fusegate/shared/options/systems/cli';
import { type Masker, maskerOf } from '@fusegate/shared/secrets/masker';
import { logOfRefusal } from './choose-log.ts';
import type { CommandIo } from './command-io.ts';
import { refusalLines } from './refusal-lines.ts';

/** Where to read more if a command's options are wrong. */
export function helpOf(command: string): string {
  return `Help: fusegate ${command} --help`;
}

/** Problems with the options of a command that is not a job. */
export function usageReport(error: FusegateError, masker: Masker, command: string): string {
  return `error: ${refusalText(error, masker, CLI, false).text}\n${helpOf(command)}`;
}

/**
 * Says on standard error what is wrong with the options of a command that knows no secrets.
 * @param out `log`: standard output is for people, so the system of the job is told there. Otherwise a file or a program may read it
 * @returns the process exit
 */
export function refuseOptions(
  problems: readonly InputProblem[],
  io: CommandIo,
  command: string,
  out: 'log' | 'data',
): ExitCode {
  const error = problemsError(problems);
  const { exitCode } = error;
  const masker = maskerOf([]);
  io.stderr.write(`${usageReport(error, masker, command)}\n`);
  if (out === 'log') {
    const { lines } = refusalText(error, masker, CLI, false);
    const refused = { title: `Fusegate: the options of ${command} are invalid`, lines };
    const log = logOfRefusal({ inputs: [] }, io.environment);
    for (const line of refusalLines(log, { exitCode, refused })) io.stdout.write(`${line}\n`);
  }
  return exitCode;
}
