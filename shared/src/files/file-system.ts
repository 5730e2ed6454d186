/** File operations that cope with CI machines: scanners that hold files open, full disks. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Clock, sleep } from '../model/clock.ts';
import { FusegateError } from '../model/errors.ts';

/** Virus scanners and indexers hold a new file open for a moment. On Windows a rename then fails with one of these codes. */
const HELD = new Set(['EBUSY', 'EPERM', 'EACCES']);
const RENAME_DELAYS_MS = [50, 100, 200, 400, 800, 1600, 3200];

/**
 * Renames, waiting up to six seconds in all while something else holds the file.
 * @throws the error of the last attempt
 */
export async function renamePatiently(from: string, to: string, clock: Clock, move = rename): Promise<void> {
  for (const delay of RENAME_DELAYS_MS) {
    try {
      await move(from, to);
      return;
    } catch (error) {
      if (!HELD.has(codeOf(error) ?? '')) throw error;
      await sleep(clock, delay);
    }
  }
  await move(from, to);
}

/**
 * Writes a file that is whole at any moment, and makes its folder.
 * @throws the error of the file system; nothing is left beside the file then
 */
export async function replaceFile(file: string, text: string, clock: Clock): Promise<void> {
  const temporary = path.join(path.dirname(file), `.fusegate-${randomUUID()}.part`);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(temporary, text, { flag: 'wx' });
    await renamePatiently(temporary, file, clock);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** Whether the error says that there is no such file. */
export function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');
}

/** The typed error for a file that cannot be written. */
export function unwritable(what: string, cause: unknown): FusegateError {
  const code = codeOf(cause);
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new FusegateError('output.unwritable', `${what}${code === undefined ? '' : ` (${code})`}.`, {
    hint: full
      ? 'The disk is full: free some space on this machine and run again.'
      : 'Check that this user can write to output-dir, or choose another one.',
    cause,
  });
}

export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
