/**
 * Where a code is explained: its section of `docs/errors.md` (scripts/generate/errors.mjs). The page is named as a file of the repository,
 * because the address at which it is read depends on who publishes the project.
 */

export const ERRORS_PAGE = 'docs/errors.md';

/** Before the name of the page, where an error ends. */
export const ERRORS_PAGE_WORDS = 'What this means, and what to do:';

/** A code, or the family of codes before its dot. */
const CODE = /^[a-z]+(?:-[a-z]+)*(?:\.[a-z]+(?:-[a-z]+)*)?$/u;

/** `usage.invalid` is explained under the heading `Usage invalid`, whose anchor is `usage-invalid` on GitHub and on GitLab. */
export function headingOf(code: string): string {
  return `${code.charAt(0).toUpperCase()}${code.slice(1).replaceAll('.', ' ')}`;
}

/** @returns `docs/errors.md#usage-invalid`; the page alone for what does not look like a code, which a result from elsewhere may hold */
export function errorsPageOf(code: string): string {
  return CODE.test(code) ? `${ERRORS_PAGE}#${code.replace('.', '-')}` : ERRORS_PAGE;
}

/** The last line about an error. */
export function errorsPageSentence(code: string): string {
  return `${ERRORS_PAGE_WORDS} ${errorsPageOf(code)}`;
}
