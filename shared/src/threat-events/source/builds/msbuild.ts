/** MSBuild: which project compiles a C# file, and for which platform. */
import path from 'node:path';
import { type BuildFiles, below, foldersOf, type LeftOut } from './build-files.ts';
import { compiles, type Project, projectIn } from './msbuild-project.ts';

export async function msbuildBuilds({ paths, read, platform }: BuildFiles): Promise<LeftOut> {
  const known = new Set(paths);
  const read1 = async (file: string | undefined) => (file === undefined ? undefined : projectIn(read(file)));
  /** MSBuild takes the nearest one, and no other. */
  const nearest = (file: string, name: string) =>
    foldersOf(file)
      .map((folder) => path.posix.join(folder, name))
      .find((one) => known.has(one));
  const projects = new Map<string, Array<{ file: string; parts: Project[] }>>();
  for (const file of paths.filter((one) => one.endsWith('.csproj'))) {
    const own = await read1(file);
    if (own === undefined) continue;
    const before = await read1(nearest(file, 'Directory.Build.props'));
    const after = await read1(nearest(file, 'Directory.Build.targets'));
    const folder = path.posix.dirname(file);
    const parts = [before, own, after].filter((one) => one !== undefined);
    projects.set(folder, [...(projects.get(folder) ?? []), { file, parts }]);
  }
  return (file) => {
    if (!file.endsWith('.cs')) return undefined;
    const folder = foldersOf(file).find((one) => projects.has(one));
    const around = (folder !== undefined && projects.get(folder)) || [];
    const [first] = around;
    if (folder === undefined || first === undefined) return undefined;
    // A project elsewhere can name the file: a shared one, or one that links it.
    const isNamed = [...projects].some(([where, all]) => {
      const from = path.posix.relative(where, file);
      return all.some(
        ({ parts }) => where !== folder && from.startsWith('..') && compiles(parts, from, platform) === 'named',
      );
    });
    const name = below(folder, file);
    const how = around.map(({ parts }) => compiles(parts, name, platform));
    if (isNamed || how.some((one) => one !== 'not' && one !== 'other-platform')) return undefined;
    return how.includes('other-platform')
      ? `${first.file} has it for another platform`
      : `${first.file} does not compile it`;
  };
}
