import { refusalText } from '@fusegate/shared/adapter/refusal-text';
import type { FusegateError } from '@fusegate/shared/model/errors';
import { CLI } from '@fusegate/shared/options/systems/cli';
import type { Masker } from '@fusegate/shared/secrets/masker';

/** Where to read more if a command's options are wrong. */
export function helpOf(command: string): string {
  return `Help: fusegate ${command} --help`;
}

/** Problems with the options of a command that is not a job. */
export function usageReport(error: FusegateError, masker: Masker, command: string): string {
  return `error: ${refusalText(error, masker, CLI, false).text}\n${helpOf(command)}`;
}
