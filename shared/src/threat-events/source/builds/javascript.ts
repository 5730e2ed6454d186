/**
 * Scripts that no bundle for Android or iOS has. A script whose name has a second part, such as `a.web.tsx`, `a.service.ts` and `metro.config.js`,
 * is one of another platform, a tool's, or a module of that full name. Whether something imports the full name tells.
 */
import path from 'node:path';
import { type BuildFiles, below, foldersOf, type LeftOut } from './build-files.ts';
import { importsIn, mainsIn } from './javascript-imports.ts';
import { NAMES } from './platform.ts';

const SCRIPT = /\.[cm]?[jt]sx?$/u;
/** What React Native loads for a name without a second part. */
const LOADED = new Set(['android', 'ios', 'native']);

export function javascriptBuilds(files: BuildFiles): LeftOut {
  const { paths, scripts, read, platform } = files;
  const known = new Set(scripts);
  const packages = paths.filter((one) => path.posix.basename(one) === 'package.json');
  const roots = new Set(packages.map((one) => path.posix.dirname(one)));
  const reactNative = new Map<string, boolean>();
  const isReactNative = (folder: string) => {
    if (!reactNative.has(folder))
      reactNative.set(folder, read(path.posix.join(folder, 'package.json'))?.includes('"react-native"') ?? false);
    return reactNative.get(folder) === true;
  };

  const doubt = (file: string) => {
    const part = secondPart(file);
    if (part !== undefined && !LOADED.has(part)) return `no app loads .${part} files by themselves`;
    const root = foldersOf(file).find((one) => roots.has(one));
    const isTool = root !== undefined && below(root, file).startsWith('scripts/');
    return isTool ? 'the scripts folder of a package has its tools' : undefined;
  };

  /** For sure, whatever imports it. */
  const isForOthers = (file: string) => {
    const part = secondPart(file);
    if ((part === 'android' || part === 'ios') && platform !== undefined && part !== platform)
      return `React Native loads it on ${NAMES[part]}`;
    if (part === 'android' || part === 'ios' || !foldersOf(file).some((one) => roots.has(one) && isReactNative(one)))
      return undefined;
    const ending = path.posix.extname(file);
    const name = stemOf(file).replace(/\.native$/u, '');
    const has = (one: string) => known.has(`${name}.${one}${ending}`);
    if (part === undefined && has('native')) return `React Native loads ${name}.native${ending} in its place`;
    const covered = platform === undefined ? has('android') && has('ios') : has(platform);
    return covered && (part === undefined || part === 'native')
      ? `React Native loads ${name}.${platform ?? 'android'}${ending} in its place`
      : undefined;
  };

  let imported: Set<string> | undefined;
  return (file) => {
    if (!SCRIPT.test(file)) return undefined;
    const certain = isForOthers(file);
    const why = certain ?? doubt(file);
    if (certain !== undefined || why === undefined) return certain;
    imported ??= importedOf(files, packages, (one) =>
      SCRIPT.test(one) && isForOthers(one) !== undefined ? 'never' : doubt(one) === undefined ? 'surely' : 'imported',
    );
    return imported.has(file) ? undefined : `${why}, and nothing imports it by its name`;
  };
}

/** The scripts in doubt that the others import. What no app loads imports nothing into it. */
function importedOf(
  { scripts, read }: BuildFiles,
  packages: readonly string[],
  loads: (file: string) => 'surely' | 'imported' | 'never',
): Set<string> {
  const inDoubt = new Map<string, string[]>();
  const queue: string[] = [];
  for (const script of scripts) {
    const how = SCRIPT.test(script) ? loads(script) : 'surely';
    if (how === 'surely') queue.push(script);
    if (how !== 'imported') continue;
    const name = path.posix.basename(stemOf(script));
    inDoubt.set(name, [...(inDoubt.get(name) ?? []), script]);
  }
  const found = new Set<string>();
  const take = (from: string, imports: Iterable<string>) => {
    for (const one of imports)
      for (const script of inDoubt.get(path.posix.basename(stemOf(one))) ?? []) {
        if (found.has(script) || !isMeant(from, one, script)) continue;
        found.add(script);
        queue.push(script);
      }
  };
  for (const one of packages) take(one, mainsIn(read(one) ?? ''));
  for (let script = queue.pop(); script; script = queue.pop()) take(script, importsIn(read(script) ?? ''));
  return found;
}

/** Whether an import in a file can mean this script. Where an alias leads is not known, so the end of the path has to do. */
function isMeant(from: string, imported: string, script: string): boolean {
  const stem = stemOf(script);
  if (imported.startsWith('.')) return path.posix.join(path.posix.dirname(from), stemOf(imported)) === stem;
  const end = stemOf(imported)
    .split('/')
    .slice(secondPart(script) === undefined ? -2 : -1);
  return `/${stem}`.endsWith(`/${end.join('/')}`) && (end.length > 1 || secondPart(script) !== undefined);
}

const stemOf = (file: string) => file.replace(SCRIPT, '');

/** `web` of `a.web.tsx`. */
function secondPart(file: string): string | undefined {
  const ending = path.posix.extname(stemOf(`_${path.posix.basename(file)}`));
  return ending === '' ? undefined : ending.slice(1);
}
