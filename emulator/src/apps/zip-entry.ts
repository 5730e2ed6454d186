import { buffer } from 'node:stream/consumers';
import { type Entry, open, type ZipFile } from 'yauzl';

/** A member by its name, or the first whose name matches. */
export type EntryName = string | RegExp;

/**
 * Reads one member of a ZIP file.
 * @throws when it is not there, larger than `limit` bytes, or the file is damaged
 */
export async function readEntry(path: string, name: EntryName, limit: number): Promise<Buffer> {
  const zip = await openZip(path);
  try {
    const entry = await findEntry(zip, name);
    if (entry.uncompressedSize > limit) throw new Error(`${entry.fileName} is too large.`);
    return await new Promise((resolve, reject) => {
      zip.openReadStream(entry, (error, stream) => {
        if (error) reject(error);
        else buffer(stream).then(resolve, reject);
      });
    });
  } finally {
    zip.close();
  }
}

/** Whether the ZIP has such a member. */
export async function hasEntry(path: string, name: EntryName): Promise<boolean> {
  const zip = await openZip(path);
  try {
    return await findEntry(zip, name).then(
      () => true,
      () => false,
    );
  } finally {
    zip.close();
  }
}

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
    });
  });
}

function findEntry(zip: ZipFile, name: EntryName): Promise<Entry> {
  return new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', () => reject(new Error(`${name} is not in the ZIP.`)));
    zip.on('entry', (entry: Entry) => {
      if (typeof name === 'string' ? entry.fileName === name : name.test(entry.fileName)) resolve(entry);
      else zip.readEntry();
    });
    zip.readEntry();
  });
}
