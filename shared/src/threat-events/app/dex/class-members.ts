/** The classes of a .dex file: methods that have code, and static fields that start with a string. */
import { type Budget, UnreadablePart } from '../problem.ts';
import type { DexFile } from './dex-file.ts';

export interface MethodCode {
  /** Index in the table of methods. */
  method: number;
  owner: string;
  /** Offset of its first instruction. */
  at: number;
  /** Length in 16-bit units. */
  units: number;
  registers: number;
  /** The arguments are its last registers. */
  arguments: number;
  isStatic: boolean;
}

const STATIC = 0x8;

export function* methodsWithCode(dex: DexFile, budget: Budget): Generator<MethodCode> {
  const { bytes } = dex;
  for (let index = 0; index < dex.classes.count; index++) {
    const at = dex.classes.at + 32 * index;
    const data = bytes.readUInt32LE(at + 24);
    if (data === 0) continue;
    const owner = dex.type(bytes.readUInt32LE(at));
    const reader = new Reader(bytes, data);
    const [staticFields, instanceFields, direct, virtual] = [
      reader.uleb(),
      reader.uleb(),
      reader.uleb(),
      reader.uleb(),
    ];
    for (let field = 0; field < staticFields + instanceFields; field++) {
      budget.spend(1);
      reader.uleb();
      reader.uleb();
    }
    for (const count of [direct, virtual]) {
      let method = 0;
      for (let each = 0; each < count; each++) {
        budget.spend(1);
        method += reader.uleb();
        const flags = reader.uleb();
        const code = reader.uleb();
        if (code === 0) continue;
        const units = bytes.readUInt32LE(code + 12);
        if (code + 16 + 2 * units > bytes.length)
          throw new UnreadablePart('is a .dex file with a method that is cut short');
        yield {
          method,
          owner,
          at: code + 16,
          units,
          registers: bytes.readUInt16LE(code),
          arguments: bytes.readUInt16LE(code + 2),
          isStatic: (flags & STATIC) !== 0,
        };
      }
    }
  }
}

/** Indexes of the methods that a class has. */
export function* definedMethods(dex: DexFile, index: number, budget: Budget): Generator<number> {
  const data = dex.bytes.readUInt32LE(dex.classes.at + 32 * index + 24);
  if (data === 0) return;
  const reader = new Reader(dex.bytes, data);
  const [staticFields, instanceFields, direct, virtual] = [reader.uleb(), reader.uleb(), reader.uleb(), reader.uleb()];
  for (let skip = 2 * (staticFields + instanceFields); skip > 0; skip--) {
    budget.spend(1);
    reader.uleb();
  }
  for (const count of [direct, virtual]) {
    let method = 0;
    for (let each = 0; each < count; each++) {
      budget.spend(1);
      method += reader.uleb();
      reader.uleb();
      reader.uleb();
      yield method;
    }
  }
}

/** Static fields whose initial value is one of these strings; `final` constants have theirs here. */
export function* staticStrings(
  dex: DexFile,
  wanted: ReadonlyMap<number, string>,
  budget: Budget,
): Generator<{ field: number; owner: string; name: string }> {
  const { bytes } = dex;
  for (let index = 0; index < dex.classes.count; index++) {
    const at = dex.classes.at + 32 * index;
    const data = bytes.readUInt32LE(at + 24);
    const values = bytes.readUInt32LE(at + 28);
    if (data === 0 || values === 0) continue;
    const fields = new Reader(bytes, data);
    const staticFields = fields.uleb();
    for (let skip = 0; skip < 3; skip++) fields.uleb();
    const reader = new Reader(bytes, values);
    const count = Math.min(reader.uleb(), staticFields);
    let field = 0;
    for (let each = 0; each < count; each++) {
      budget.spend(1);
      field += fields.uleb();
      fields.uleb();
      const name = wanted.get(reader.stringValue(budget) ?? -1);
      if (name !== undefined) yield { field, owner: dex.type(bytes.readUInt32LE(at)), name };
    }
  }
}

const VALUE_STRING = 0x17;
const VALUE_ARRAY = 0x1c;
const VALUE_ANNOTATION = 0x1d;
/** These have no bytes after their header. */
const VALUES_WITHIN = new Set([0x1e, 0x1f]);
const MAX_DEPTH = 20;

class Reader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  uleb(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#at++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new UnreadablePart('is a .dex file with a broken number');
  }

  /** @returns the index if the value is a string */
  stringValue(budget: Budget, depth = 0): number | undefined {
    budget.spend(1);
    if (depth > MAX_DEPTH) throw new UnreadablePart('is a .dex file with values that are nested too deeply');
    const header = this.#bytes.readUInt8(this.#at++);
    const type = header & 0x1f;
    const size = (header >> 5) + 1;
    if (type === VALUE_STRING) {
      // At most four bytes; a longer one is out of range and throws.
      const index = this.#bytes.readUIntLE(this.#at, size);
      this.#at += size;
      return index;
    }
    if (type === VALUE_ANNOTATION) this.uleb();
    if (type === VALUE_ARRAY || type === VALUE_ANNOTATION) {
      const count = this.uleb();
      for (let each = 0; each < count; each++) {
        if (type === VALUE_ANNOTATION) this.uleb();
        this.stringValue(budget, depth + 1);
      }
    } else if (!VALUES_WITHIN.has(type)) this.#at += size;
    return undefined;
  }
}
