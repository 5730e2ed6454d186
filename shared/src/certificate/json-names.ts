/**
 * Which JSON text is a name. Stricter than `normaliseName`, which strips signs that could negate a name: here `!root_detection`,
 * `~~root_detection~~`, and a name with a cross or an empty box before it are different texts.
 */
import { catalogue } from '../catalogue/catalogue.ts';
import { isEventName } from '../catalogue/name-index.ts';
import { normaliseName } from '../text/normalise.ts';

/** Words of letters and digits, with nothing but blanks before the first or after the last. */
const WORDS = /^ *[\p{L}\p{N}]+(?:[ _-]+[\p{L}\p{N}]+)* *$/u;

/** Case, blanks, `-` and `_` make no difference; everything else does. */
export function foldName(name: string): string {
  return name
    .replace(/^ +| +$/gu, '')
    .toLowerCase()
    .replace(/[ _-]+/gu, '_');
}

/** Whether a text consists of words alone, with no signs around them and no look-alike letters. */
export function isPlainWords(text: string): boolean {
  return text.normalize('NFKC') === text && WORDS.test(text);
}

let known: ReadonlySet<string> | undefined;

/** Whether a text is a name in the catalogue: a display name, a key, the key made of a display name's words, or a Threat-Event. */
export function isKnownName(text: string): boolean {
  known ??= new Set(
    catalogue.entries.flatMap(({ name, suggestedName, key, relatedKeys }) => {
      const displays = [name, suggestedName].filter((one) => one !== undefined);
      const keys = [key, ...relatedKeys].filter((one) => one !== undefined);
      return [...displays, ...displays.map(normaliseName), ...keys].map(foldName);
    }),
  );
  if (text.normalize('NFC') !== text) return false;
  return known.has(foldName(text)) || (isPlainWords(text) && isEventName(text));
}
