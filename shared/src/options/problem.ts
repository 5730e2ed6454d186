/** Problems of the input are collected, never thrown one by one: a user fixes them all in one go. */
import { FusegateError, type UsageProblem, usageError } from '../model/errors.ts';
import { shortLine } from '../text/untrusted-text.ts';

export type ProblemCode = 'usage.invalid' | 'secret.unavailable';

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

/**
 * All problems as one error. Its code is the particular one only where every problem is of that kind; a mixture is `usage.invalid`.
 */
export function problemsError(problems: readonly InputProblem[]): FusegateError {
  const bare: UsageProblem[] = problems.map(({ code: _, ...rest }) => rest);
  const [first] = problems;
  const code = first && problems.every((each) => each.code === first.code) ? first.code : 'usage.invalid';
  if (code === 'usage.invalid') return usageError(bare);
  return new FusegateError(code, 'A secret is empty. Nothing was sent.', {
    hint: 'Give the secret to this job, or do not run this job for forks and Dependabot.',
    problems: bare,
  });
}

/** Of base64's letters only, and longer than a path without a dot: the content of a file, which may be a keystore. */
function isContent(text: string): boolean {
  const letters = text.replaceAll(/\s+/g, '');
  // Not one pattern from end to end: the content of a large file would exhaust the stack.
  return letters.length >= 200 && !/[^A-Za-z0-9+/_=-]/.test(letters);
}

/** JSON that stands in the option itself; a password may be in it, and where it is broken nobody can say where. */
function isInlineJson(text: string): boolean {
  return /^\s*[{[]/.test(text) && text.includes('"');
}

/** A value as a message may show it: one line, not endless, no credentials of a URL, no content of a file, no JSON. */
export function shownValue(text: string): string {
  // Not part by part: a bar may stand inside of it.
  if (text.split(' | ').some(isInlineJson)) return '(JSON)';
  const line = text
    .split('|')
    .map((part) => (isContent(part) ? ' (base64) ' : part))
    .join('|')
    // To the last @: what is wrong with the address may be a sign of its password that was not encoded.
    .replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/)\S*@/gi, '$1***@')
    .replaceAll(/(^|\s)(?![a-z]:[\\/])[^\s:/\\@]+:(?!\/\/)\S*@/gi, '$1***@')
    .replaceAll(/\b(https?:\/\/[^\s?#]+)\?[^\s#]*/gi, '$1?***');
  return shortLine(line);
}

/** What to write instead, as a sentence: the next step of an input that is wrong. */
export function correction({ option, allowed }: UsageProblem): string | undefined {
  return allowed === undefined || allowed === '' ? undefined : `Correct ${option}: ${closed(allowed)}`;
}

function closed(text: string): string {
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}

/** `--app "x.apk" does not exist -> the path of a file`: neither masked nor made harmless yet. */
export function problemLine({ option, value, message, allowed }: UsageProblem): string {
  const given = value === undefined ? '' : ` "${value}"`;
  return `${option}${given} ${message}${allowed ? ` -> ${allowed}` : ''}`;
}
