/**
 * What kind of app a downloaded file is, from the names in its ZIP directory. Needed where the run began from an id, so that nobody told
 * us; a server's file name would be its word only.
 */
import { open } from 'node:fs/promises';
import type { AppKind } from '../model/run-request.ts';

/** End of central directory: fixed part and the longest comment (APPNOTE.TXT 4.3.16). */
const EOCD_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const EOCD_SIGNATURE = Buffer.from('PK\x05\x06', 'latin1');
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
/** A directory of a million entries has some 80 MB; a real app's has one or two. */
const MAX_DIRECTORY_BYTES = 32 * 1024 * 1024;

/** @returns the kind, or undefined when the file is no app that we know or its directory cannot be read */
export async function kindOfApp(file: string): Promise<AppKind | undefined> {
  const names = await namesInZip(file);
  if (names.has('BundleConfig.pb')) return 'aab';
  if (names.has('classes.jar') && names.has('AndroidManifest.xml')) return 'aar';
  if (names.has('AndroidManifest.xml')) return 'apk';
  for (const name of names) {
    if (/^Payload\/[^/]+\.app\//.test(name)) return 'ipa';
    if (/(?:^|\/)[^/]+\.xcframework\//.test(name)) return 'zip';
  }
  return undefined;
}

async function namesInZip(file: string): Promise<Set<string>> {
  const names = new Set<string>();
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(Math.min(size, EOCD_BYTES + MAX_COMMENT_BYTES));
    await handle.read(tail, 0, tail.length, size - tail.length);
    const end = tail.lastIndexOf(EOCD_SIGNATURE);
    if (end < 0 || end + EOCD_BYTES > tail.length) return names;
    const length = tail.readUInt32LE(end + 12);
    const offset = tail.readUInt32LE(end + 16);
    if (length > MAX_DIRECTORY_BYTES || offset + length > size) return names;
    const directory = Buffer.alloc(length);
    await handle.read(directory, 0, length, offset);
    for (let at = 0; at + ENTRY_BYTES <= length && directory.readUInt32LE(at) === ENTRY_SIGNATURE; ) {
      const nameLength = directory.readUInt16LE(at + 28);
      names.add(directory.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength));
      at += ENTRY_BYTES + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    }
    return names;
  } finally {
    await handle.close();
  }
}
