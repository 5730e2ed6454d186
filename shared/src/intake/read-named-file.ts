import { readFile } from 'node:fs/promises';
import { reason, sizeOfFile } from '../files/file-on-disk.ts';

/** A file that an option names, or what is wrong with it, in words that fit after the option's name. */
export async function readNamedFile(
  path: string,
  maxBytes: number,
  tooLarge = 'is too large',
): Promise<{ bytes: Buffer } | { wrong: string }> {
  const file = await sizeOfFile(path);
  if ('wrong' in file) return file;
  if (file.size > maxBytes) return { wrong: tooLarge };
  return readFile(path).then(
    (bytes) => ({ bytes }),
    (error) => ({ wrong: reason(error) }),
  );
}
