/** Gradle: a module that no `settings.gradle` includes is in no app. */
import path from 'node:path';
import { type BuildFiles, foldersOf, type LeftOut } from './build-files.ts';
import { LARGEST, MODULE, SOURCES, textsIn } from './gradle-text.ts';

const SETTINGS = ['settings.gradle', 'settings.gradle.kts'];
/** Where a module has its sources unless its build file says otherwise. */
const SOURCE_SET = /^(.+?)\/src\/[^/]+\/(?:java|kotlin)\//u;

export function gradleBuilds({ paths, read }: BuildFiles): LeftOut {
  const known = new Set(paths);
  const fileIn = (folder: string, names: readonly string[]) =>
    names.map((name) => path.posix.join(folder, name)).find((file) => known.has(file));
  const included = new Map<string, Set<string> | undefined>();
  const modulesOf = (settings: string) => {
    if (!included.has(settings)) {
      const text = read(settings);
      included.set(
        settings,
        text === undefined || text.length > LARGEST ? undefined : foldersIn(path.posix.dirname(settings), text),
      );
    }
    return included.get(settings);
  };
  let mentioned: Set<string> | undefined;
  /** Every part of a path in the build files of modules. */
  const isMentioned = (name: string) => {
    mentioned ??= new Set(
      paths
        .filter((one) => MODULE.includes(path.posix.basename(one)))
        .flatMap((one) => textsIn((read(one) ?? '').slice(0, LARGEST)).flatMap((text) => text.split('/'))),
    );
    return mentioned.has(name);
  };
  /** The folder around a source set, if it is not the module itself and no build file names it. */
  const withoutBuildFile = (file: string, built: string | undefined) => {
    const [, folder] = SOURCE_SET.exec(file) ?? [];
    if (folder === undefined || (built !== undefined && built !== '.' && !folder.startsWith(`${built}/`)))
      return undefined;
    return isMentioned(path.posix.basename(folder)) ? undefined : folder;
  };
  return (file) => {
    if (!SOURCES.test(file)) return undefined;
    const folders = foldersOf(file);
    const built = folders.find((folder) => fileIn(folder, MODULE));
    const module = withoutBuildFile(file, built) ?? built;
    if (module === undefined) return undefined;
    const settings = folders
      .slice(folders.indexOf(module))
      .map((folder) => fileIn(folder, SETTINGS))
      .find((one) => one !== undefined);
    if (settings === undefined || path.posix.dirname(settings) === module) return undefined;
    const modules = modulesOf(settings);
    return modules === undefined || modules.has(module) ? undefined : `${settings} does not include its module`;
  };
}

/** Every folder that a text of the settings can mean: `:core:ui` and `../core/ui`. */
function foldersIn(base: string, text: string): Set<string> {
  return new Set(textsIn(text).map((one) => path.posix.join(base, one.replaceAll(':', '/')).replace(/\/$/u, '')));
}
