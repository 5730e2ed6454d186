/**
 * Members of a ZIP archive that a user or the service gave us. Untrusted: names cannot leave a folder, and sizes are capped by what is
 * read, not by what the directory says, so the ratio of a bomb does not matter.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Entry, ZipFile } from 'yauzl';

/** More members than any archive of certificates or mappings has. */
const MAX_MEMBERS = 10_000;
/** More than any app has; large games reach some ten thousand. */
const MAX_APP_MEMBERS = 1_000_000;
/** Of the directory, read at once: yauzl asks for each entry in two small reads, which takes seconds on a large app. */
const WINDOW_BYTES = 64 * 1024;

/** Why an archive is refused, in words that fit after its name. */
export class ZipProblem extends Error {}

export interface ZipMember {
  /** As it stands in the archive; never absolute, never with `..` (yauzl refuses those). */
  name: string;
  /** Bytes, by the directory's word only. */
  size: number;
}

/** An open archive; close it in `finally`. */
export interface Zip {
  /** Files only, in the order of the directory. */
  readonly members: readonly ZipMember[];
  /** @throws ZipProblem when it is larger than `limit` bytes or damaged */
  read(name: string, limit: number): Promise<Buffer>;
  /** Writes a member to a new file, 0600. @throws ZipProblem */
  extract(name: string, file: string, limit: number): Promise<void>;
  close(): void;
}

/**
 * @param wanted the members that the caller needs, of an app with very many; absent = all
 * @throws ZipProblem for a file that is not a ZIP archive, is damaged, has too many members or names that leave the folder
 */
export async function openZip(file: string, wanted?: (name: string) => boolean): Promise<Zip> {
  const zip = await openWindowed(file, wanted === undefined ? MAX_MEMBERS : MAX_APP_MEMBERS, true);
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName;
      if (name.endsWith('/') || wanted?.(name) === false) continue;
      // Two members of one name: readers differ in which one they see.
      if (entries.has(name)) throw new ZipProblem(`has two members named ${name.slice(0, 100)}`);
      entries.set(name, entry);
    }
  } catch (error) {
    zip.close();
    throw refusal(error);
  }
  const entryOf = (name: string) => {
    const entry = entries.get(name);
    if (entry === undefined) throw new ZipProblem(`has no ${name}`);
    if (entry.isEncrypted()) throw new ZipProblem('is encrypted');
    return entry;
  };
  return {
    members: [...entries].map(([name, { uncompressedSize }]) => ({ name, size: uncompressedSize })),
    async read(name, limit) {
      const chunks: Buffer[] = [];
      const sink = new Writable({
        write(chunk: Buffer, _encoding, done) {
          chunks.push(chunk);
          done();
        },
      });
      await copy(zip, entryOf(name), limit, sink);
      return Buffer.concat(chunks);
    },
    extract: (name, target, limit) =>
      copy(zip, entryOf(name), limit, createWriteStream(target, { flags: 'wx', mode: 0o600 })),
    close: () => zip.close(),
  };
}

async function copy(zip: ZipFile, entry: Entry, limit: number, sink: Writable): Promise<void> {
  if (entry.uncompressedSize > limit) throw tooLarge(entry, limit);
  const source = await zip.openReadStreamPromise(entry).catch(refused);
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > limit ? tooLarge(entry, limit) : null, chunk);
    },
  });
  await pipeline(source, counted, sink).catch(refused);
}

function tooLarge(entry: Entry, limit: number): ZipProblem {
  return new ZipProblem(`has a member of more than ${Math.round(limit / 1024)} KiB: ${entry.fileName.slice(0, 100)}`);
}

function refused(error: unknown): never {
  throw refusal(error);
}

function refusal(error: unknown): unknown {
  // What the file system says is not the archive's fault.
  if (error instanceof ZipProblem || (error as NodeJS.ErrnoException)?.code !== undefined) return error;
  return new ZipProblem(`cannot be read (${error instanceof Error ? error.message : String(error)})`);
}

/**
 * The names in the directory of an app, folders too. Taken as they are, since nothing is read or written by them: an obfuscated app may
 * have two members of one name, or a name that no folder could hold.
 * @throws ZipProblem for a file that is not a ZIP archive, is damaged or has too many members
 */
export async function* memberNames(file: string): AsyncGenerator<string> {
  const zip = await openWindowed(file, MAX_APP_MEMBERS, false);
  try {
    for await (const { fileNameRaw } of zip.eachEntry()) yield fileNameRaw.toString('utf8');
  } catch (error) {
    throw refusal(error);
  } finally {
    // Waited for: Windows renames no file that is open.
    const closed = once(zip, 'close');
    zip.close();
    await closed;
  }
}

async function openWindowed(file: string, maxMembers: number, decodeStrings: boolean): Promise<ZipFile> {
  const { fromRandomAccessReaderPromise, RandomAccessReader } = await yauzl();

  class WindowedFile extends RandomAccessReader {
    readonly #handle: FileHandle;
    #window: Buffer = Buffer.alloc(0);
    #start = 0;

    constructor(handle: FileHandle) {
      super();
      this.#handle = handle;
    }

    override read(target: Buffer, offset: number, length: number, position: number, done: ReadEnd): void {
      const copy = () => this.#window.copy(target, offset, position - this.#start, position - this.#start + length);
      const inWindow = position >= this.#start && position + length <= this.#start + this.#window.length;
      if (inWindow) done(null, copy());
      else this.#fill(position, Math.max(length, WINDOW_BYTES)).then(() => done(null, copy()), done);
    }

    async #fill(position: number, length: number): Promise<void> {
      const { buffer, bytesRead } = await this.#handle.read(Buffer.alloc(length), 0, length, position);
      this.#window = buffer.subarray(0, bytesRead);
      this.#start = position;
    }

    override _readStreamForRange(start: number, end: number): Readable {
      return Readable.from(this.#chunks(start, end), { objectMode: false });
    }

    async *#chunks(start: number, end: number): AsyncGenerator<Buffer> {
      for (let at = start; at < end; ) {
        const length = Math.min(WINDOW_BYTES, end - at);
        const { buffer, bytesRead } = await this.#handle.read(Buffer.alloc(length), 0, length, at);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
        at += bytesRead;
      }
    }

    override close(done: ReadEnd): void {
      this.#handle.close().then(() => done(null), done);
    }
  }

  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const options = { autoClose: false, lazyEntries: true, strictFileNames: false, decodeStrings };
    const zip = await fromRandomAccessReaderPromise(new WindowedFile(handle), size, options);
    if (zip.entryCount > maxMembers) throw new ZipProblem(`has ${zip.entryCount} members`);
    return zip;
  } catch (error) {
    await handle.close();
    throw refusal(error);
  }
}

type ReadEnd = (error: Error | null, bytesRead?: number) => void;

/** Loaded late: few jobs need it before they begin. CommonJS, so not every loader sees its named exports. */
async function yauzl(): Promise<typeof import('yauzl')> {
  const module = await import('yauzl');
  return 'fromRandomAccessReaderPromise' in module
    ? module
    : (module as unknown as { default: typeof import('yauzl') }).default;
}
