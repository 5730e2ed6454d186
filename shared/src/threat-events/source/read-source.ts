/** The bytes of one source file, as far as they are needed. */
import { type FileHandle, open } from 'node:fs/promises';
import type { SourceLimits } from './limits.ts';

export type ReadSource =
  /** Nothing in it is of interest. */
  | { is: 'uninteresting' }
  | { is: 'text'; text: string; names: string[] }
  /** `names`: those that occur in it; undefined if that is not known. */
  | { is: 'unreadable'; reason: string; names: string[] | undefined };

const CHUNK = 4 * 1024 * 1024;
const UTF16 = [
  { label: 'utf-16le', first: 0xff, second: 0xfe },
  { label: 'utf-16be', first: 0xfe, second: 0xff },
];

/**
 * @param names of events
 * @param words that make a file worth parsing without such a name
 */
export async function readSource(
  file: string,
  names: readonly string[],
  words: readonly string[],
  limits: SourceLimits,
): Promise<ReadSource> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const { size } = await handle.stat();
    if (size > limits.readBytes)
      return { is: 'unreadable', reason: tooLarge(size, limits.readBytes), names: undefined };
    if (size > limits.parsedBytes) {
      const found = await namesIn(handle, names);
      if (found.length === 0) return { is: 'uninteresting' };
      return { is: 'unreadable', reason: tooLarge(size, limits.parsedBytes), names: found };
    }
    return decoded(await handle.readFile(), names, words);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return { is: 'unreadable', reason: `it cannot be read (${code})`, names: undefined };
  } finally {
    await handle?.close();
  }
}

const tooLarge = (size: number, limit: number) => `it has ${size} bytes, and files are read up to ${limit}`;

function decoded(bytes: Buffer, names: readonly string[], words: readonly string[]): ReadSource {
  const wide = UTF16.find(({ first, second }) => bytes[0] === first && bytes[1] === second);
  if (wide === undefined) {
    const found = names.filter((name) => bytes.includes(name));
    if (found.length === 0 && !words.some((word) => bytes.includes(word))) return { is: 'uninteresting' };
    const unreadable = (reason: string): ReadSource =>
      found.length === 0 ? { is: 'uninteresting' } : { is: 'unreadable', reason, names: found };
    if (bytes.includes(0)) return unreadable('it is not text');
    try {
      return { is: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), names: found };
    } catch {
      return unreadable('it is not UTF-8');
    }
  }
  const text = new TextDecoder(wide.label).decode(bytes);
  const found = names.filter((name) => text.includes(name));
  const isInteresting = found.length > 0 || words.some((word) => text.includes(word));
  return isInteresting ? { is: 'text', text, names: found } : { is: 'uninteresting' };
}

/** Piece by piece; a piece begins with the end of the one before, where a name may have begun. */
async function namesIn(handle: FileHandle, names: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  const longest = Math.max(0, ...names.map((name) => Buffer.byteLength(name)));
  const buffer = Buffer.alloc(CHUNK + longest);
  let kept = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, kept, CHUNK, null);
    if (bytesRead === 0) return [...found];
    const piece = buffer.subarray(0, kept + bytesRead);
    for (const name of names) if (!found.has(name) && piece.includes(name)) found.add(name);
    kept = Math.min(longest, piece.length);
    buffer.copy(buffer, 0, piece.length - kept, piece.length);
  }
}
