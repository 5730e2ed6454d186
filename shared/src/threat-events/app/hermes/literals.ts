/** The strings of an array literal in the buffer of arrays (facebook/hermes, SerializedLiteralGenerator.h). */
import type { HermesFile } from './hermes-file.ts';

const NUMBER = 0x30;
const LONG_STRING = 0x40;
const SHORT_STRING = 0x50;
const BYTE_STRING = 0x60;
const INTEGER = 0x70;
const SIZES: Readonly<Record<number, number>> = {
  [NUMBER]: 8,
  [LONG_STRING]: 4,
  [SHORT_STRING]: 2,
  [BYTE_STRING]: 1,
  [INTEGER]: 4,
};

export function arrayStrings(file: HermesFile, index: number, count: number): string[] {
  const found: string[] = [];
  const { bytes, arrays } = file;
  let at = arrays.at + index;
  for (let left = count; left > 0 && at < arrays.at + arrays.size; ) {
    const tag = bytes.readUInt8(at++);
    const type = tag & 0x70;
    const length = tag & 0x80 ? ((tag & 0x0f) << 8) | bytes.readUInt8(at++) : tag & 0x0f;
    const size = SIZES[type] ?? 0;
    for (let each = 0; each < Math.min(length, left); each++, at += size) {
      if (type === LONG_STRING || type === SHORT_STRING || type === BYTE_STRING)
        found.push(file.text(bytes.readUIntLE(at, size)));
    }
    if (length === 0) break;
    left -= length;
  }
  return found;
}
