/** A look at one file, with what is wrong in words that fit after the option's name. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** What went wrong on the way to a file. */
export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return `cannot be read (${code ?? 'unknown error'})`;
}

/** A regular, non-empty file; its size in bytes. */
export async function sizeOfFile(path: string): Promise<{ size: number } | { wrong: string }> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) return { wrong: 'is a folder, not a file' };
    if (!info.isFile()) return { wrong: 'is not a regular file' };
    return info.size === 0 ? { wrong: 'is an empty file' } : { size: info.size };
  } catch (error) {
    return { wrong: reason(error) };
  }
}

export async function firstBytes(path: string, count: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: count - 1 })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
