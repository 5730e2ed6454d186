/** Code of the platform that is not asked about, and Flutter's code outside of `lib`. */
import path from 'node:path';
import { type BuildFiles, below, foldersOf, type LeftOut } from './build-files.ts';

const ONLY = { android: /\.(?:java|kt)$/u, ios: /\.(?:swift|mm?|h)$/u };

export function platformBuilds({ platform }: BuildFiles): LeftOut {
  const other = platform === 'android' ? 'ios' : 'android';
  return (file) =>
    platform !== undefined && ONLY[other].test(file) ? `its language is for ${NAMES[other]}` : undefined;
}

export const NAMES = { android: 'Android', ios: 'iOS' };

/** `tool/`, `scripts/` and whatever else stands beside `lib/` runs on the developer's machine. */
export function flutterBuilds({ paths }: BuildFiles): LeftOut {
  const packages = new Set(
    paths.filter((one) => path.posix.basename(one) === 'pubspec.yaml').map((one) => path.posix.dirname(one)),
  );
  return (file) => {
    if (!file.endsWith('.dart')) return undefined;
    const folder = foldersOf(file).find((one) => packages.has(one));
    if (folder === undefined || below(folder, file).startsWith('lib/')) return undefined;
    return `an app has only the lib folder of ${path.posix.join(folder, 'pubspec.yaml')}`;
  };
}
