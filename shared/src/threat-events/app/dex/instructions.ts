/** Dalvik instructions: how long each is, which register it writes and where it goes (source.android.com, Dalvik bytecode). */

/** 16-bit units by opcode, in runs of [first opcode, length]. */
// biome-ignore format: a table
const LENGTHS = runs([
  [0x00, 1], [0x02, 2], [0x03, 3], [0x04, 1], [0x05, 2], [0x06, 3], [0x07, 1], [0x08, 2], [0x09, 3], [0x0a, 1],
  [0x13, 2], [0x14, 3], [0x15, 2], [0x17, 3], [0x18, 5], [0x19, 2], [0x1b, 3], [0x1c, 2], [0x1d, 1], [0x1f, 2],
  [0x21, 1], [0x22, 2], [0x24, 3], [0x27, 1], [0x29, 2], [0x2a, 3], [0x2d, 2], [0x3e, 1], [0x44, 2], [0x6e, 3],
  [0x73, 1], [0x74, 3], [0x79, 1], [0x90, 2], [0xb0, 1], [0xd0, 2], [0xe3, 1], [0xfa, 4], [0xfc, 3], [0xfe, 2],
]);

/** Which register an instruction writes: none, the one in the low or the whole of the first unit's high byte, or in the second unit. */
const NONE = 0;
const NIBBLE = 1;
const BYTE = 2;
const UNIT = 3;
// biome-ignore format: a table
const WRITES = runs([
  [0x00, NONE], [0x01, NIBBLE], [0x02, BYTE], [0x03, UNIT], [0x04, NIBBLE], [0x05, BYTE], [0x06, UNIT], [0x07, NIBBLE],
  [0x08, BYTE], [0x09, UNIT], [0x0a, BYTE], [0x0e, NONE], [0x12, NIBBLE], [0x13, BYTE], [0x1d, NONE], [0x20, NIBBLE],
  [0x22, BYTE], [0x23, NIBBLE], [0x24, NONE], [0x2d, BYTE], [0x32, NONE], [0x44, BYTE], [0x4b, NONE], [0x52, NIBBLE],
  [0x59, NONE], [0x60, BYTE], [0x67, NONE], [0x7b, NIBBLE], [0x90, BYTE], [0xb0, NIBBLE], [0xd8, BYTE], [0xe3, NONE],
  [0xfe, BYTE],
]);

/** Instructions that write two registers. */
// biome-ignore format: a table
const WIDE = runs([
  [0x00, 0], [0x04, 1], [0x07, 0], [0x0b, 1], [0x0c, 0], [0x16, 1], [0x1a, 0], [0x45, 1], [0x46, 0], [0x53, 1],
  [0x54, 0], [0x61, 1], [0x62, 0], [0x7d, 1], [0x7f, 0], [0x80, 1], [0x82, 0], [0x83, 1], [0x84, 0], [0x86, 1],
  [0x87, 0], [0x88, 1], [0x8a, 0], [0x8b, 1], [0x8c, 0], [0x9b, 1], [0xa6, 0], [0xab, 1], [0xb0, 0], [0xbb, 1],
  [0xc6, 0], [0xcb, 1], [0xd0, 0],
]);

function runs(table: ReadonlyArray<readonly [number, number]>): Uint8Array {
  const filled = new Uint8Array(256);
  for (const [first, value] of table) filled.fill(value, first);
  return filled;
}

const PACKED_SWITCH = 0x0100;
const SPARSE_SWITCH = 0x0200;
const ARRAY_DATA = 0x0300;

/** @returns 16-bit units of the instruction or data at the offset in bytes */
export function lengthAt(bytes: Buffer, at: number): number {
  const unit = bytes.readUInt16LE(at);
  const length = LENGTHS[unit & 0xff] as number;
  if ((unit & 0xff) !== 0 || unit === 0) return length;
  if (unit === PACKED_SWITCH) return 4 + 2 * bytes.readUInt16LE(at + 2);
  if (unit === SPARSE_SWITCH) return 2 + 4 * bytes.readUInt16LE(at + 2);
  if (unit === ARRAY_DATA) return 4 + Math.ceil((bytes.readUInt16LE(at + 2) * bytes.readUInt32LE(at + 4)) / 2);
  return length;
}

/** The register that the instruction writes, and whether it writes the next one too. */
export function written(bytes: Buffer, at: number): { register: number; wide: boolean } | undefined {
  const unit = bytes.readUInt16LE(at);
  const form = WRITES[unit & 0xff];
  if (form === NONE) return undefined;
  const register = form === NIBBLE ? (unit >> 8) & 0xf : form === BYTE ? unit >> 8 : bytes.readUInt16LE(at + 2);
  return { register, wide: WIDE[unit & 0xff] === 1 };
}

/** Where control can go, in units from the instruction; `next` says whether it can also fall through. */
export function branches(bytes: Buffer, at: number): { to: number[]; next: boolean } {
  const op = bytes.readUInt8(at);
  if ((op >= 0x0e && op <= 0x11) || op === 0x27) return { to: [], next: false };
  if (op === 0x28) return { to: [bytes.readInt8(at + 1)], next: false };
  if (op === 0x29) return { to: [bytes.readInt16LE(at + 2)], next: false };
  if (op === 0x2a) return { to: [bytes.readInt32LE(at + 2)], next: false };
  if (op >= 0x32 && op <= 0x3d) return { to: [bytes.readInt16LE(at + 2)], next: true };
  if (op !== 0x2b && op !== 0x2c) return { to: [], next: true };
  const table = at + 2 * bytes.readInt32LE(at + 2);
  const count = bytes.readUInt16LE(table + 2);
  const first = table + (op === 0x2b ? 8 : 4 + 4 * count);
  return { to: Array.from({ length: count }, (_, each) => bytes.readInt32LE(first + 4 * each)), next: true };
}

export interface Invoke {
  /** Index in the table of methods. */
  method: number;
  isStatic: boolean;
  registers: number[];
}

/** @returns undefined for anything but a plain call */
export function invokeAt(bytes: Buffer, at: number): Invoke | undefined {
  const unit = bytes.readUInt16LE(at);
  const op = unit & 0xff;
  const ranged = op >= 0x74 && op <= 0x78;
  if (!ranged && (op < 0x6e || op > 0x72)) return undefined;
  const method = bytes.readUInt16LE(at + 2);
  const isStatic = op === 0x71 || op === 0x77;
  return { method, isStatic, registers: ranged ? rangeOf(bytes, at) : listOf(bytes, at) };
}

/** Registers of an instruction that lists up to five of them. */
export function listOf(bytes: Buffer, at: number): number[] {
  const unit = bytes.readUInt16LE(at);
  const packed = bytes.readUInt16LE(at + 4);
  const all = [packed & 0xf, (packed >> 4) & 0xf, (packed >> 8) & 0xf, packed >> 12, (unit >> 8) & 0xf];
  return all.slice(0, unit >> 12);
}

/** Registers of an instruction that takes a run of them. */
export function rangeOf(bytes: Buffer, at: number): number[] {
  const count = bytes.readUInt8(at + 1);
  const first = bytes.readUInt16LE(at + 4);
  return Array.from({ length: count }, (_, each) => first + each);
}
