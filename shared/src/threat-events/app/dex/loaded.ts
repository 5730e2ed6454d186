/** Which .dex files of an app Android loads by itself, and with the app. */

/** What a registration in a file that may never be loaded counts as. */
export interface DexGroup {
  isIn(file: string): boolean;
  /** Why it proves nothing; undefined for the code of the app. */
  detail?: string;
}

const FEATURE = 'registered in a feature module, which a device may not have';
const NOT_LOADED = 'registered in a .dex file that Android does not load';
const NUMBERED = /^((?:[^/]+\/dex\/)?)classes([2-9]|[1-9]\d+)?\.dex$/;

/** Android looks for classes.dex, classes2.dex and so on, and stops at the first that is not there. */
export function dexGroups(files: readonly string[]): DexGroup[] {
  const present = new Set(files);
  const loaded = new Set<string>();
  const features = new Set<string>();
  for (const folder of new Set(files.flatMap((file) => NUMBERED.exec(file)?.[1] ?? []))) {
    for (let number = 1; ; number++) {
      const file = `${folder}classes${number === 1 ? '' : number}.dex`;
      if (!present.has(file)) break;
      (folder === '' || folder === 'base/dex/' ? loaded : features).add(file);
    }
  }
  return [
    { isIn: (file) => loaded.has(file) },
    { isIn: (file) => features.has(file), detail: FEATURE },
    { isIn: (file) => !loaded.has(file) && !features.has(file), detail: NOT_LOADED },
  ];
}
