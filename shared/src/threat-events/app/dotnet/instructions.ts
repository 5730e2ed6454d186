/** How long IL instructions are (ECMA-335, III). */
const SWITCH = 0x45;
const PREFIX = 0xfe;
// biome-ignore format: a table
const TOKENS = [
  0x20, 0x22, 0x27, 0x28, 0x29, 0x6f, 0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x79, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0x8c,
  0x8d, 0x8f, 0xa3, 0xa4, 0xa5, 0xc2, 0xc6, 0xd0, 0xdd,
];
// biome-ignore format: a table
const PREFIXED: Readonly<Record<number, number>> = {
  6: 4, 7: 4, 9: 2, 10: 2, 11: 2, 12: 2, 13: 2, 14: 2, 18: 1, 21: 4, 22: 4, 25: 1, 28: 4,
};

const OPERANDS = new Uint8Array(256);
OPERANDS.fill(1, 0x0e, 0x14);
OPERANDS.fill(1, 0x2b, 0x38);
OPERANDS.fill(4, 0x38, 0x45);
for (const op of TOKENS) OPERANDS[op] = 4;
for (const op of [0x1f, 0xde]) OPERANDS[op] = 1;
for (const op of [0x21, 0x23]) OPERANDS[op] = 8;

export function instructionBytes(bytes: Buffer, at: number): number {
  const op = bytes.readUInt8(at);
  if (op === PREFIX) return 2 + (PREFIXED[bytes.readUInt8(at + 1)] ?? 0);
  if (op === SWITCH) return 5 + 4 * bytes.readUInt32LE(at + 1);
  return 1 + (OPERANDS[op] ?? 0);
}
