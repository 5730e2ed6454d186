import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LOCAL_SIGNATURE } from './rehearsal-mark.ts';
import { markedTail, readZipEnd } from './zip-end.ts';

/** Bytes composed while they are read: the beginning of a file, then a few bytes of ours. */
export interface Composed {
  size: number;
  open(): Readable;
}

const CHUNK = 1024 * 1024;

/**
 * The rehearsed protected app: the original's bytes with a mark in the ZIP comment.
 * @throws if the file is no longer a ZIP
 */
export async function protectedApp(originalPath: string, mark: string): Promise<Composed> {
  const end = await readZipEnd(originalPath);
  if (end === undefined) throw new Error('The stored app is not a ZIP.');
  const { bodySize } = end;
  const tail = markedTail(end, mark);
  return {
    size: bodySize + tail.length,
    open: () => Readable.from(bytes(originalPath, bodySize, tail), { objectMode: false, highWaterMark: CHUNK }),
  };
}

async function* bytes(path: string, bodySize: number, tail: Buffer): AsyncGenerator<Buffer> {
  yield* createReadStream(path, { end: bodySize - 1, highWaterMark: CHUNK });
  yield tail;
}

/**
 * Simulates local signing of a sealed app: writes it with the rehearsal signature that POST /validation/upload recognises. SYNTHETIC: no
 * key, no signature.
 * @throws if the sealed app is not a ZIP
 */
export async function signRehearsalApp(sealedPath: string, outputPath: string): Promise<void> {
  const signed = await protectedApp(sealedPath, LOCAL_SIGNATURE);
  await pipeline(signed.open(), createWriteStream(outputPath));
}

/** Bytes that are already in memory: scripts, ZIPs with mapping files. */
export function composedBuffer(buffer: Buffer): Composed {
  return { size: buffer.length, open: () => Readable.from([buffer], { objectMode: false }) };
}

/**
 * SHA-256 (lower-case hex) of composed bytes, one chunk in memory at a time.
 * @throws the signal's reason when it is aborted
 */
export async function sha256Of(composed: Composed, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of composed.open()) {
    signal.throwIfAborted();
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
