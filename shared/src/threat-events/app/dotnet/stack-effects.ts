/** What IL instructions take from the stack and put there (ECMA-335, III). Calls, `dup` and what ends a block are not in the table. */

// biome-ignore format: a table
const EFFECTS = runs([
  [0x00, 0, 0], [0x02, 0, 1], [0x0a, 1, 0], [0x0e, 0, 1], [0x10, 1, 0], [0x11, 0, 1], [0x13, 1, 0], [0x14, 0, 1], [0x24, 0, 0],
  [0x26, 1, 0], [0x27, 0, 0], [0x2c, 1, 0], [0x2e, 2, 0], [0x38, 0, 0], [0x39, 1, 0], [0x3b, 2, 0], [0x45, 1, 0], [0x46, 1, 1],
  [0x51, 2, 0], [0x58, 2, 1], [0x65, 1, 1], [0x6f, 0, 0], [0x70, 2, 0], [0x71, 1, 1], [0x72, 0, 1], [0x73, 0, 0], [0x74, 1, 1],
  [0x7a, 1, 0], [0x7b, 1, 1], [0x7d, 2, 0], [0x7e, 0, 1], [0x80, 1, 0], [0x81, 2, 0], [0x82, 1, 1], [0x8f, 2, 1], [0x9b, 3, 0],
  [0xa3, 2, 1], [0xa4, 3, 0], [0xa5, 1, 1], [0xc6, 1, 1], [0xd0, 0, 1], [0xd1, 1, 1], [0xd6, 2, 1], [0xdc, 0, 0], [0xdf, 2, 0],
  [0xe0, 1, 1],
]);
/** After the prefix 0xfe. */
// biome-ignore format: a table
const PREFIXED = runs([
  [0x00, 0, 1], [0x01, 2, 1], [0x06, 0, 1], [0x07, 1, 1], [0x09, 0, 1], [0x0b, 1, 0], [0x0c, 0, 1], [0x0e, 1, 0], [0x0f, 1, 1],
  [0x11, 1, 0], [0x12, 0, 0], [0x15, 1, 0], [0x16, 0, 0], [0x17, 3, 0], [0x19, 0, 0], [0x1c, 0, 1], [0x1d, 1, 1], [0x1e, 0, 0],
]);

function runs(table: ReadonlyArray<readonly [number, number, number]>): Array<readonly [number, number]> {
  const filled: Array<readonly [number, number]> = new Array(256).fill([0, 0]);
  for (const [first, pops, pushes] of table) filled.fill([pops, pushes], first);
  return filled;
}

export function stackEffect(bytes: Buffer, at: number): readonly [pops: number, pushes: number] {
  const op = bytes.readUInt8(at);
  return (op === 0xfe ? PREFIXED[bytes.readUInt8(at + 1)] : EFFECTS[op]) as readonly [number, number];
}

/** Where a branch goes; undefined for anything else. */
export function branchAt(bytes: Buffer, at: number): { to: number[]; isConditional: boolean } | undefined {
  const op = bytes.readUInt8(at);
  const isShort = (op >= 0x2b && op <= 0x37) || op === 0xde;
  const isLong = (op >= 0x38 && op <= 0x44) || op === 0xdd;
  const isConditional = op !== 0x2b && op !== 0x38 && op !== 0xde && op !== 0xdd;
  if (isShort) return { to: [at + 2 + bytes.readInt8(at + 1)], isConditional };
  if (isLong) return { to: [at + 5 + bytes.readInt32LE(at + 1)], isConditional };
  if (op !== 0x45) return undefined;
  const count = bytes.readUInt32LE(at + 1);
  const next = at + 5 + 4 * count;
  return {
    to: Array.from({ length: Math.min(count, 1000) }, (_, each) => next + bytes.readInt32LE(at + 5 + 4 * each)),
    isConditional: true,
  };
}

/** `ret`, `throw`, `rethrow`, `endfinally`, `jmp`. */
export function endsBlock(bytes: Buffer, at: number): boolean {
  const op = bytes.readUInt8(at);
  return op === 0x2a || op === 0x7a || op === 0xdc || op === 0x27 || (op === 0xfe && bytes.readUInt8(at + 1) === 0x1a);
}

/** The number of a local variable that is read, written or handed out. */
export function localAt(
  bytes: Buffer,
  at: number,
): { local: number; access: 'load' | 'store' | 'address' } | undefined {
  const op = bytes.readUInt8(at);
  if (op >= 0x06 && op <= 0x09) return { local: op - 0x06, access: 'load' };
  if (op >= 0x0a && op <= 0x0d) return { local: op - 0x0a, access: 'store' };
  const short = { 17: 'load', 18: 'address', 19: 'store' } as const;
  if (op === 0x11 || op === 0x12 || op === 0x13) return { local: bytes.readUInt8(at + 1), access: short[op] };
  if (op !== 0xfe) return undefined;
  const long = { 12: 'load', 13: 'address', 14: 'store' } as const;
  const second = bytes.readUInt8(at + 1);
  if (second !== 0x0c && second !== 0x0d && second !== 0x0e) return undefined;
  return { local: bytes.readUInt16LE(at + 2), access: long[second] };
}

/** A number that the instruction loads. */
export function numberAt(bytes: Buffer, at: number): number | undefined {
  const op = bytes.readUInt8(at);
  if (op >= 0x15 && op <= 0x1e) return op - 0x16;
  if (op === 0x1f) return bytes.readInt8(at + 1);
  return op === 0x20 ? bytes.readInt32LE(at + 1) : undefined;
}
