/** Two apps of one file name have the same default folder. The second one gets a folder of its own, instead of the place of the first. */
import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isLocked } from '../files/folder-lock.ts';
import { RESULT_FILE } from '../files/output-paths.ts';

interface Place {
  cwd: string;
  /** The page of the CI run; undefined on a developer's machine, and where the system does not say. */
  runUrl: string | undefined;
  inCi: boolean;
}

/**
 * Whether the folder has the outcome of another app that is still there, and that a run must not replace: the other run is still going, it
 * belongs to the same CI run, or this is not a CI job. The outcome of an earlier CI run is always replaced, even another app's: a deploy
 * step must not find yesterday's.
 */
export async function isOfAnotherApp(folder: string, app: string, { cwd, runUrl, inCi }: Place): Promise<boolean> {
  const result = await readResult(path.join(folder, RESULT_FILE));
  if (result === undefined) return false;
  const [its, ours] = await Promise.all(
    [result.app, app].map((each) => realpath(path.resolve(cwd, each)).catch(() => '')),
  );
  // Not there any more, or the same file: a workspace that has moved is no other app.
  if (its === '' || its === ours) return false;
  return !inCi || (runUrl !== undefined && result.runUrl === runUrl) || isLocked(folder);
}

/** What tells the folder of an app from that of another one with the same name: the same in every run of this workspace. */
export function apartBy(app: string, cwd: string): string {
  const way = path.relative(cwd, path.resolve(cwd, app)).split(path.sep).join('/');
  return createHash('sha256').update(way).digest('hex').slice(0, 8);
}

async function readResult(file: string): Promise<{ app: string; runUrl: unknown } | undefined> {
  try {
    const { tool, app, ci } = JSON.parse(await readFile(file, 'utf8'));
    if (tool?.name !== 'fusegate' || typeof app?.path !== 'string') return undefined;
    return { app: app.path, runUrl: ci?.runUrl };
  } catch {
    return undefined;
  }
}
