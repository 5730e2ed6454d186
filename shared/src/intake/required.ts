import type { ParsedOptions } from '../options/parse-options.ts';
import type { InputProblem } from '../options/problem.ts';
import { officialVariables, variableOf } from '../options/spelling.ts';
import { type OptionId, optionById } from '../options/table.ts';

/** Where the value could come from, so that the message can be followed without a look at the manual. */
function sources(options: ParsedOptions, id: OptionId): string {
  const option = optionById(id);
  const [official] = officialVariables(option, options.platform);
  const variable = official ?? variableOf(id);
  const name = options.name(id);
  // Where options are flags, a secret has no flag of its own: a command line can be read by everybody.
  const input = option.type.kind === 'secret' && name.startsWith('--') ? `${name}-file FILE` : name;
  return `${input}, or the variable ${variable}`;
}

/**
 * @param why when it is required, in words that fit after "is missing:"
 * @param withheld why this run has no secrets, where that is known or likely
 * @returns nothing where the option has a value or was wrong already; `secret.unavailable` where a secret was given empty
 */
export function missing(
  options: ParsedOptions,
  id: OptionId,
  why: string,
  withheld: string | undefined,
): InputProblem[] {
  if (options.get(id) !== undefined || options.failed(id)) return [];
  const empty = options.emptySecret(id);
  if (empty !== undefined) {
    const message = `is empty: ${withheld ?? 'it was given without a value, or under another name'}`;
    return [{ code: 'secret.unavailable', option: empty, message, allowed: 'a secret that this job can read' }];
  }
  return [options.problemWith(id, `is missing: ${why}`, sources(options, id))];
}

/** The file was exported without a password, which is neither forgotten nor withheld. */
export function fileWithoutPassword(options: ParsedOptions, id: 'keystore-password' | 'p12-password'): InputProblem {
  const file = options.name(id === 'p12-password' ? 'p12' : 'keystore');
  const message = `is missing, and ${file} was exported without one: the service asks for a password`;
  const allowed = 'export the file again with a password, and give that here';
  return { ...options.problemWith(id, message, allowed), option: options.emptySecret(id) ?? options.name(id) };
}
