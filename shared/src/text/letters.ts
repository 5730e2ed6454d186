/**
 * Reduces text to the letters that a reader sees, so that no spelling can hide a name in it. For finding mentions of a name, never for
 * proof.
 */
import { SIGNS, withoutSeparators } from './normalise.ts';
import { remembered } from './remembered.ts';

/** Accents and invisible characters: zero-width characters, soft hyphens, direction marks. */
const UNSEEN = /[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** @returns only letters and digits, in lower case and without accents; each is one unit of the text */
export function lettersOf(text: string): string {
  // Names as `normaliseName` leaves them: every rule asks for the letters of its own.
  return /^[a-z0-9_]*$/.test(text) ? withoutSeparators(text) : reduced(text);
}

const reduced = remembered((text) =>
  text
    // Before the normalisation, which would turn some of them into letters.
    .replace(SIGNS, '')
    .normalize('NFKD')
    .replace(UNSEEN, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd'),
);

/** @returns the words of a text, split at blanks, signs and capitals (`isRootDetection`), each reduced to its letters */
export function wordsOf(text: string): string[] {
  return text
    .replace(UNSEEN, '')
    .replace(/([\p{Ll}\p{N}])(?=\p{Lu})/gu, '$1 ')
    .split(/[^\p{L}\p{N}]+/u)
    .map(lettersOf)
    .filter((word) => word !== '');
}

/**
 * Finds the letters of a name in those of a text. A letter from another script, or a digit, matches any letter that it looks like, as long
 * as half of the name matches exactly.
 *
 * @param text letters of a text, and signs that no name contains
 * @param name letters of a name
 * @returns the index of each first letter
 */
export function matchIndices(name: string, text: string): number[] {
  const places: number[] = [];
  if (/^[a-z]*$/u.test(text)) {
    for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) places.push(at);
    return places;
  }
  for (let at = 0; at + name.length <= text.length; at += 1) if (readsAs(name, text, at)) places.push(at);
  return places;
}

function readsAs(name: string, text: string, at: number): boolean {
  let same = 0;
  for (let index = 0; index < name.length; index += 1) {
    const one = name.charCodeAt(index);
    const other = text.charCodeAt(at + index);
    if (one === other) same += 1;
    else if (other < 0x80 && !(isDigit(other) && !isDigit(one))) return false;
  }
  return same * 2 >= name.length;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
