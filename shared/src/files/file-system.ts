/** File operations for the conditions of CI machines: scanners that hold files, full disks. */
import { rename } from 'node:fs/promises';
import { type Clock, sleep } from '../model/clock.ts';
import { FusegateError } from '../model/errors.ts';

/** Virus scanners and indexers hold a new file for a moment; on Windows a rename then fails with one of these. */
const HELD = new Set(['EBUSY', 'EPERM', 'EACCES']);
const RENAME_DELAYS_MS = [50, 100, 200, 400, 800, 1600, 3200];

/**
 * Renames, and waits up to six seconds in all for a file that something holds.
 * @throws the error of the last try
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

/** The typed error of a file that cannot be written. */
export function unwritable(what: string, cause: unknown): FusegateError {
  const code = codeOf(cause);
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new FusegateError('output.unwritable', `${what}${code === undefined ? '' : ` (${code})`}.`, {
    hint: full
      ? 'The disk is full: free some space on this machine and run again.'
      : 'Check that output-dir can be written by this user, or choose another one.',
    cause,
  });
}

export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
