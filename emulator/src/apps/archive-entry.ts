import { buffer } from 'node:stream/consumers';
import { type Entry, open, type ZipFile } from 'yauzl';

/**
 * Reads one member of a ZIP archive.
 * @throws when it is not there, larger than `limit` bytes, or the archive is damaged
 */
export async function readEntry(path: string, name: string, limit: number): Promise<Buffer> {
  const archive = await openArchive(path);
  try {
    const entry = await findEntry(archive, name);
    if (entry.uncompressedSize > limit) throw new Error(`${name} is too large.`);
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

function openArchive(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, archive) => {
      if (error) reject(error);
      else resolve(archive);
    });
  });
}

function findEntry(archive: ZipFile, name: string): Promise<Entry> {
  return new Promise((resolve, reject) => {
    archive.on('error', reject);
    archive.on('end', () => reject(new Error(`${name} is not in the archive.`)));
    archive.on('entry', (entry: Entry) => {
      if (entry.fileName === name) resolve(entry);
      else archive.readEntry();
    });
    archive.readEntry();
  });
}
