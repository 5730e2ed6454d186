/** File values as Bitrise writes them: `file://` URLs, lists separated by `|`, keystores and certificates uploaded to its Code Signing page. */
import { fileURLToPath } from 'node:url';
import { percentDecoded } from '@fusegate/shared/api/origin';

/** `file://./relative` is customary in steps and no valid URL. @returns the path of a `file://` URL; anything else as it is */
export function withoutFileScheme(text: string): string {
  const value = text.trim();
  if (!/^file:\/\//i.test(value)) return text;
  try {
    return fileURLToPath(value);
  } catch {
    return value.slice('file://'.length);
  }
}

/** @returns the items of a list separated by `|`; empty ones stay, so that parallel lists keep their order */
export function pipeItems(text: string | undefined): string[] {
  return text === undefined || text.trim() === '' ? [] : text.split('|').map((item) => item.trim());
}

/** The last part of a path or URL, decoded, for comparing with a file's name. */
export function fileNameOf(location: string): string {
  const path = location.split(/[?#]/)[0] ?? '';
  return percentDecoded(path.split('/').at(-1) ?? '');
}

/** How the official iOS step compares names (its step.sh): a blank counts as `_`. */
function sameName(a: string, b: string): boolean {
  return a.replaceAll(' ', '_') === b.replaceAll(' ', '_');
}

/** The positions of the matching entries in a list of the Code Signing page: by URL, or else by file name. */
export function placesOf(asked: string, urls: readonly string[], nameOf = fileNameOf): number[] {
  const places = (wanted: (url: string) => boolean) =>
    urls.flatMap((url, at) => (url !== '' && wanted(url) ? [at] : []));
  const [exact] = places((url) => url === asked);
  return exact === undefined ? places((url) => sameName(nameOf(url), asked)) : [exact];
}

/**
 * The passphrase beside a certificate. Bitrise's own certificate step drops empty URLs, keeps empty passphrases, and refuses lists of
 * different lengths (steps-certificate-and-profile-installer).
 * @returns undefined where the lists do not belong together, so that none is taken for another
 */
export function passphraseBeside(at: number, urls: readonly string[], list: string): string | undefined {
  if (list.trim() === '') return '';
  const passphrases = list.split('|');
  if (passphrases.length === urls.length) return passphrases[at];
  const filled = (some: readonly string[]) => some.filter((url) => url !== '').length;
  return passphrases.length === filled(urls) ? passphrases[filled(urls.slice(0, at))] : undefined;
}

/** The official step names profiles without their extension (its step.yml). */
export function profileNameOf(url: string): string {
  return fileNameOf(url).replace(/\.[^.]*$/, '');
}

/**
 * The other variables of a keystore on Bitrise, from the name of its URL variable: `BITRISEIO_ANDROID_KEYSTORE_URL`,
 * `BITRISEIO_ANDROID_KEYSTORE_1_URL`, `BITRISEIO_ANDROID_KEYSTORE_URL_1` or one with a custom id.
 * @param urlVariable has the word URL in it
 */
export function keystoreVariables(urlVariable: string): Record<'url' | 'password' | 'alias' | 'keyPassword', string> {
  const words = urlVariable.split('_');
  const at = words.lastIndexOf('URL');
  const sibling = (word: string) => words.with(at, word).join('_');
  return {
    url: urlVariable,
    password: sibling('PASSWORD'),
    alias: sibling('ALIAS'),
    keyPassword: sibling('PRIVATE_KEY_PASSWORD'),
  };
}

/** Where Bitrise puts the first keystore; the numbered ones are what it makes of further ones (appdome-api.md §10.2, devcenter). */
export const KEYSTORE_URL_VARIABLES = [
  'BITRISEIO_ANDROID_KEYSTORE_URL',
  'BITRISEIO_ANDROID_KEYSTORE_1_URL',
  'BITRISEIO_ANDROID_KEYSTORE_URL_1',
] as const;
