/** Finds out what a file is from the names in its ZIP directory: an app of some kind, or what people have in its place. */
import { APP_KINDS, type AppKind } from '../model/run-request.ts';
import { memberNames, ZipProblem } from './zip-members.ts';

const ANDROID_MANIFEST = 'AndroidManifest.xml';
const BUNDLE_CONFIG = 'BundleConfig.pb';
const BASE_MANIFEST = `base/manifest/${ANDROID_MANIFEST}`;
const INFO_PLIST = 'Payload/*.app/Info.plist';

/** Without these, installers, bundletool and Gradle refuse an app of this kind. */
const NEEDED: Readonly<Record<AppKind, readonly string[]>> = {
  apk: [ANDROID_MANIFEST],
  aab: [BUNDLE_CONFIG, BASE_MANIFEST],
  aar: [ANDROID_MANIFEST],
  ipa: [INFO_PLIST],
  zip: ['.xcframework'],
};

export interface AppContent {
  /** What it can be; more than one where its names do not decide. */
  kinds: AppKind[];
  /** What an app of this kind needs and this file does not have. */
  lacks(kind: AppKind): string[];
  /** Apps inside something that is not an app itself: an app may have others in its assets. */
  apps: string[];
  /** The folder in which the content of an app lies, instead of at the top. */
  folder: string | undefined;
}

/**
 * @returns undefined if its directory cannot be read
 * @throws the file system's errors
 */
export async function contentOfApp(file: string): Promise<AppContent | undefined> {
  const found = new Set<string>();
  const apps: string[] = [];
  let folder: string | undefined;
  try {
    for await (const raw of memberNames(file)) {
      // As some tools write them.
      const name = raw.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
      for (const [sign, pattern] of SIGNS) if (pattern.test(name)) found.add(sign);
      if (APP_INSIDE.test(name)) apps.push(name);
      folder ??= FOLDER.exec(name)?.[1];
    }
  } catch (error) {
    if (error instanceof ZipProblem) return undefined;
    throw error;
  }
  return {
    kinds: kindsOf(found),
    lacks: (kind) => NEEDED[kind].filter((each) => !found.has(each)),
    apps: found.size === 0 ? apps : [],
    folder,
  };
}

const SIGNS: ReadonlyArray<[string, RegExp]> = [
  [ANDROID_MANIFEST, /^AndroidManifest\.xml$/],
  ['of an .apk', /^(?:classes\d*\.dex|resources\.arsc)$/],
  ['of an .aar', /^(?:classes\.jar|R\.txt)$/],
  [BUNDLE_CONFIG, /^BundleConfig\.pb$/],
  [BASE_MANIFEST, /^base\/manifest\/AndroidManifest\.xml$/],
  ['Payload', /^Payload\/[^/]+\.app\//],
  [INFO_PLIST, /^Payload\/[^/]+\.app\/Info\.plist$/],
  ['.xcframework', /(?:^|\/)[^/]+\.xcframework\//],
];

const APP_INSIDE = new RegExp(
  `^(?!__MACOSX/)(?:[^/]+/)*[^/]+\\.(?:${APP_KINDS.filter((kind) => kind !== 'zip').join('|')})$`,
  'i',
);
/** A folder around what should be at the top, or the folder that `Payload` should be. */
const FOLDER =
  /^(?!__MACOSX\/)((?:[^/]+\/)+?)(?:Payload\/[^/]+\.app\/|classes\.(?:dex|jar)$|resources\.arsc$|BundleConfig\.pb$)/;

function kindsOf(found: ReadonlySet<string>): AppKind[] {
  if (found.has(BUNDLE_CONFIG) || found.has(BASE_MANIFEST)) return ['aab'];
  if (found.has(ANDROID_MANIFEST)) {
    if (found.has('of an .apk')) return ['apk'];
    return found.has('of an .aar') ? ['aar'] : ['apk', 'aar'];
  }
  if (found.has('Payload')) return ['ipa'];
  return found.has('.xcframework') ? ['zip'] : [];
}

/**
 * What a run that began from an id has downloaded: the server's file name proves nothing.
 * @returns undefined if the file is not a known kind of app, or its directory cannot be read
 * @throws the file system's errors
 */
export async function kindOfApp(file: string): Promise<AppKind | undefined> {
  return (await contentOfApp(file))?.kinds[0];
}
