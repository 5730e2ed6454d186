/**
 * Everything temporary of a run, keystores that came as base64 or by URL above all, is in one folder that only this user may read.
 * The run removes it at its end; where the run was killed, the post step does.
 */
import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** The key under which the main step tells the post step which folder to remove. */
export const TEMPORARY_FOLDER_STATE = 'temporary-folder';

const PREFIX = 'fusegate-';
/** What Node's os.tmpdir() looks at, on every platform. */
const VARIABLES = ['TMPDIR', 'TMP', 'TEMP'];

/** Where temporary folders lie: the runner's own place, which it clears after every job, where it has one. */
export function temporaryParent(environment: NodeJS.ProcessEnv): string {
  const own = environment.RUNNER_TEMP;
  return own && existsSync(own) ? own : os.tmpdir();
}

/** Makes the folder (0700, by mkdtemp) and lets this process and its children use it for whatever is temporary. */
export function makeTemporaryFolder(parent: string, environment: NodeJS.ProcessEnv): string {
  const folder = mkdtempSync(path.join(parent, PREFIX));
  for (const variable of VARIABLES) environment[variable] = folder;
  return folder;
}

/**
 * @param parent the folder must lie directly in it: the path comes back from a file that every step of the job can write
 * @returns whether there was a folder of ours to remove
 */
export async function removeTemporaryFolder(folder: string, parent: string): Promise<boolean> {
  const resolved = path.resolve(folder);
  if (folder === '' || path.dirname(resolved) !== path.resolve(parent)) return false;
  if (!path.basename(resolved).startsWith(PREFIX)) return false;
  if (!existsSync(resolved)) return false;
  await rm(resolved, { recursive: true, force: true, maxRetries: 3 });
  return true;
}
