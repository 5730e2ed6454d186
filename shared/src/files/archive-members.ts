/**
 * Members of a ZIP archive that a user or the service gave us. Untrusted: names cannot leave a folder, sizes are capped by what is
 * read and not by what the directory says, and the ratio of a bomb does not matter for that.
 */
import { createWriteStream } from 'node:fs';
import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Entry, ZipFile } from 'yauzl';

/** More members than any archive of certificates or mappings has. */
const MAX_MEMBERS = 10_000;

/** What an archive is refused for, in words that fit after its name. */
export class ArchiveProblem extends Error {}

export interface ArchiveMember {
  /** As it stands in the archive; never absolute, never with `..` (yauzl refuses those). */
  name: string;
  /** Bytes, by the directory's word only. */
  size: number;
}

/** An open archive; close it in `finally`. */
export interface Archive {
  /** Files only, in the order of the directory. */
  readonly members: readonly ArchiveMember[];
  /** @throws ArchiveProblem when it is larger than `limit` bytes or damaged */
  read(name: string, limit: number): Promise<Buffer>;
  /** Writes a member to a new file, 0600. @throws ArchiveProblem */
  extract(name: string, file: string, limit: number): Promise<void>;
  close(): void;
}

/** @throws ArchiveProblem for what is no ZIP archive, is damaged, has too many members or names that leave the folder */
export async function openArchive(file: string): Promise<Archive> {
  const { openPromise } = await yauzl();
  const zip = await openPromise(file, { autoClose: false, lazyEntries: true, strictFileNames: false }).catch(refused);
  const entries = new Map<string, Entry>();
  try {
    if (zip.entryCount > MAX_MEMBERS) throw new ArchiveProblem(`has ${zip.entryCount} members`);
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName;
      if (name.endsWith('/')) continue;
      // Two members of one name: readers differ in which one they see.
      if (entries.has(name)) throw new ArchiveProblem(`has two members named ${name.slice(0, 100)}`);
      entries.set(name, entry);
    }
  } catch (error) {
    zip.close();
    throw refusal(error);
  }
  const entryOf = (name: string) => {
    const entry = entries.get(name);
    if (entry === undefined) throw new ArchiveProblem(`has no ${name}`);
    if (entry.isEncrypted()) throw new ArchiveProblem('is encrypted');
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

function tooLarge(entry: Entry, limit: number): ArchiveProblem {
  return new ArchiveProblem(
    `has a member of more than ${Math.round(limit / 1024)} KiB: ${entry.fileName.slice(0, 100)}`,
  );
}

function refused(error: unknown): never {
  throw refusal(error);
}

function refusal(error: unknown): unknown {
  // What the file system says is not the archive's fault.
  if (error instanceof ArchiveProblem || (error as NodeJS.ErrnoException)?.code !== undefined) return error;
  return new ArchiveProblem(`cannot be read (${error instanceof Error ? error.message : String(error)})`);
}

/** CommonJS, so its named exports are not seen by every loader. */
async function yauzl(): Promise<typeof import('yauzl')> {
  const module = await import('yauzl');
  return 'openPromise' in module ? module : (module as unknown as { default: typeof import('yauzl') }).default;
}
