/**
 * What the value of a `file` option can be: a path, an https URL, or the file's content in base64. Pure; whether a path exists is for
 * inspect-files.ts to say, and only a text that names no file is taken for base64.
 */
import { isAllowedTarget, percentDecoded } from '../api/origin.ts';
import { safeFileName } from '../files/file-names.ts';

/** Shorter than any keystore, profile or image; a longer text is not the name of a file by chance. */
const SHORTEST_BASE64 = 64;

export function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

/**
 * @returns the address, or what is wrong with it in words that fit after the option's name. `shown` is without the query, which may be a
 * credential (a presigned address)
 */
export function parseFileUrl(text: string): { url: URL; shown: string; fileName: string } | { wrong: string } {
  if (!URL.canParse(text)) return { wrong: 'is not a URL' };
  const url = new URL(text);
  if (url.username || url.password) return { wrong: 'is a URL with credentials in it' };
  if (!isAllowedTarget(url)) return { wrong: 'is a URL that is not https' };
  url.hash = '';
  return { url, shown: `${url.origin}${url.pathname}`, fileName: fileNameOfUrl(text) };
}

/** The last segment of the path of an address, also of one that is refused, fit to be a file name; empty where it has none. */
export function fileNameOfUrl(text: string): string {
  return URL.canParse(text) ? safeFileName(percentDecoded(new URL(text).pathname), '') : '';
}

/** One block between armour lines, as `certutil -encode` writes around any file. */
const ARMOUR = /-----BEGIN [A-Z0-9 ]+-----([\s\S]*?)-----END [A-Z0-9 ]+-----/;
const DATA_URI = /data:[^,\s]*;base64,([\w+/=-]+)/;

/**
 * The letters alone: without armour, the head of a `data:` URI, quotes, white space (also as the two letters that JSON writes for it), and
 * marks that cannot be seen.
 */
function lettersOf(text: string): string {
  const inside = ARMOUR.exec(text)?.[1] ?? /^data:[^,\s]*;base64,([\s\S]*)$/.exec(text.trim())?.[1] ?? text;
  return inside.replaceAll(/\s|\\[rn]|\p{Cf}/gu, '').replace(/^(["'])(.*)\1$/, '$2');
}

/**
 * @returns the content, or undefined for a text that is not base64 (either alphabet, padded or not, in one line or several, in any of the
 * wrappings that tools put around it)
 * @param shortest letters; fewer than the default may as well be a name
 */
export function decodeBase64(text: string, shortest: number = SHORTEST_BASE64): Buffer | undefined {
  const compact = lettersOf(text).replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  const valid = compact.length >= shortest && /^[A-Za-z0-9+/]+$/.test(compact) && compact.length % 4 !== 1;
  return valid ? Buffer.from(compact, 'base64') : undefined;
}

/** Content in armour or in a `data:` URI may hold what separates the items of a list, so it is made bare base64 first. */
export function unwrapBase64(text: string): string {
  return [ARMOUR, DATA_URI].reduce(
    (bare, form) => bare.replaceAll(new RegExp(form, 'g'), (block) => decodeBase64(block)?.toString('base64') ?? block),
    text,
  );
}

/** The longest name of one file on any system (NAME_MAX, NTFS). */
const MAX_NAME = 255;

/** Why a text that names no file cannot have been meant as a path, in words that fit after the option's name. */
export function whyNoPath(text: string): string | undefined {
  const letters = lettersOf(text);
  if (letters.length >= 200 && /^[\w+/-]+=*$/.test(letters)) return 'is base64 that was cut or damaged';
  const oneLine = !/[\r\n]/.test(text);
  const isPath =
    oneLine && !/^data:|^<|-----BEGIN /.test(text) && text.split(/[\\/]/).every((name) => name.length <= MAX_NAME);
  return isPath ? undefined : 'is neither a path, a URL nor base64';
}

/** Base64 as tools wrap it: lines of one length and a shorter last one. Such a text is one item of a list, not several. */
export function isWrappedBase64(text: string): boolean {
  const lines = text
    .trim()
    .replace(/^(["'])([\s\S]*)\1$/, '$2')
    .trim()
    .split(/\r?\n/);
  const [first = 0, ...others] = lines.map((line) => line.trim().length);
  const last = others.pop();
  if (last === undefined || first < 60 || last > first || others.some((length) => length !== first)) return false;
  return decodeBase64(text) !== undefined;
}
