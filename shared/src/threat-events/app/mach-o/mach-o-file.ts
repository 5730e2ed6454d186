/** Mach-O files, thin and universal: the sections that hold names, and what is known about the code (mach-o/loader.h, mach-o/fat.h). */
import { Budget, UnreadablePart } from '../problem.ts';

export interface Section {
  segment: string;
  name: string;
  /** Where it is in memory, and in the file. */
  address: number;
  at: number;
  size: number;
  /** For stubs: the first index in the table of indirect symbols, and the size of a stub. */
  firstSymbol: number;
  stubBytes: number;
}

export interface MachO {
  /** One architecture. */
  bytes: Buffer;
  isArm64: boolean;
  isEncrypted: boolean;
  /** Compiled, and not yet linked: addresses are not there yet. */
  isObject: boolean;
  /** The lowest address, where the file itself is. */
  base: number;
  sections: Section[];
  symbols?: { at: number; count: number; strings: number; stringBytes: number };
  indirect?: { at: number; count: number };
  functionStarts?: { at: number; size: number };
}

const FAT = 0xcafebabe;
const FAT64 = 0xcafebabf;
const THIN64 = 0xfeedfacf;
const THIN32 = 0xfeedface;
const ARM64 = 0x0100000c;
const OBJECT = 1;
const MAX_STEPS = 100_000;

export const isMachO = (bytes: Buffer): boolean =>
  bytes.length > 32 &&
  ([FAT, FAT64].includes(bytes.readUInt32BE(0)) || [THIN64, THIN32].includes(bytes.readUInt32LE(0)));

/** @throws UnreadablePart, RangeError */
export function readMachO(file: Buffer): MachO {
  const bytes = sliceOf(file);
  const magic = bytes.readUInt32LE(0);
  if (magic === THIN32) throw new UnreadablePart('is a 32-bit Mach-O file');
  if (magic !== THIN64) throw new UnreadablePart('is damaged or encrypted: not a Mach-O file');
  const found: MachO = {
    bytes,
    isArm64: bytes.readUInt32LE(4) === ARM64,
    isEncrypted: false,
    isObject: bytes.readUInt32LE(12) === OBJECT,
    base: 0,
    sections: [],
  };
  const budget = new Budget(MAX_STEPS);
  let at = 32;
  for (let count = bytes.readUInt32LE(16); count > 0; count--) {
    budget.spend(1);
    const size = bytes.readUInt32LE(at + 4);
    if (size < 8) throw new UnreadablePart('is a Mach-O file with a broken load command');
    readCommand(found, at, budget);
    at += size;
  }
  return found;
}

function sliceOf(file: Buffer): Buffer {
  const magic = file.readUInt32BE(0);
  if (magic !== FAT && magic !== FAT64) return file;
  const entry = magic === FAT ? 20 : 32;
  const slices: Array<{ type: number; start: number; size: number }> = [];
  for (let index = 0; index < Math.min(file.readUInt32BE(4), 32); index++) {
    const at = 8 + entry * index;
    const [start, size] =
      magic === FAT
        ? [file.readUInt32BE(at + 8), file.readUInt32BE(at + 12)]
        : [Number(file.readBigUInt64BE(at + 8)), Number(file.readBigUInt64BE(at + 16))];
    slices.push({ type: file.readUInt32BE(at), start, size });
  }
  const chosen = slices.find(({ type }) => type === ARM64) ?? slices[0];
  if (chosen === undefined || chosen.start + chosen.size > file.length) {
    throw new UnreadablePart('is a universal Mach-O file that is cut short');
  }
  return file.subarray(chosen.start, chosen.start + chosen.size);
}

function readCommand(found: MachO, at: number, budget: Budget): void {
  const { bytes } = found;
  const type = bytes.readUInt32LE(at);
  if (type === 0x19) readSegment(found, at, budget);
  if (type === 0x21 || type === 0x2c) found.isEncrypted ||= bytes.readUInt32LE(at + 16) !== 0;
  if (type === 0x26) found.functionStarts = { at: bytes.readUInt32LE(at + 8), size: bytes.readUInt32LE(at + 12) };
  if (type === 0x02) {
    const [symbols, count, strings, stringBytes] = [8, 12, 16, 20].map((each) => bytes.readUInt32LE(at + each)) as [
      number,
      number,
      number,
      number,
    ];
    found.symbols = { at: symbols, count, strings, stringBytes };
  }
  if (type === 0x0b) found.indirect = { at: bytes.readUInt32LE(at + 56), count: bytes.readUInt32LE(at + 60) };
}

function readSegment(found: MachO, at: number, budget: Budget): void {
  const { bytes } = found;
  if (textAt(bytes, at + 8) === '__TEXT') found.base = Number(bytes.readBigUInt64LE(at + 24));
  const count = bytes.readUInt32LE(at + 64);
  for (let index = 0; index < count; index++) {
    budget.spend(1);
    const section = at + 72 + 80 * index;
    const start = bytes.readUInt32LE(section + 48);
    const size = Number(bytes.readBigUInt64LE(section + 40));
    // Sections of zeros lie nowhere in the file.
    const type = bytes.readUInt8(section + 64);
    if (type === 1 || type === 0x0c || type === 0x12) continue;
    if (start + size > bytes.length) throw new UnreadablePart('is a Mach-O file that is cut short');
    found.sections.push({
      name: textAt(bytes, section),
      segment: textAt(bytes, section + 16),
      address: Number(bytes.readBigUInt64LE(section + 32)),
      at: start,
      size,
      firstSymbol: bytes.readUInt32LE(section + 68),
      stubBytes: bytes.readUInt32LE(section + 72),
    });
  }
}

function textAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, at + 16).replace(/\0.*$/s, '');
}

export function sectionOf(file: MachO, name: string): Section | undefined {
  return file.sections.find((section) => section.name === name);
}

/** The offset in the file of an address. */
export function offsetOf(file: MachO, address: number): number | undefined {
  const section = file.sections.find((each) => address >= each.address && address < each.address + each.size);
  return section && section.at + address - section.address;
}

/** A pointer in data: an address, or what the linker left for the loader (mach-o/fixup-chains.h: the low 36 bits). */
export function pointerAt(file: MachO, at: number): number {
  const target = file.bytes.readUInt32LE(at) + (file.bytes.readUInt32LE(at + 4) & 0xf) * 2 ** 32;
  return target < file.base ? target + file.base : target;
}

/** Where the code calls a function of another library. */
export function stubsOf(file: MachO, symbol: string): Set<number> {
  const found = new Set<number>();
  const { bytes, symbols, indirect } = file;
  const stubs = sectionOf(file, '__stubs');
  if (symbols === undefined || indirect === undefined || stubs === undefined || stubs.stubBytes === 0) return found;
  const name = Buffer.from(`\0${symbol}\0`, 'latin1');
  const strings = bytes.subarray(symbols.strings, symbols.strings + symbols.stringBytes);
  const text = strings.indexOf(name) + 1;
  if (text === 0) return found;
  for (let index = 0; index < stubs.size / stubs.stubBytes; index++) {
    const entry = stubs.firstSymbol + index;
    if (entry >= indirect.count) break;
    const number = bytes.readUInt32LE(indirect.at + 4 * entry);
    if (number < symbols.count && bytes.readUInt32LE(symbols.at + 16 * number) === text) {
      found.add(stubs.address + index * stubs.stubBytes);
    }
  }
  return found;
}
