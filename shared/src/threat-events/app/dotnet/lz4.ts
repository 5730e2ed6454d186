/** An LZ4 block (lz4_Block_format.md). What follows its end is not looked at. */
import { UnreadablePart } from '../problem.ts';

const MIN_MATCH = 4;

/** @throws UnreadablePart */
export function decompressBlock(source: Buffer, size: number): Buffer {
  const target = Buffer.alloc(size);
  let at = 0;
  let end = 0;
  const length = (base: number): number => {
    if (base < 15) return base;
    let value = base;
    for (;;) {
      const byte = source[at++];
      if (byte === undefined) throw broken();
      value += byte;
      if (byte < 255) return value;
    }
  };
  while (end < size) {
    const token = source[at++];
    if (token === undefined) throw broken();
    const literals = length(token >> 4);
    if (at + literals > source.length || end + literals > size) throw broken();
    source.copy(target, end, at, at + literals);
    at += literals;
    end += literals;
    if (end === size) break;
    if (at + 2 > source.length) throw broken();
    const distance = source.readUInt16LE(at);
    at += 2;
    const match = length(token & 15) + MIN_MATCH;
    if (distance === 0 || distance > end || end + match > size) throw broken();
    // Byte by byte, because a match may repeat what it has just written.
    for (const stop = end + match; end < stop; end++) target[end] = target[end - distance] as number;
  }
  return target;
}

const broken = () => new UnreadablePart('is compressed by LZ4 and damaged');
