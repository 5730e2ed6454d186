/**
 * The ends of a ZIP file. Every app and SDK is one (.apk, .aab, .ipa, .aar, .zip).
 *
 * The rehearsed "protection" of an app is a mark in the ZIP's comment: the file stays whole and readable, its hash changes,
 * and neither memory nor disk for a second copy is needed.
 */
import { type FileHandle, open } from 'node:fs/promises';

/** APPNOTE.TXT 4.3.16: end of central directory record, 22 bytes and a comment of at most 65 535. */
const END_SIGNATURE = 0x06054b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_SIZE = 22;
const MAX_COMMENT = 0xffff;

export interface ZipEnd {
  /** Bytes before the comment's length field: these are served as they are. */
  bodySize: number;
  /** The 16 bytes before the central directory: the end of an APK signing block, where there is one. */
  beforeDirectory: Buffer;
  comment: Buffer;
}

/** @returns where the ZIP ends, or undefined if the file is not a ZIP */
export async function readZipEnd(path: string): Promise<ZipEnd | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size < END_SIZE) return undefined;
    const head = await readAt(file, 0, 4);
    const tail = await readAt(file, Math.max(0, size - END_SIZE - MAX_COMMENT), Math.min(size, END_SIZE + MAX_COMMENT));
    const signature = head.readUInt32LE(0);
    if (signature !== LOCAL_SIGNATURE && signature !== END_SIGNATURE) return undefined;
    for (let at = tail.length - END_SIZE; at >= 0; at -= 1) {
      if (tail.readUInt32LE(at) !== END_SIGNATURE) continue;
      const commentSize = tail.readUInt16LE(at + 20);
      if (at + END_SIZE + commentSize !== tail.length) continue;
      const directory = tail.readUInt32LE(at + 16);
      const beforeDirectory = await readAt(file, Math.max(0, directory - 16), Math.min(directory, 16));
      return { bodySize: size - commentSize - 2, beforeDirectory, comment: tail.subarray(at + END_SIZE) };
    }
    return undefined;
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** The end of the ZIP with a mark added to its comment; a comment that leaves no room is replaced. */
export function markedTail(end: Pick<ZipEnd, 'comment'>, mark: string): Buffer {
  const line = Buffer.from(mark, 'utf8');
  const kept = end.comment.length === 0 ? Buffer.alloc(0) : Buffer.concat([end.comment, Buffer.from('\n')]);
  const comment = kept.length + line.length <= MAX_COMMENT ? Buffer.concat([kept, line]) : line;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(comment.length);
  return Buffer.concat([length, comment]);
}
