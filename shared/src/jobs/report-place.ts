/** Which file of the repository the reports point at. */
import { access, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { RESULT_FILE } from '../files/output-paths.ts';
import { defined } from '../model/defined.ts';
import type { FusegateResult } from '../model/result.ts';
import { inRepository, type ReportPlace } from '../report/sarif-location.ts';
import type { RunContext } from './build-result.ts';

/**
 * The first that is there: the policy, the file that defines the job, the app, the result, a file at the repository's root.
 * @param dir the output folder
 */
export async function reportPlace(
  result: Pick<FusegateResult, 'policy' | 'app'>,
  { root: cwd, jobFile }: Pick<RunContext, 'root' | 'jobFile'>,
  dir: string,
): Promise<ReportPlace> {
  const root = await repositoryOf(cwd);
  const inRoot = (file: string, from: string) => inRepository(file, { root, cwd: from });
  const candidates = [
    result.policy.path && inRoot(result.policy.path, cwd),
    // CI systems name it from the repository's folder.
    jobFile && inRoot(jobFile, root),
    result.app?.path && inRoot(result.app.path, cwd),
    inRoot(path.join(dir, RESULT_FILE), cwd),
  ];
  for (const file of candidates) {
    if (file && (await isFile(file))) return { root, cwd, file };
  }
  return { root, cwd, ...defined({ file: await firstFileOf(root) }) };
}

/** Its README, else the first by name: GitHub drops an alert whose file is not in the repository. */
async function firstFileOf(root: string): Promise<string | undefined> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const names = entries.flatMap((entry) => (entry.isFile() && entry.name !== '.git' ? [entry.name] : [])).sort();
  const name = names.find((one) => /^readme/iu.test(one)) ?? names[0];
  return name === undefined ? undefined : path.join(root, name);
}

/** The nearest folder upwards that Git keeps, else the folder itself. */
async function repositoryOf(folder: string): Promise<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    // A file in a worktree or a submodule.
    const found = await access(path.join(at, '.git')).then(
      () => true,
      () => false,
    );
    if (found) return at;
    if (path.dirname(at) === at) return folder;
  }
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}
