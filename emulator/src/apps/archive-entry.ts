import { buffer } from 'node:stream/consumers';
import { type Entry, open, type ZipFile } from 'yauzl';

/** A member by its name, or the first whose name matches. */
export type EntryName = string | RegExp;

/**
 * Reads one member of a ZIP archive.
 * @throws when it is not there, larger than `limit` bytes, or the archive is damaged
 */
export async function readEntry(path: string, name: EntryName, limit: number): Promise<Buffer> {
  const archive = await openArchive(path);
  try {
    const entry = await findEntry(archive, name);
    if (entry.uncompressedSize > limit) throw new Error(`${entry.fileName} is too large.`);
    return await new Promise((resolve, reject) => {
      archive.openReadStream(entry, (error, stream) => {
        if (error) reject(error);
        else buffer(stream).then(resolve, reject);
      });
    });
  } finally {
    archive.close();
  }
}

/** Whether the archive has such a member. */
export async function hasEntry(path: string, name: EntryName): Promise<boolean> {
  const archive = await openArchive(path);
  try {
    return await findEntry(archive, name).then(
      () => true,
      () => false,
    );
  } finally {
    archive.close();
  }
}

function openArchive(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, archive) => {
      if (error) reject(error);
      else resolve(archive);
    });
  });
}

function findEntry(archive: ZipFile, name: EntryName): Promise<Entry> {
  return new Promise((resolve, reject) => {
    archive.on('error', reject);
    archive.on('end', () => reject(new Error(`${name} is not in the archive.`)));
    archive.on('entry', (entry: Entry) => {
      if (typeof name === 'string' ? entry.fileName === name : name.test(entry.fileName)) resolve(entry);
      else archive.readEntry();
    });
    archive.readEntry();
  });
}
