/** Which scripts of an app run: the bundle of React Native, and what a page of a Cordova or Capacitor app loads. */
import type { Zip } from '../../../files/zip-members.ts';

const BUNDLE = /^(?:(?:base\/)?assets\/[^/]+|Payload\/[^/]+\.app\/[^/]+)\.(?:bundle|jsbundle|hbc)$/;
const WEB_FOLDER = /^(?:(?:base\/)?assets\/|Payload\/[^/]+\.app\/)(?:www|public)\//;
const PAGE = /\.html?$/;
const MAX_PAGES = 50;
const MAX_PAGE_BYTES = 1024 * 1024;
const NOT_LOADED = 'registered in a script that no page of the app loads';

/** @returns why a registration in the file may never run */
export async function scriptDoubts(zip: Zip): Promise<(part: { file: string; kind: string }) => string | undefined> {
  const pages: Array<{ folder: string; text: string }> = [];
  const names = zip.members.map(({ name }) => name).filter((name) => WEB_FOLDER.test(name) && PAGE.test(name));
  for (const name of names.slice(0, MAX_PAGES)) {
    const text = await zip.read(name, MAX_PAGE_BYTES).then(String, () => '');
    pages.push({ folder: name.slice(0, name.lastIndexOf('/') + 1), text });
  }
  return ({ file, kind }) => {
    if (kind !== 'script' || BUNDLE.test(file)) return undefined;
    if (!WEB_FOLDER.test(file)) return NOT_LOADED;
    const isLoaded = pages.some(
      ({ folder, text }) => file.startsWith(folder) && text.includes(file.slice(folder.length)),
    );
    return isLoaded || pages.length === 0 ? undefined : NOT_LOADED;
  };
}
