import type { FusegateError } from '@fusegate/shared/model/errors';
import { problemLine } from '@fusegate/shared/options/problem';
import type { Masker } from '@fusegate/shared/secrets/masker';
import { plainLine } from '@fusegate/shared/text/untrusted-text';

/** A value and a list of names both fit. */
const LONGEST = 1000;

/** Every problem on its line: option, value, what is wrong, what to write instead; then that nothing happened. */
export function usageReport(error: FusegateError, masker: Masker, command: string): string {
  const lines = error.problems.map((each) => `  ${masker.mask(plainLine(masker.mask(problemLine(each)), LONGEST))}`);
  const count = error.problems.length === 1 ? 'One problem' : `${error.problems.length} problems`;
  return [`error: ${count} with the options:`, ...lines, 'Nothing was sent.', `Help: fusegate ${command} --help`].join(
    '\n',
  );
}
