/** What one project file of MSBuild says about the files that it compiles. */
import type { Platform } from '../../../model/run-request.ts';
import { type Glob, globOf } from './globs.ts';

/** In characters. */
const LARGEST = 1024 * 1024;

export interface Project {
  isSdk: boolean;
  /** Whether every file below it is compiled unless it is removed. Undefined = it does not say. */
  takesAll: boolean | undefined;
  /** In the order of the file. A condition can make them void. */
  items: Array<{ removes: boolean; conditional: boolean; globs: Glob[] }>;
  /** `net8.0-android`; undefined where a property decides. */
  frameworks: Array<string | undefined>;
}

/**
 * How a project, with what it imports by itself, compiles a file: because an item names it, with all others, or because nothing tells which
 * files it takes.
 */
export function compiles(
  parts: readonly Project[],
  name: string,
  platform: Platform | undefined,
): 'named' | 'with-all' | 'unknown' | 'not' | 'other-platform' {
  const isSdk = parts.some((one) => one.isSdk);
  const takesAll = parts.map((one) => one.takesAll).findLast((one) => one !== undefined);
  const items = parts.flatMap((one) => one.items);
  if (!isForApp(parts, platform)) return 'other-platform';
  let how: 'named' | 'with-all' | 'not' = isSdk && takesAll !== false ? 'with-all' : 'not';
  for (const { removes, conditional, globs } of items) {
    if (removes && conditional) continue;
    if (globs.some((one) => one.test(name))) how = removes ? 'not' : 'named';
  }
  if (how === 'with-all' && isOfOtherPlatform(name, platform)) return 'other-platform';
  // A shared project, or one that brings its files in another way.
  return how === 'not' && !isSdk && takesAll === undefined && items.length === 0 ? 'unknown' : how;
}

/** MAUI keeps what is for one platform in `Platforms/Android`, `Platforms/iOS`, and so on. */
function isOfOtherPlatform(name: string, platform: Platform | undefined): boolean {
  const [, folder] = /^Platforms\/([^/]+)\//iu.exec(name) ?? [];
  return folder !== undefined && !isOf(folder.toLowerCase(), platform);
}

const isOf = (name: string, platform: Platform | undefined) =>
  platform === undefined ? name === 'android' || name === 'ios' : name === platform;

function isForApp(parts: readonly Project[], platform: Platform | undefined): boolean {
  const frameworks = parts.flatMap((one) => one.frameworks);
  if (frameworks.length === 0) return true;
  return frameworks.some((one) => {
    const [, kind] = /^net\d+(?:\.\d+)*-([a-z]+)/iu.exec(one ?? '') ?? [];
    return kind === undefined || isOf(kind.toLowerCase(), platform);
  });
}

/** @returns undefined if it is no XML */
export async function projectIn(text: string | undefined): Promise<Project | undefined> {
  if (text === undefined || text.length > LARGEST) return undefined;
  const { SaxesParser } = await import('saxes');
  const project: Project = { isSdk: false, takesAll: undefined, items: [], frameworks: [] };
  const conditions: boolean[] = [];
  let property: string | undefined;
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const attribute = (wanted: string) => (attributes as Record<string, string>)[wanted];
    conditions.push((conditions.at(-1) ?? false) || attribute('Condition') !== undefined);
    property = name;
    if (name === 'Sdk' || (['Project', 'Import'].includes(name) && attribute('Sdk') !== undefined))
      project.isSdk = true;
    if (name !== 'Compile') return;
    for (const [kind, removes] of [
      ['Include', false],
      ['Remove', true],
    ] as const) {
      const globs = attribute(kind)?.split(';').flatMap(globsIn);
      if (globs) project.items.push({ removes, conditional: conditions.at(-1) === true, globs });
    }
  });
  parser.on('closetag', () => {
    conditions.pop();
    property = undefined;
  });
  parser.on('text', (content) => {
    const value = content.trim().toLowerCase();
    if (property === 'EnableDefaultCompileItems' || property === 'EnableDefaultItems')
      // Whether a condition holds is not known; that it does not would add files.
      project.takesAll = value !== 'false' && (conditions.at(-1) !== true || project.takesAll !== false);
    if (property === 'TargetFramework' || property === 'TargetFrameworks')
      for (const one of value.split(';').map((each) => each.trim()))
        if (one !== '' && one !== '$(targetframeworks)') project.frameworks.push(one.includes('$') ? undefined : one);
  });
  try {
    parser.on('error', (error) => {
      throw error;
    });
    parser.write(text.replace(/^\uFEFF/u, '')).close();
  } catch {
    return undefined;
  }
  return project;
}

/** `Old\**\*.cs`; nothing for one with a property in it. */
function globsIn(glob: string): Glob[] {
  const text = glob.trim().replaceAll('\\', '/').replace(/^\.\//u, '');
  return text === '' || /[$@%]\(/u.test(text) || text.length > 1000 ? [] : [globOf(text)];
}
