/**
 * What the value of a `file` option can be: a path, an https URL, or the file's content in base64. Pure; whether a path exists is for
 * inspect-files.ts to say, and only a text that names no file is taken for base64.
 */
import { isAllowedTarget } from '../api/origin.ts';
import { safeFileName } from '../files/file-names.ts';

/** Shorter than any keystore, profile or image; a longer text is not the name of a file by chance. */
const SHORTEST_BASE64 = 64;

export function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

export interface FileUrl {
  url: URL;
  /** Without the query, which may be a credential (a presigned address). */
  shown: string;
  /** The last segment of its path, fit to be a file name; empty where it has none. */
  fileName: string;
}

/** @returns the address, or what is wrong with it in words that fit after the option's name */
export function parseFileUrl(text: string): FileUrl | { wrong: string } {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { wrong: 'is not a URL' };
  }
  if (url.username || url.password) return { wrong: 'is a URL with credentials in it' };
  if (!isAllowedTarget(url)) return { wrong: 'is a URL that is not https' };
  url.hash = '';
  return { url, shown: `${url.origin}${url.pathname}`, fileName: safeFileName(decoded(url.pathname), '') };
}

/** The name that `parseFileUrl` would find, also of an address that it refuses. */
export function fileNameOfUrl(text: string): string {
  return URL.canParse(text) ? safeFileName(decoded(new URL(text).pathname), '') : '';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @returns the content, or undefined for a text that is not base64 (either alphabet, padded or not, in one line or several) */
export function decodeBase64(text: string): Buffer | undefined {
  const compact = text.replaceAll(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  if (compact.length < SHORTEST_BASE64 || !/^[A-Za-z0-9+/]+$/.test(compact) || compact.length % 4 === 1)
    return undefined;
  return Buffer.from(compact, 'base64');
}

/** Base64 as tools wrap it: lines of one length and a shorter last one. Such a text is one item of a list, not several. */
export function isWrappedBase64(text: string): boolean {
  const lines = text.trim().split(/\r?\n/);
  const first = lines[0]?.trim().length ?? 0;
  return (
    lines.length > 1 &&
    first >= 60 &&
    lines.every((line, index) =>
      index < lines.length - 1 ? line.trim().length === first : line.trim().length <= first,
    ) &&
    decodeBase64(text) !== undefined
  );
}
