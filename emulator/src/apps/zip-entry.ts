import { buffer } from 'node:stream/consumers';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

/** A member by its name, or the first whose name matches. */
export type EntryName = string | RegExp;

/**
 * Reads one member of a ZIP file.
 * @throws when it is not there, larger than `limit` bytes, or the file is damaged
 */
export async function readEntry(path: string, name: EntryName, limit: number): Promise<Buffer> {
  return withEntry(path, name, async (zip, entry) => {
    if (entry === undefined) throw new Error(`${name} is not in the ZIP.`);
    if (entry.uncompressedSize > limit) throw new Error(`${entry.fileName} is too large.`);
    return buffer(await zip.openReadStreamPromise(entry));
  });
}

/** Whether the ZIP has such a member. */
export async function hasEntry(path: string, name: EntryName): Promise<boolean> {
  return withEntry(path, name, async (_zip, entry) => entry !== undefined);
}

async function withEntry<T>(
  path: string,
  name: EntryName,
  use: (zip: ZipFile, entry: Entry | undefined) => Promise<T>,
): Promise<T> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      if (typeof name === 'string' ? entry.fileName === name : name.test(entry.fileName)) return await use(zip, entry);
    }
    return await use(zip, undefined);
  } finally {
    zip.close();
  }
}
