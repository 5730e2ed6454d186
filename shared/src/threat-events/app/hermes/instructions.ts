/** Hermes bytecode of versions 94 to 96 (React Native 0.72 and later): how long each instruction is, and which are of interest here. */

export const FIRST_DECODED = 94;
export const LAST_DECODED = 96;

/** Bytes by opcode, in runs of [first opcode, length]. */
// biome-ignore format: a table
const LENGTHS = runs([
  [0, 1], [1, 10], [2, 14], [3, 2], [4, 3], [5, 8], [6, 10], [7, 4], [8, 3], [9, 9], [10, 3], [14, 4], [37, 3], [39, 4], [41, 3],
  [42, 4], [43, 5], [44, 4], [45, 5], [46, 4], [47, 5], [48, 2], [51, 7], [52, 5], [55, 6], [56, 8], [57, 6], [58, 8], [59, 6],
  [60, 8], [61, 6], [62, 8], [63, 4], [64, 5], [65, 7], [66, 5], [67, 7], [68, 4], [69, 7], [70, 5], [72, 7], [73, 4], [76, 6],
  [77, 5], [78, 6], [79, 4], [82, 5], [84, 6], [85, 7], [89, 4], [90, 7], [91, 3], [92, 2], [94, 4], [95, 2], [96, 3], [97, 1],
  [99, 3], [100, 5], [101, 7], [102, 5], [103, 7], [104, 5], [105, 7], [106, 4], [108, 3], [109, 6], [110, 3], [111, 6],
  [112, 10], [113, 4], [114, 6], [115, 4], [116, 6], [117, 2], [123, 3], [124, 2], [125, 3], [129, 4], [130, 3], [131, 2],
  [132, 14], [133, 18], [134, 1], [135, 3], [136, 1], [137, 5], [138, 7], [139, 3], [140, 4], [141, 3], [142, 2], [143, 5],
  [144, 3], [145, 6], [146, 3], [147, 6], [148, 3], [149, 6], [150, 2], [151, 5],
]);

function runs(table: ReadonlyArray<readonly [number, number]>): Uint8Array {
  const filled = new Uint8Array(256);
  for (const [first, value] of table) filled.fill(value, first);
  // Comparing jumps come in pairs, the second with an offset of four bytes; what follows computes on memory.
  for (let op = 152; op < 256; op++) filled[op] = op < 192 && op % 2 === 1 ? 7 : 4;
  return filled;
}

export const OP = {
  newArrayWithBuffer: 5,
  newArrayWithBufferLong: 6,
  newArray: 7,
  move: 8,
  getEnvironment: 41,
  storeToEnvironment: 42,
  storeToEnvironmentLong: 43,
  loadFromEnvironment: 46,
  loadFromEnvironmentLong: 47,
  createEnvironment: 50,
  getByIdShort: 54,
  getById: 55,
  getByIdLong: 56,
  tryGetById: 57,
  tryGetByIdLong: 58,
  putOwnByIndex: 68,
  getByVal: 73,
  call: 79,
  construct: 80,
  call1: 81,
  call2: 83,
  call3: 84,
  call4: 85,
  return: 92,
  throw: 95,
  createClosure: 100,
  createClosureLong: 101,
  selectObject: 107,
  loadParam: 108,
  loadConstUInt8: 110,
  loadConstInt: 111,
  loadConstString: 115,
  loadConstStringLong: 116,
  loadConstUndefined: 118,
  loadConstNull: 119,
  loadConstTrue: 120,
  loadConstFalse: 121,
  loadConstZero: 122,
  switchImm: 133,
  iteratorBegin: 139,
  iteratorNext: 140,
  jump: 142,
  jumpLong: 143,
} as const;

export const instructionBytes = (op: number): number => LENGTHS[op] as number;

/** Whether the first operand is the register that is written. */
export function writesFirst(op: number): boolean {
  if ((op >= 42 && op <= 45) || op === 52 || op === 53 || (op >= 59 && op <= 72) || op === 74 || op === 76)
    return false;
  if (op === 0 || op === 92 || op === 95 || (op >= 97 && op <= 99) || op === 133 || op === 134 || op === 136)
    return false;
  return op !== 141 && op < 142;
}

/** The offset of a jump, from the instruction. */
export function jumpOf(bytes: Buffer, at: number): number | undefined {
  const op = bytes.readUInt8(at);
  if (op < OP.jump || op >= 192) return undefined;
  return op % 2 === 0 ? bytes.readInt8(at + 1) : bytes.readInt32LE(at + 1);
}
