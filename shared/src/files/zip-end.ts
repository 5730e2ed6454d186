/** Whether a file that begins as a ZIP has its end, where the directory stands: a download or a copy that broke off has none. */
import { type FileHandle, open } from 'node:fs/promises';

/** The end of the directory, and the most that may follow it: a comment (APPNOTE.TXT 4.3.16). */
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const END_MAGIC = Buffer.from('PK\x05\x06', 'latin1');
const ENTRY_MAGIC = Buffer.from('PK\x01\x02', 'latin1');
/** The real number is in the ZIP64 record. */
const IN_ZIP64 = 0xffffffff;

/**
 * @returns whether a part of the file is missing: it has no directory, or the directory is not at the offset that its end record gives
 * @throws the file system's errors
 */
export async function isCutShort(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const tail = await bytesAt(handle, Math.max(0, size - END_BYTES - MAX_COMMENT_BYTES), size);
    const at = tail.lastIndexOf(END_MAGIC);
    if (at < 0 || at + END_BYTES > tail.length) return true;
    const entries = tail.readUInt16LE(at + 10);
    const offset = tail.readUInt32LE(at + 16);
    if (entries === 0 || offset === IN_ZIP64) return false;
    return !(await bytesAt(handle, offset, offset + ENTRY_MAGIC.length)).equals(ENTRY_MAGIC);
  } finally {
    await handle.close();
  }
}

async function bytesAt(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const length = end - start;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
  return buffer.subarray(0, bytesRead);
}
