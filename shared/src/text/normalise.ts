import { remembered } from './remembered.ts';

/** Trademark signs and quotation marks, escaped because a bundle may have to be plain ASCII. No reader takes them for part of a name. */
export const SIGNS = /[\u2122\u00ae\u00a9'"\u2018\u2019\u201c\u201d]/gu;

/** Nothing to change; certain for ASCII only. */
const NORMAL = /^[a-z0-9]+(?:_[a-z0-9]+)*$/;

/**
 * One spelling for names that differ only in case, trademark signs, hyphens, underscores and blanks (appdome-api.md §7.1).
 *
 * Letters outside ASCII are kept: names that differ only in such a letter stay different, and a look-alike from another script never
 * becomes the letter that it looks like.
 */
export function normaliseName(name: string): string {
  // What most names are that code compares.
  return NORMAL.test(name) ? name : normalised(name);
}

const normalised = remembered((name) =>
  name
    .replace(SIGNS, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, ''),
);

/** The same without any separator: `RateLimit Connections`, `Rate-Limit Connections` and `rate_limit_connections` are one. */
export function compactName(name: string): string {
  return withoutSeparators(normaliseName(name));
}

export function withoutSeparators(normal: string): string {
  return normal.replaceAll('_', '');
}
