import type { FusegateError } from '../model/errors.ts';
import { problemLine } from '../options/problem.ts';
import { respelled } from '../options/spelling.ts';
import type { System } from '../options/system.ts';
import type { Masker } from '../secrets/masker.ts';
import { errorsPageSentence } from '../text/errors-page.ts';
import { plainLine } from '../text/untrusted-text.ts';

/** A value and a list of names both fit. */
const LONGEST_PROBLEM = 1000;

/**
 * Inputs that are wrong, as people read it.
 * @param sends whether the command sends anything where its inputs are right: only then is it worth saying that it did not
 * @returns each problem on its line (option, value, what is wrong, what to write instead), and all of them below a first line, with where to read on
 */
export function refusalText(
  error: FusegateError,
  masker: Masker,
  system: System,
  sends = true,
): { lines: string[]; text: string } {
  const lines = error.problems.map((each) => masker.mask(plainLine(masker.mask(problemLine(each)), LONGEST_PROBLEM)));
  const count = lines.length === 1 ? 'One problem' : `${lines.length} problems`;
  const first = `${count} with the ${system.inputs.word}:`;
  const text = [
    first,
    ...lines.map((line) => `  ${line}`),
    sends && 'Nothing was sent.',
    errorsPageSentence(error.code),
  ];
  return { lines, text: text.filter((line) => line !== false).join('\n') };
}

/** An error that is not about the inputs: what happened, what to do next, and where to read on. */
export function unexpectedText({ message, code, hint }: FusegateError, system: System): string {
  return `${message} [${code}]\n${respelled(hint, system)}\n${errorsPageSentence(code)}`;
}
