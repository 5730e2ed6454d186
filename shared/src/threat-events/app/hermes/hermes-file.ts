/** Hermes bytecode: the header and the tables of strings and functions (facebook/hermes, BytecodeFileFormat.h). */
import type { PackedString } from '../packed-strings.ts';
import { UnreadablePart } from '../problem.ts';

const MAGIC = Buffer.from('c61fbc03c103191f', 'hex');
const HEADER_BYTES = 128;
/** Before it, entries had another form; from 97 on the header and the functions have. */
const FIRST_VERSION = 74;
const FIRST_WITH_BIGINT = 87;
const LAST_VERSION = 96;
const OVERFLOWS = 0xff;
const OVERFLOWED = 0x20;

export interface HermesFunction {
  at: number;
  size: number;
  registers: number;
}

export const isHermes = (bytes: Buffer): boolean => bytes.subarray(0, 8).equals(MAGIC);

export class HermesFile {
  readonly bytes: Buffer;
  readonly version: number;
  readonly functions: { count: number; at: number };
  /** The elements of array literals. */
  readonly arrays: { size: number; at: number };
  readonly stringCount: number;
  readonly #strings: number;
  readonly #overflow: { count: number; at: number };
  readonly #storage: { size: number; at: number };

  /** @throws UnreadablePart, RangeError */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.version = bytes.readUInt32LE(8);
    if (this.version < FIRST_VERSION || this.version > LAST_VERSION) {
      throw new UnreadablePart(`is Hermes bytecode of version ${this.version}, which is not known here`);
    }
    if (bytes.readUInt32LE(32) > bytes.length) throw new UnreadablePart('is Hermes bytecode that is cut short');
    const [functions, kinds, identifiers, strings, overflow, storage] = [40, 44, 48, 52, 56, 60].map((at) =>
      bytes.readUInt32LE(at),
    ) as [number, number, number, number, number, number];
    let at = HEADER_BYTES;
    const section = (size: number) => {
      const start = at;
      at += Math.ceil(size / 4) * 4;
      if (at > bytes.length) throw new UnreadablePart('is Hermes bytecode with a broken table');
      return start;
    };
    this.functions = { count: functions, at: section(16 * functions) };
    section(4 * kinds);
    section(4 * identifiers);
    this.#strings = section(4 * strings);
    this.stringCount = strings;
    this.#overflow = { count: overflow, at: section(8 * overflow) };
    this.#storage = { size: storage, at: section(storage) };
    const arrays = bytes.readUInt32LE(this.version < FIRST_WITH_BIGINT ? 72 : 80);
    this.arrays = { size: arrays, at };
  }

  function(index: number): HermesFunction {
    const { bytes } = this;
    const small = this.functions.at + 16 * index;
    const [first, second, third] = [0, 4, 8].map((each) => bytes.readUInt32LE(small + each)) as [
      number,
      number,
      number,
    ];
    const isLarge = (bytes.readUInt8(small + 15) & OVERFLOWED) !== 0;
    if (!isLarge) return { at: first & 0x1ffffff, size: second & 0x7fff, registers: third >>> 25 };
    // The two offsets of the small header are the halves of the large one's.
    const large = (third & 0x1ffffff) * 0x10000 + (first & 0xffff);
    return {
      at: bytes.readUInt32LE(large),
      size: bytes.readUInt32LE(large + 8),
      registers: bytes.readUInt32LE(large + 20),
    };
  }

  string(index: number): PackedString {
    if (index >= this.stringCount) throw new RangeError(`string ${index} of ${this.stringCount}`);
    const entry = this.bytes.readUInt32LE(this.#strings + 4 * index);
    let isUtf16 = (entry & 1) === 1;
    let offset = (entry >>> 1) & 0x7fffff;
    let length = entry >>> 24;
    if (length === OVERFLOWS) {
      if (offset >= this.#overflow.count) throw new RangeError(`long string ${offset} of ${this.#overflow.count}`);
      const long = this.#overflow.at + 8 * offset;
      offset = this.bytes.readUInt32LE(long);
      const size = this.bytes.readUInt32LE(long + 4);
      isUtf16 = size >>> 31 === 1 || isUtf16;
      length = size & 0x7fffffff;
    }
    return { at: this.#storage.at + offset, length, isUtf16 };
  }

  *allStrings(): Generator<PackedString> {
    for (let index = 0; index < this.stringCount; index++) yield this.string(index);
  }

  text(index: number): string {
    const { at, length, isUtf16 } = this.string(index);
    const end = Math.min(at + length * (isUtf16 ? 2 : 1), this.#storage.at + this.#storage.size);
    return this.bytes.toString(isUtf16 ? 'utf16le' : 'latin1', at, end);
  }
}
