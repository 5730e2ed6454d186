/** MSBuild: `<Compile Remove>`, and projects that list each of their files. */
import path from 'node:path';
import { type BuildFiles, foldersOf, type LeftOut } from './build-files.ts';

/** In characters. */
const LARGEST = 1024 * 1024;

interface Project {
  /** Whether every file below it is built unless it is removed. */
  takesAll: boolean;
  /** In the order of the file. A condition can make them void. */
  items: Array<{ removes: boolean; conditional: boolean; matches: RegExp[] }>;
}

export async function msbuildBuilds({ paths, read }: BuildFiles): Promise<LeftOut> {
  const projects = new Map<string, Array<{ file: string; project: Project }>>();
  for (const file of paths.filter((one) => one.endsWith('.csproj'))) {
    const text = read(file);
    const project = text === undefined || text.length > LARGEST ? undefined : await projectIn(text);
    if (project === undefined) continue;
    const folder = path.posix.dirname(file);
    projects.set(folder, [...(projects.get(folder) ?? []), { file, project }]);
  }
  return (file) => {
    if (!file.endsWith('.cs')) return undefined;
    const folder = foldersOf(file).find((one) => projects.has(one));
    const around = (folder !== undefined && projects.get(folder)) || [];
    const [first] = around;
    if (folder === undefined || first === undefined) return undefined;
    const name = folder === '.' ? file : file.slice(folder.length + 1);
    // A project elsewhere can name the file: a shared one, or one that links it.
    const isNamed = [...projects].some(([where, all]) => {
      const from = path.posix.relative(where, file);
      return all.some(
        ({ project }) => where !== folder && from.startsWith('..') && isBuilt({ ...project, takesAll: false }, from),
      );
    });
    if (isNamed || around.some(({ project }) => isBuilt(project, name))) return undefined;
    return `${first.file} does not compile it`;
  };
}

function isBuilt({ takesAll, items }: Project, name: string): boolean {
  let built = takesAll;
  for (const { removes, conditional, matches } of items) {
    if (removes && conditional) continue;
    if (matches.some((one) => one.test(name))) built = !removes;
  }
  return built;
}

/** @returns undefined if it is no XML, or has parts that other files decide */
async function projectIn(text: string): Promise<Project | undefined> {
  const { SaxesParser } = await import('saxes');
  const project: Project = { takesAll: false, items: [] };
  const conditions: boolean[] = [];
  let property: string | undefined;
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const attribute = (wanted: string) => (attributes as Record<string, string>)[wanted];
    conditions.push((conditions.at(-1) ?? false) || attribute('Condition') !== undefined);
    property = name;
    if (name === 'Sdk' || (['Project', 'Import'].includes(name) && attribute('Sdk') !== undefined))
      project.takesAll = true;
    if (name !== 'Compile') return;
    for (const [kind, removes] of [
      ['Include', false],
      ['Update', false],
      ['Remove', true],
    ] as const) {
      const globs = attribute(kind);
      if (globs !== undefined && kind !== 'Update')
        project.items.push({
          removes,
          conditional: conditions.at(-1) === true,
          matches: globs.split(';').flatMap(patternOf),
        });
    }
  });
  parser.on('closetag', () => {
    conditions.pop();
    property = undefined;
  });
  parser.on('text', (content) => {
    const isOff = property === 'EnableDefaultCompileItems' || property === 'EnableDefaultItems';
    if (isOff && content.trim().toLowerCase() === 'false') project.takesAll = false;
  });
  try {
    parser.on('error', (error) => {
      throw error;
    });
    parser.write(text.replace(/^\uFEFF/u, '')).close();
  } catch {
    return undefined;
  }
  // A shared project, or one that brings its files in another way.
  return project.takesAll || project.items.length > 0 ? project : undefined;
}

/** `Old\**\*.cs`; nothing for one with a property in it. */
function patternOf(glob: string): RegExp[] {
  const text = glob.trim().replaceAll('\\', '/').replace(/^\.\//u, '');
  if (text === '' || /[$@%]\(/u.test(text) || text.length > 1000) return [];
  const parts = text.split('/').map((part) => {
    if (part === '**') return '(?:[^/]+/)*';
    const plain = part.replaceAll(/[.+^${}()|[\]]/gu, '\\$&');
    return `${plain.replaceAll(/\*+/gu, '[^/]*').replaceAll('?', '[^/]')}/`;
  });
  const source = parts.join('').replace(/\/$/u, '');
  return [new RegExp(`^${text.endsWith('**') ? `${source}[^/]*` : source}$`, 'iu')];
}
