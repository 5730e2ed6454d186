/** The bytes of one source file, as far as they are needed. */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { SourceLimits } from './limits.ts';
import type { Needles } from './needles.ts';

export type ReadSource =
  /** Nothing in it is of interest. */
  | { is: 'uninteresting' }
  | { is: 'text'; text: string; names: string[] }
  /** `names`: those that occur in it; undefined if that is not known. */
  | { is: 'unreadable'; reason: string; names: string[] | undefined };

export interface Wanted {
  /** Of events. */
  names: Needles;
  /** What makes a file worth parsing without such a name. */
  words: Needles;
}

const CHUNK = 4 * 1024 * 1024;
const UTF16 = [
  { label: 'utf-16le', first: 0xff, second: 0xfe },
  { label: 'utf-16be', first: 0xfe, second: 0xff },
];

/** The bytes that may still be read. */
export interface Allowance {
  left: number;
  readonly of: number;
}

/** Reads at once, without a turn of the event loop: a tree has many small files. */
export function readSource(file: string, wanted: Wanted, limits: SourceLimits, allowance: Allowance): ReadSource {
  let handle: number | undefined;
  try {
    // The file may have become a pipe since its folder was listed.
    handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const { size } = fstatSync(handle);
    if (size > limits.readBytes)
      return { is: 'unreadable', reason: tooLarge(size, limits.readBytes), names: undefined };
    if (size > allowance.left) {
      const reason = `the files before it are as much as Fusegate reads (${allowance.of} bytes)`;
      return { is: 'unreadable', reason, names: undefined };
    }
    allowance.left -= size;
    if (size > limits.parsedBytes) {
      const found = namesIn(handle, wanted.names);
      if (found.length === 0) return { is: 'uninteresting' };
      return { is: 'unreadable', reason: tooLarge(size, limits.parsedBytes), names: found };
    }
    return decoded(readFileSync(handle), wanted);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return { is: 'unreadable', reason: `it cannot be read (${code})`, names: undefined };
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

const tooLarge = (size: number, limit: number) => `it has ${size} bytes, and files are read up to ${limit}`;

function decoded(raw: Buffer, { names, words }: Wanted): ReadSource {
  const wide = UTF16.find(({ first, second }) => raw[0] === first && raw[1] === second);
  const bytes = wide ? Buffer.from(new TextDecoder(wide.label).decode(raw)) : raw;
  const found = names.foundIn(bytes);
  if (found.length === 0 && !words.isAnyIn(bytes)) return { is: 'uninteresting' };
  const unreadable = (reason: string): ReadSource =>
    found.length === 0 ? { is: 'uninteresting' } : { is: 'unreadable', reason, names: found };
  if (bytes.includes(0)) return unreadable('it is not text');
  try {
    return { is: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), names: found };
  } catch {
    return unreadable('it is not UTF-8');
  }
}

/** More than the projects of the largest apps have. */
const MOST_OF_A_BUILD_FILE = 8 * 1024 * 1024;

/** A build file; undefined if it cannot be read. */
export function readText(file: string, allowance: Allowance): string | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const { size } = fstatSync(handle);
    if (size > Math.min(MOST_OF_A_BUILD_FILE, allowance.left)) return undefined;
    allowance.left -= size;
    return readFileSync(handle, 'utf8');
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Piece by piece; a piece begins with the end of the one before, where a name may have begun. */
function namesIn(handle: number, names: Needles): string[] {
  const found = new Set<string>();
  const buffer = Buffer.alloc(CHUNK + names.longest);
  let kept = 0;
  for (;;) {
    const count = readSync(handle, buffer, kept, CHUNK, null);
    if (count === 0) return [...found];
    const piece = buffer.subarray(0, kept + count);
    for (const name of names.foundIn(piece)) found.add(name);
    kept = Math.min(names.longest, piece.length);
    buffer.copy(buffer, 0, piece.length - kept, piece.length);
  }
}
