/** How long JVM instructions are (JVM specification, chapter 6). */
const LENGTHS = new Uint8Array(256).fill(1);
// biome-ignore format: a table
for (const [first, last, length] of [
  [0x10, 0x10, 2], [0x11, 0x11, 3], [0x12, 0x12, 2], [0x13, 0x14, 3], [0x15, 0x19, 2], [0x36, 0x3a, 2], [0x84, 0x84, 3],
  [0x99, 0xa8, 3], [0xa9, 0xa9, 2], [0xb2, 0xb8, 3], [0xb9, 0xba, 5], [0xbb, 0xbb, 3], [0xbc, 0xbc, 2], [0xbd, 0xbd, 3],
  [0xc0, 0xc1, 3], [0xc5, 0xc5, 4], [0xc6, 0xc7, 3], [0xc8, 0xc9, 5],
] as const) {
  LENGTHS.fill(length, first, last + 1);
}
const TABLE_SWITCH = 0xaa;
const LOOKUP_SWITCH = 0xab;
const WIDE = 0xc4;
const INCREMENT = 0x84;

/** @param start of the method's code: switches are aligned to it */
export function instructionBytes(bytes: Buffer, at: number, start: number): number {
  const op = bytes.readUInt8(at);
  if (op === WIDE) return bytes.readUInt8(at + 1) === INCREMENT ? 6 : 4;
  if (op !== TABLE_SWITCH && op !== LOOKUP_SWITCH) return LENGTHS[op] as number;
  const table = at + 4 - ((at - start) % 4);
  const end =
    op === LOOKUP_SWITCH
      ? table + 8 + 8 * bytes.readUInt32BE(table + 4)
      : table + 12 + 4 * (bytes.readInt32BE(table + 8) - bytes.readInt32BE(table + 4) + 1);
  return Math.max(1, end - at);
}
