/** Checks one file. Problems are worded to fit after the option's name. */
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return `cannot be read (${code ?? 'unknown error'})`;
}

export const NOT_REGULAR = 'is not a regular file';

/** A regular, non-empty file; its size in bytes. */
export async function sizeOfFile(path: string): Promise<{ size: number } | { wrong: string }> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) return { wrong: 'is a folder, not a file' };
    if (!info.isFile()) return { wrong: NOT_REGULAR };
    return info.size === 0 ? { wrong: 'is an empty file' } : { size: info.size };
  } catch (error) {
    return { wrong: reason(error) };
  }
}

/** The local file header that every ZIP begins with: apps, SDKs and mapping files (APPNOTE.TXT 4.3.7). */
export const ZIP_MAGIC = Buffer.from('PK\x03\x04', 'latin1');

export async function firstBytes(path: string, count: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: count - 1 })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The writer of a pipe (`--api-key-file <(vault read …)`) has a minute to finish: it may have to log in first. */
const PIPE_TRIES = 1200;
const PIPE_PAUSE_MS = 50;

export interface BoundedReading {
  /** Bytes; reading stops there. */
  limit: number;
  /** The pause between two reads of a pipe; injected, so that tests take no time. */
  pause?: () => Promise<unknown>;
}

/**
 * Reads a small file, or a pipe (process substitution, `/dev/stdin`), to its end. Never waits for ever and never reads more than the limit:
 * a FIFO without a writer would block the process past every deadline, and a device may never end.
 */
export async function readBounded(
  path: string,
  { limit, pause = () => sleep(PIPE_PAUSE_MS) }: BoundedReading,
): Promise<{ bytes: Buffer } | { wrong: string }> {
  try {
    // Checked before opening, since opening a device may have side effects.
    const info = await stat(path);
    if (info.isDirectory()) return { wrong: 'is a folder, not a file' };
    if (!info.isFile() && !info.isFIFO()) return { wrong: 'is a device or a socket, not a file' };
    if (info.size > limit) return { wrong: tooLarge(limit) };
    // Without O_NONBLOCK, opening a FIFO waits for its writer. Windows has neither the flag nor FIFOs.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      return await readAll(file, { limit, pause }, info.isFIFO());
    } finally {
      await file.close();
    }
  } catch (error) {
    return { wrong: reason(error) };
  }
}

/** More than any result has. 30 MB of brackets take 1.6 GB to parse. */
export const MAX_RESULT_BYTES = 8 * 1024 * 1024;
/** More than any certificate has: real ones have some hundred kilobytes. */
export const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;
/** More than any keystore, identity, profile or list of entitlements has: real ones have some tens of kilobytes. */
export const MAX_CREDENTIAL_BYTES = 8 * 1024 * 1024;

const CHUNK_BYTES = 64 * 1024;

function tooLarge(limit: number): string {
  return `holds more than ${limit} bytes`;
}

async function readAll(
  file: FileHandle,
  { limit, pause }: Required<BoundedReading>,
  isPipe: boolean,
): Promise<{ bytes: Buffer } | { wrong: string }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (let tries = 0; tries < PIPE_TRIES; ) {
    const chunk = await readNow(file);
    if (chunk !== undefined && chunk.length > 0) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) return { wrong: tooLarge(limit) };
    } else if (!isPipe || (chunk !== undefined && size > 0)) {
      return { bytes: Buffer.concat(chunks) };
    } else {
      // The writer has sent nothing yet, or has not opened the pipe yet.
      tries += 1;
      await pause();
    }
  }
  const seconds = (PIPE_TRIES * PIPE_PAUSE_MS) / 1000;
  return { wrong: `is a pipe that ${size === 0 ? 'brought nothing' : 'did not end'} within ${seconds} s` };
}

/** @returns what can be read now; empty at the end or while no writer has it open; undefined while an open writer is silent */
async function readNow(file: FileHandle): Promise<Buffer | undefined> {
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}
