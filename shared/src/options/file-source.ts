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

/** @returns the content, or undefined for a text that is not base64 (either alphabet, padded or not, in one line or several) */
export function decodeBase64(text: string): Buffer | undefined {
  const compact = text.replaceAll(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  const valid = compact.length >= SHORTEST_BASE64 && /^[A-Za-z0-9+/]+$/.test(compact) && compact.length % 4 !== 1;
  return valid ? Buffer.from(compact, 'base64') : undefined;
}

/** Base64 as tools wrap it: lines of one length and a shorter last one. Such a text is one item of a list, not several. */
export function isWrappedBase64(text: string): boolean {
  const lines = text.trim().split(/\r?\n/);
  const [first = 0, ...others] = lines.map((line) => line.trim().length);
  const last = others.pop();
  if (last === undefined || first < 60 || last > first || others.some((length) => length !== first)) return false;
  return decodeBase64(text) !== undefined;
}
