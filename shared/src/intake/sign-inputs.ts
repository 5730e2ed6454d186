/** What the signing rules of both platforms look at, and what they share. Pure. */
import type { AppKind, SignMethod, SignRequest } from '../model/run-request.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import type { InputProblem } from '../options/problem.ts';
import type { OptionId } from '../options/table.ts';
import type { InspectedFiles } from './inspected-files.ts';

/** What the rules of both platforms look at. */
export interface SignInputs {
  options: ParsedOptions;
  files: InspectedFiles;
  method: SignMethod;
  /** Undefined where the job begins with an id. */
  kind: AppKind | undefined;
  withheld: string | undefined;
  /** A text that only the sign overrides set: it stands in for the option. */
  override(key: string): string | undefined;
}

/** One platform's share of a decision. */
export interface SignPart {
  part: Partial<SignRequest>;
  problems: InputProblem[];
  notices: string[];
}

/**
 * Options that this method or kind of app does not use. Written for this run, they are a problem; the official clients' variables
 * are often set for a whole organisation and are passed over with a notice.
 */
export function unused(
  options: ParsedOptions,
  ids: readonly OptionId[],
  said: { message: string; allowed: string; because: string },
): { problems: InputProblem[]; notices: string[] } {
  const problems: InputProblem[] = [];
  const notices: string[] = [];
  for (const id of ids) {
    const origin = options.origin(id);
    if (!origin) continue;
    if (origin.tier === 'official') notices.push(`${origin.spelling} is not used: ${said.because}.`);
    else problems.push(options.problemWith(id, said.message, said.allowed));
  }
  return { problems, notices };
}
