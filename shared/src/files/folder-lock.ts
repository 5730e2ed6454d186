/** One run at a time in an output folder: two of them would remove and overwrite each other's apps, after both were paid for. */
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { lstat, mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Clock, sleep } from '../model/clock.ts';
import { FusegateError } from '../model/errors.ts';
import { codeOf } from './file-system.ts';
import { LOCK_FILE } from './output-paths.ts';
import { isGone, type ProcessOwner, thisProcess } from './process-owner.ts';

interface Lock extends ProcessOwner {
  /** ISO 8601, UTC. */
  since: string;
  /** No two locks are the same. */
  id: string;
}

/** Real time: it shows to other machines that this process is alive. */
const SIGN_OF_LIFE_MS = 10_000;
/** How long a lock of another machine is watched for a sign of life. No clocks are compared: those of two machines differ. */
const WATCHED_MS = 40_000;
const LOOK_AGAIN_MS = 5_000;

export interface LockedFolder {
  /** Absolute. */
  dir: string;
  clock: Clock;
  log(text: string): void;
  /** Ends the watching. */
  signal?: AbortSignal;
}

/**
 * Locks the folder, taking over the lock of a process that is gone.
 * @returns what unlocks it. Where the folder cannot be written nothing is locked: whoever prepares it says why
 * @throws FusegateError output.in-use, which names the holder; output.unwritable where a link or a folder is in the way; the signal's reason
 */
export async function lockFolder({ dir, clock, log, signal }: LockedFolder): Promise<() => Promise<void>> {
  const file = path.join(dir, LOCK_FILE);
  const lock: Lock = { ...thisProcess(), since: new Date(clock.now()).toISOString(), id: randomUUID() };
  const text = `${JSON.stringify(lock)}\n`;
  try {
    await mkdir(dir, { recursive: true });
    while (!(await create(file, text))) await takeOver(file, { clock, log, ...(signal && { signal }) });
  } catch (error) {
    if (error instanceof FusegateError || signal?.aborted) throw error;
    return async () => {};
  }
  return held(file, text);
}

/** Whether a process that is alive on this machine has locked the folder. */
export async function isLocked(dir: string): Promise<boolean> {
  const lock = parseLock(await readFile(path.join(dir, LOCK_FILE), 'utf8').catch(() => ''));
  return lock !== undefined && isGone(lock) === false;
}

async function create(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    await rm(file, { force: true }).catch(() => {});
    throw error;
  }
}

/** Keeps showing signs of life; the exit handler is for a process that is ended at once. */
function held(file: string, text: string): () => Promise<void> {
  const beat = setInterval(() => {
    const now = new Date();
    void utimes(file, now, now).catch(() => {});
  }, SIGN_OF_LIFE_MS);
  beat.unref();
  const atExit = () => {
    try {
      if (readFileSync(file, 'utf8') === text) rmSync(file, { force: true });
    } catch {
      // It is gone already.
    }
  };
  process.once('exit', atExit);
  return async () => {
    clearInterval(beat);
    process.removeListener('exit', atExit);
    atExit();
  };
}

/** Returns once the lock is out of the way. @throws FusegateError output.in-use */
async function takeOver(file: string, around: Omit<LockedFolder, 'dir'>): Promise<void> {
  const info = await lstat(file).catch(() => undefined);
  if (info === undefined) return;
  if (!info.isFile()) throw inTheWay(file, info.isSymbolicLink() ? 'link' : 'folder');
  const text = await readFile(file, 'utf8').catch(() => '');
  const lock = parseLock(text);
  const gone = lock === undefined ? undefined : isGone(lock);
  if (gone === false || (gone === undefined && (await showsLife(file, around, watching(file, lock))))) {
    throw inUse(file, lock);
  }
  await inTurn(`${file}-takeover`, around, async () => {
    // Whoever had its turn before may have taken it over.
    if ((await readFile(file, 'utf8').catch(() => '')) === text) await rm(file, { force: true });
  });
}

/** Of several runs that take over a lock at once, one would otherwise remove the new lock of another. */
async function inTurn(marker: string, around: Omit<LockedFolder, 'dir'>, body: () => Promise<void>): Promise<void> {
  const owner: Lock = { ...thisProcess(), since: new Date(around.clock.now()).toISOString(), id: randomUUID() };
  if (await create(marker, JSON.stringify(owner))) {
    try {
      await body();
    } finally {
      await rm(marker, { force: true });
    }
    return;
  }
  const text = await readFile(marker, 'utf8').catch(() => undefined);
  // A turn takes no time: it is over.
  if (text === undefined) return;
  const other = parseLock(text);
  const gone = other && isGone(other);
  if (gone === false || (gone === undefined && (await showsLife(marker, around, watching(marker, other))))) return;
  if ((await readFile(marker, 'utf8').catch(() => undefined)) === text) await rm(marker, { force: true });
}

async function showsLife(
  file: string,
  { clock, log, signal }: Omit<LockedFolder, 'dir'>,
  notice: string,
): Promise<boolean> {
  const touched = async () => (await stat(file).catch(() => undefined))?.mtimeMs;
  const before = await touched();
  log(notice);
  for (let waited = 0; waited < WATCHED_MS; waited += LOOK_AGAIN_MS) {
    await sleep(clock, LOOK_AGAIN_MS, signal);
    if ((await touched()) !== before) return (await touched()) !== undefined;
  }
  return false;
}

function parseLock(text: string): Lock | undefined {
  try {
    const { pid, host, start, since, id } = JSON.parse(text);
    const texts = [host, start, since, id].every((each) => typeof each === 'string' && /^[\w.:-]{0,100}$/.test(each));
    return Number.isSafeInteger(pid) && pid > 0 && texts ? { pid, host, start, since, id } : undefined;
  } catch {
    return undefined;
  }
}

function holderOf(lock: Lock | undefined): string {
  return lock === undefined ? 'an unknown process' : `process ${lock.pid} on ${lock.host}, since ${lock.since}`;
}

function watching(file: string, lock: Lock | undefined): string {
  const seconds = WATCHED_MS / 1000;
  return `The output folder is locked by ${holderOf(lock)} (${file}). Watching for ${seconds} s whether that run is still alive.`;
}

function inUse(file: string, lock: Lock | undefined): FusegateError {
  const dir = path.dirname(file);
  return new FusegateError('output.in-use', `Another run works in ${dir}: ${holderOf(lock)}. Nothing was sent.`, {
    hint: `Wait for it to end, or give this run an output-dir of its own. If that process is certainly gone, delete ${file}.`,
  });
}

function inTheWay(file: string, what: string): FusegateError {
  const message = `The output folder cannot be locked: ${file} is a ${what}, and the lock of the run belongs there.`;
  return new FusegateError('output.unwritable', message, {
    hint: 'Find out who put it there, remove it by hand and run again, or choose another output-dir.',
  });
}
