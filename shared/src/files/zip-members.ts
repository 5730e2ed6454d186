/**
 * Members of a ZIP file from a user or the service. Untrusted: names cannot leave the folder, and sizes are capped by the bytes read, not
 * by what the directory says, so a ZIP bomb gains nothing.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Entry, RandomAccessReader, ZipFile } from 'yauzl';

const MIB = 2 ** 20;

/** How much of a directory is read: one of long names is as large as the file, and its names are kept. */
interface Bounds {
  members: number;
  bytes: number;
}
/** More than any ZIP with certificates or mapping files has. */
const SMALL: Bounds = { members: 10_000, bytes: 8 * MIB };
/** More than any app has; large games have tens of thousands of members. */
const APP: Bounds = { members: 1_000_000, bytes: 128 * MIB };
/** How much of the directory to read at once. yauzl reads each entry in two small steps, which takes seconds for a large app. */
const WINDOW_BYTES = 64 * 1024;

/** Why a ZIP is refused, in words that fit after its name. */
export class ZipProblem extends Error {}

export interface ZipMember {
  /** As written in the ZIP; never absolute, never with `..` (yauzl refuses those). */
  name: string;
  /** Bytes, as the directory claims. */
  size: number;
}

/** An open ZIP; close it in `finally`. */
export interface Zip {
  /** Files only, in the order of the directory. */
  readonly members: readonly ZipMember[];
  /** @throws ZipProblem when it is larger than `limit` bytes or damaged */
  read(name: string, limit: number): Promise<Buffer>;
  /** A member in pieces, for one that is too large for memory. @throws ZipProblem */
  pieces(name: string, limit: number): AsyncGenerator<Buffer>;
  /** Writes a member to a new file, 0600. @throws ZipProblem */
  extract(name: string, file: string, limit: number): Promise<void>;
  close(): void;
}

/**
 * @param file its path, or a small ZIP itself
 * @param wanted selects the members that the caller needs from an app with very many; absent = all
 * @throws ZipProblem for a file that is not a ZIP, is damaged, has too long a directory, or has names that leave the folder
 */
export async function openZip(file: string | Buffer, wanted?: (name: string) => boolean): Promise<Zip> {
  const bounds = wanted === undefined ? SMALL : APP;
  const zip = await openWindowed(file, bounds, true);
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of entriesWithin(zip, bounds)) {
      const name = entry.fileName;
      if (name.endsWith('/') || wanted?.(name) === false) continue;
      // With two members of one name, readers differ in which one they see.
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
    read: async (name, limit) => buffer(capped(zip, entryOf(name), limit)).catch(refused),
    async *pieces(name, limit) {
      try {
        yield* capped(zip, entryOf(name), limit);
      } catch (error) {
        throw refusal(error);
      }
    },
    async extract(name, target, limit) {
      const sink = createWriteStream(target, { flags: 'wx', mode: 0o600 });
      await pipeline(capped(zip, entryOf(name), limit), sink).catch(refused);
    },
    close: () => zip.close(),
  };
}

/** Of an entry without its name, its extra fields and its comment (APPNOTE.TXT 4.3.12). */
const ENTRY_BYTES = 46;

async function* entriesWithin(zip: ZipFile, { bytes }: Bounds): AsyncGenerator<Entry> {
  let read = 0;
  for await (const entry of zip.eachEntry()) {
    read += ENTRY_BYTES + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
    if (read > bytes) throw new ZipProblem(`has a directory of more than ${bytes / MIB} MiB`);
    yield entry;
  }
}

async function* capped(zip: ZipFile, entry: Entry, limit: number): AsyncGenerator<Buffer> {
  if (entry.uncompressedSize > limit) throw tooLarge(entry, limit);
  let bytes = 0;
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    bytes += (chunk as Buffer).length;
    if (bytes > limit) throw tooLarge(entry, limit);
    yield chunk as Buffer;
  }
}

function tooLarge(entry: Entry, limit: number): ZipProblem {
  return new ZipProblem(`has a member of more than ${Math.round(limit / 1024)} KiB: ${entry.fileName.slice(0, 100)}`);
}

function refused(error: unknown): never {
  throw refusal(error);
}

function refusal(error: unknown): unknown {
  // A file system error is not the ZIP's fault. One of zlib is: it begins with Z_.
  const code = (error as NodeJS.ErrnoException)?.code;
  if (error instanceof ZipProblem || (code !== undefined && !code.startsWith('Z_'))) return error;
  return new ZipProblem(`cannot be read (${error instanceof Error ? error.message : String(error)})`);
}

/**
 * The names in the directory of an app, folders too. They are not checked, because nothing is read or written by them: an obfuscated app
 * may have two members of one name, or a name that no file system allows.
 * @throws ZipProblem for a file that is not a ZIP, is damaged or has too long a directory
 */
export async function* memberNames(file: string): AsyncGenerator<string> {
  const zip = await openWindowed(file, APP, false);
  try {
    for await (const { fileNameRaw } of entriesWithin(zip, APP)) yield fileNameRaw.toString('utf8');
  } catch (error) {
    throw refusal(error);
  } finally {
    // Windows cannot rename an open file, so wait until it is closed.
    const closed = once(zip, 'close');
    zip.close();
    await closed;
  }
}

async function openWindowed(file: string | Buffer, bounds: Bounds, decodeStrings: boolean): Promise<ZipFile> {
  const { fromBufferPromise, fromRandomAccessReaderPromise, RandomAccessReader } = await yauzl();
  const options = { autoClose: false, lazyEntries: true, strictFileNames: false, decodeStrings };
  const within = (zip: ZipFile) => {
    if (zip.entryCount > bounds.members) throw new ZipProblem(`has ${zip.entryCount} members`);
    return zip;
  };
  if (typeof file !== 'string') return fromBufferPromise(file, options).then(within).catch(refused);
  const WindowedFile = windowed(RandomAccessReader);
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    return within(await fromRandomAccessReaderPromise(new WindowedFile(handle), size, options));
  } catch (error) {
    await handle.close();
    throw refusal(error);
  }
}

/** A file that is read a window at a time. The base class comes with yauzl, which is loaded late. */
function windowed(Base: typeof RandomAccessReader) {
  return class WindowedFile extends Base {
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
  };
}

type ReadEnd = (error: Error | null, bytesRead?: number) => void;

/** Loaded late, because few jobs need it at the start. It is CommonJS, so not every loader sees its named exports. */
async function yauzl(): Promise<typeof import('yauzl')> {
  const module = await import('yauzl');
  return 'fromRandomAccessReaderPromise' in module
    ? module
    : (module as unknown as { default: typeof import('yauzl') }).default;
}
