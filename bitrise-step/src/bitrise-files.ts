/** File values as Bitrise writes them: `file://` URLs, lists parted by `|`, keystores and certificates uploaded to its Code Signing page. */
import { fileURLToPath } from 'node:url';

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

/** @returns the items of a list parted by `|`, in their places: an empty one stays, so that lists side by side keep their order */
export function pipeItems(text: string | undefined): string[] {
  return text === undefined || text.trim() === '' ? [] : text.split('|').map((item) => item.trim());
}

/** The last part of a path or URL, decoded, for comparing with a file's name. */
export function fileNameOf(location: string): string {
  const path = location.split(/[?#]/)[0] ?? '';
  const name = path.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
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
