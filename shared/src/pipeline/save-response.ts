/** Saves a response to disk: hashed, counted and checked in the same pass. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { ApiResponse } from '../api/call.ts';
import { AttemptFailure, failureOf } from '../api/failure.ts';
import { ZIP_MAGIC } from '../files/file-on-disk.ts';
import { unwritable } from '../files/file-system.ts';
import { CHUNK_BYTES } from '../files/hash-file.ts';
import { isCutShort } from '../files/zip-end.ts';
import { oneLine } from '../text/server-text.ts';

/** Auto-DEV signing gives a script instead of an app (appdome-api.md §3.11). */
export const SCRIPT_MAGIC = Buffer.from('#!', 'latin1');

export interface SaveOptions {
  /** Overwritten from its beginning; the caller removes it on failure. */
  temporary: string;
  /** The file must begin with one of these; empty = anything. */
  magic: readonly Buffer[];
  /** A larger file is refused; absent = any size. */
  maxBytes?: number;
  /** 0600 for what is confidential. */
  mode: number;
  onBytes(bytes: number, total: number | undefined): void;
}

export interface SavedFile {
  /** Lower-case hex. */
  sha256: string;
  /** Bytes. */
  size: number;
}

/**
 * Writes the body to a file.
 * @throws AttemptFailure `corrupt`: cut short or of the wrong type, as a gateway's page is (worth a retry), or too large (not worth one)
 * @throws FusegateError output.unwritable
 */
export async function saveResponse(response: ApiResponse, options: SaveOptions): Promise<SavedFile> {
  const declared = contentLength(response);
  const hash = createHash('sha256');
  const handle = await open(options.temporary, 'w', options.mode).catch((cause) => {
    throw unwritable('The download cannot be written', cause);
  });
  try {
    const sink = new BufferedSink(handle);
    let size = 0;
    let beginning: Buffer = Buffer.alloc(0);
    const needed = Math.max(0, ...options.magic.map((magic) => magic.length));
    if (declared !== undefined && declared > (options.maxBytes ?? declared)) throw tooLarge(response, options.maxBytes);
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      if (beginning.length < needed) {
        beginning = Buffer.concat([beginning, chunk.subarray(0, BEGINNING_BYTES)]);
        if (beginning.length >= needed) checkMagic(response, beginning, options.magic);
      }
      hash.update(chunk);
      size += chunk.length;
      if (size > (options.maxBytes ?? size)) throw tooLarge(response, options.maxBytes);
      await sink.write(chunk);
      options.onBytes(size, declared);
    }
    await sink.flush();
    if (declared !== undefined && size !== declared) {
      throw corrupt(response, `it has ${size} bytes where ${declared} were announced`);
    }
    if (size === 0) throw corrupt(response, 'it is empty');
    if (size < needed) throw corrupt(response, `it has only ${size} bytes`);
    // A gateway may announce the length of what it has got, so the file itself must show that it is whole.
    if (isZip(beginning) && (await isCutShort(options.temporary))) throw corrupt(response, 'its end is missing');
    return { sha256: hash.digest('hex'), size };
  } finally {
    await handle.close();
  }
}

const BEGINNING_BYTES = 60;

const isZip = (beginning: Buffer) => beginning.subarray(0, ZIP_MAGIC.length).equals(ZIP_MAGIC);

function tooLarge(response: ApiResponse, max: number | undefined): AttemptFailure {
  return corrupt(response, `it has more than ${Math.round((max ?? 0) / (1024 * 1024))} MiB`, true);
}

function checkMagic(response: ApiResponse, beginning: Buffer, magics: readonly Buffer[]): void {
  if (magics.some((magic) => beginning.subarray(0, magic.length).equals(magic))) return;
  const shown = oneLine(response.masked(beginning.toString('utf8'), 'may be missing'), 40);
  throw corrupt(response, `it is the wrong type of file; it begins with "${shown}"`);
}

function corrupt(response: ApiResponse, message: string, permanent = false): AttemptFailure {
  return new AttemptFailure({ ...failureOf(response, 'corrupt', message, response.status), permanent });
}

function contentLength(response: ApiResponse): number | undefined {
  const text = response.header('content-length');
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Joins the small chunks of a socket into large writes, in one buffer that is reused. */
class BufferedSink {
  readonly #handle: FileHandle;
  readonly #buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  #filled = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(chunk: Buffer): Promise<void> {
    for (let rest = chunk; rest.length > 0; ) {
      const taken = rest.copy(this.#buffer, this.#filled);
      this.#filled += taken;
      rest = rest.subarray(taken);
      if (this.#filled === this.#buffer.length) await this.flush();
    }
  }

  async flush(): Promise<void> {
    try {
      for (let written = 0; written < this.#filled; ) {
        const { bytesWritten } = await this.#handle.write(this.#buffer, written, this.#filled - written);
        written += bytesWritten;
      }
    } catch (cause) {
      throw unwritable('The download cannot be written', cause);
    }
    this.#filled = 0;
  }
}
