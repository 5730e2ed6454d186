/** Problems of the input are collected, never thrown one by one: a user mends them all in one go. */
import { FusegateError, type UsageProblem, usageError } from '../errors.ts';

export type ProblemCode = 'usage.invalid' | 'usage.not-available' | 'secret.unavailable';

export interface InputProblem extends UsageProblem {
  code: ProblemCode;
}

export function problem(
  option: string,
  message: string,
  more: { value?: string; allowed?: string } = {},
): InputProblem {
  return { code: 'usage.invalid', option, message, ...more };
}

export function notAvailable(
  option: string,
  what: string,
  more: { value?: string; allowed?: string } = {},
): InputProblem {
  return { code: 'usage.not-available', option, message: `${what} is not available in this version yet`, ...more };
}

/**
 * All problems as one error. Its code is the particular one only where every problem is of that kind; a mixture is `usage.invalid`.
 */
export function problemsError(problems: readonly InputProblem[]): FusegateError {
  const bare: UsageProblem[] = problems.map(({ code: _, ...rest }) => rest);
  const [first] = problems;
  const code = first && problems.every((each) => each.code === first.code) ? first.code : 'usage.invalid';
  if (code === 'usage.invalid') return usageError(bare);
  return new FusegateError(
    code,
    code === 'secret.unavailable'
      ? 'A secret is empty. Nothing was sent.'
      : 'An option is used that this version does not have yet. Nothing was sent.',
    {
      hint:
        code === 'secret.unavailable'
          ? 'Give the secret to this job, or do not run this job for forks and Dependabot.'
          : 'Leave the option out, or use a version that has it.',
      problems: bare,
    },
  );
}

const SHOWN = 120;

/** A value as a message may show it: one line, not endless, no credentials of a URL. */
export function shownValue(text: string): string {
  const line = text
    .replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/gi, '$1***@')
    .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
