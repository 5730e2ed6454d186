/** The tables of a .dex file, read on demand (source.android.com, Dalvik executable format). Every read outside the file is a RangeError. */
import { UnreadablePart } from '../problem.ts';

const MAGIC = Buffer.from('dex\n', 'latin1');
/** 041 puts several files into one, with offsets that do not start at the header. */
const VERSIONS = ['035', '036', '037', '038', '039', '040'];
const HEADER_BYTES = 0x70;
const LITTLE_ENDIAN = 0x12345678;
/** No name in code is longer. */
const MAX_STRING_BYTES = 4096;

export interface MemberRef {
  /** Descriptor, `Lcom/example/Foo;`. */
  owner: string;
  name: string;
}

export interface MethodRef extends MemberRef {
  /** Descriptors of the parameters. */
  parameters: readonly string[];
  returns: string;
}

interface Table {
  count: number;
  at: number;
}

export class DexFile {
  readonly bytes: Buffer;
  readonly strings: Table;
  readonly types: Table;
  readonly protos: Table;
  readonly fields: Table;
  readonly methods: Table;
  readonly classes: Table;
  readonly #types = new Map<number, string>();
  readonly #methods = new Map<number, MethodRef>();

  /** @throws UnreadablePart, RangeError */
  constructor(bytes: Buffer) {
    if (!bytes.subarray(0, 4).equals(MAGIC)) throw new UnreadablePart('is damaged or encrypted: not a .dex file');
    const version = bytes.toString('latin1', 4, 7);
    if (!VERSIONS.includes(version)) throw new UnreadablePart(`is a .dex file of version ${JSON.stringify(version)}`);
    if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0x20) > bytes.length) {
      throw new UnreadablePart('is a .dex file that is cut short');
    }
    if (bytes.readUInt32LE(0x28) !== LITTLE_ENDIAN) throw new UnreadablePart('is a big-endian .dex file');
    const table = (at: number, entryBytes: number): Table => {
      const found = { count: bytes.readUInt32LE(at), at: bytes.readUInt32LE(at + 4) };
      if (found.at + found.count * entryBytes > bytes.length)
        throw new UnreadablePart('is a .dex file with a broken table');
      return found;
    };
    this.bytes = bytes;
    this.strings = table(0x38, 4);
    this.types = table(0x40, 4);
    this.protos = table(0x48, 12);
    this.fields = table(0x50, 8);
    this.methods = table(0x58, 8);
    this.classes = table(0x60, 32);
  }

  /** Where the content of a string starts, after its length. */
  stringStart(index: number): number {
    const at = this.bytes.readUInt32LE(entry(this.strings, index, 4));
    return skipUleb(this.bytes, at);
  }

  /** Names are ASCII in practice; other characters only have to stay distinct. */
  string(index: number): string {
    const start = this.stringStart(index);
    const end = this.bytes.indexOf(0, start);
    return this.bytes.toString('latin1', start, Math.min(end < 0 ? this.bytes.length : end, start + MAX_STRING_BYTES));
  }

  /** Strings are sorted, and names in code are ASCII. */
  indexOfString(wanted: string): number | undefined {
    let [low, high] = [0, this.strings.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.string(middle) < wanted) low = middle + 1;
      else high = middle;
    }
    return low < this.strings.count && this.string(low) === wanted ? low : undefined;
  }

  type(index: number): string {
    const known = this.#types.get(index);
    if (known !== undefined) return known;
    const found = this.string(this.bytes.readUInt32LE(entry(this.types, index, 4)));
    this.#types.set(index, found);
    return found;
  }

  field(index: number): MemberRef & { type: string } {
    const at = entry(this.fields, index, 8);
    const { bytes } = this;
    return {
      owner: this.type(bytes.readUInt16LE(at)),
      type: this.type(bytes.readUInt16LE(at + 2)),
      name: this.string(bytes.readUInt32LE(at + 4)),
    };
  }

  method(index: number): MethodRef {
    const known = this.#methods.get(index);
    if (known !== undefined) return known;
    const at = entry(this.methods, index, 8);
    const { bytes } = this;
    const proto = entry(this.protos, bytes.readUInt16LE(at + 2), 12);
    const found = {
      owner: this.type(bytes.readUInt16LE(at)),
      name: this.string(bytes.readUInt32LE(at + 4)),
      returns: this.type(bytes.readUInt32LE(proto + 4)),
      parameters: this.#typeList(bytes.readUInt32LE(proto + 8)),
    };
    this.#methods.set(index, found);
    return found;
  }

  /** The type that owns a field or method, without reading its name. */
  ownerOf(table: 'fields' | 'methods', index: number): string {
    return this.type(this.bytes.readUInt16LE(entry(this[table], index, 8)));
  }

  #typeList(at: number): string[] {
    if (at === 0) return [];
    // A method takes at most 255 arguments.
    const count = Math.min(255, this.bytes.readUInt32LE(at));
    return Array.from({ length: count }, (_, each) => this.type(this.bytes.readUInt16LE(at + 4 + 2 * each)));
  }
}

function entry({ at, count }: Table, index: number, bytes: number): number {
  if (index >= count) throw new RangeError(`index ${index} of ${count}`);
  return at + index * bytes;
}

function skipUleb(bytes: Buffer, at: number): number {
  let end = at;
  while (bytes.readUInt8(end) >= 0x80) end++;
  return end + 1;
}

/** `Lcom/example/Foo;` as people write it. */
export const classNameOf = (descriptor: string): string => descriptor.slice(1, -1).replaceAll('/', '.');
export const fieldKey = ({ owner, name }: MemberRef): string => `${owner}->${name}`;

/** Kept: each instruction of a method asks for it. */
const KEYS = new WeakMap<MethodRef, string>();

export function methodKey(method: MethodRef): string {
  let key = KEYS.get(method);
  if (key === undefined) {
    const { owner, name, parameters, returns } = method;
    key = `${owner}->${name}(${parameters.join('')})${returns}`;
    KEYS.set(method, key);
  }
  return key;
}
