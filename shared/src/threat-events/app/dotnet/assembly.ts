/** A .NET assembly: the heap of user strings, the methods with their code, and the names of what they call (ECMA-335, II.22 to II.25). */
import { type Budget, UnreadablePart } from '../problem.ts';

const USER_STRING = 0x70;
const MEMBER_REF = 0x0a;
const METHOD_DEF = 0x06;
const STATIC = 0x10;
const GENERIC = 0x10;
const HAS_THIS = 0x20;
const VOID = 0x01;

interface Heap {
  at: number;
  size: number;
}

export interface Callee {
  /** `Namespace.Type.Member` of a call to another assembly, or the name of a method of this one. */
  name: string;
  isOutside: boolean;
  hasThis: boolean;
  parameters: number;
  returns: boolean;
}

export interface IlMethod {
  name: string;
  isStatic: boolean;
  /** Offset and size of its code. */
  at: number;
  size: number;
}

export class Assembly {
  readonly bytes: Buffer;
  readonly #sections: Array<{ address: number; size: number; at: number }> = [];
  readonly #heaps = new Map<string, Heap>();
  readonly #rows: number[] = [];
  readonly #tables: number[] = [];
  readonly #wide: { strings: number; guids: number; blobs: number };

  /** @throws UnreadablePart, RangeError */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
    const header = bytes.readUInt32LE(0x3c);
    if (bytes.readUInt32LE(header) !== 0x00004550)
      throw new UnreadablePart('is damaged or encrypted: not a .NET assembly');
    const optional = header + 24;
    const directories = optional + (bytes.readUInt16LE(optional) === 0x20b ? 112 : 96);
    const sections = optional + bytes.readUInt16LE(header + 20);
    for (let index = 0; index < Math.min(96, bytes.readUInt16LE(header + 6)); index++) {
      const at = sections + 40 * index;
      const [size, address, , start] = [8, 12, 16, 20].map((each) => bytes.readUInt32LE(at + each)) as [
        number,
        number,
        number,
        number,
      ];
      this.#sections.push({ address, size, at: start });
    }
    const cli = this.offset(bytes.readUInt32LE(directories + 8 * 14));
    const metadata = this.offset(bytes.readUInt32LE(cli + 8));
    if (bytes.readUInt32LE(metadata) !== 0x424a5342) throw new UnreadablePart('is an assembly without metadata');
    let at = metadata + 16 + bytes.readUInt32LE(metadata + 12);
    for (let left = Math.min(32, bytes.readUInt16LE(at + 2)), next = at + 4; left > 0; left--) {
      const end = bytes.indexOf(0, next + 8);
      const name = bytes.toString('latin1', next + 8, Math.min(end, next + 40));
      const heap = { at: metadata + bytes.readUInt32LE(next), size: bytes.readUInt32LE(next + 4) };
      if (heap.at + heap.size > bytes.length) throw new UnreadablePart('is an assembly that is cut short');
      this.#heaps.set(name, heap);
      next += 8 + 4 * Math.ceil((name.length + 1) / 4);
    }
    at = this.#heap('#~').at;
    const sizes = bytes.readUInt8(at + 6);
    this.#wide = { strings: sizes & 1 ? 4 : 2, guids: sizes & 2 ? 4 : 2, blobs: sizes & 4 ? 4 : 2 };
    const present = bytes.readBigUInt64LE(at + 8);
    at += 24;
    for (let table = 0; table < 64; table++) {
      this.#rows[table] = (present >> BigInt(table)) & 1n ? bytes.readUInt32LE(at) : 0;
      if (this.#rows[table] || (present >> BigInt(table)) & 1n) at += 4;
    }
    for (let table = 0; table <= MEMBER_REF; table++) {
      this.#tables[table] = at;
      at += (this.#rows[table] ?? 0) * this.#rowBytes(table);
    }
    if (at > bytes.length) throw new UnreadablePart('is an assembly with a broken table');
  }

  #heap(name: string): Heap {
    const found = this.#heaps.get(name);
    if (found === undefined) throw new UnreadablePart(`is an assembly without ${name}`);
    return found;
  }

  offset(address: number): number {
    const section = this.#sections.find((each) => address >= each.address && address < each.address + each.size);
    if (section === undefined) throw new RangeError(`address ${address}`);
    return section.at + address - section.address;
  }

  /** User strings that one of the names is, by token. */
  userStrings(hits: ReadonlyMap<number, string>, budget: Budget): Map<number, string> {
    const found = new Map<number, string>();
    const heap = this.#heaps.get('#US');
    if (heap === undefined) return found;
    const end = Math.min(this.bytes.length, heap.at + heap.size);
    for (let at = heap.at + 1; at < end; ) {
      budget.spend(1);
      const { value: length, next } = compressed(this.bytes, at);
      const name = hits.get(next);
      // A byte of flags follows.
      if (name !== undefined && length === 2 * name.length + 1) found.set(USER_STRING * 2 ** 24 + at - heap.at, name);
      at = next + length;
    }
    return found;
  }

  *methods(budget: Budget): Generator<IlMethod> {
    const size = this.#rowBytes(METHOD_DEF);
    for (let row = 0; row < (this.#rows[METHOD_DEF] ?? 0); row++) {
      budget.spend(1);
      const at = (this.#tables[METHOD_DEF] ?? 0) + row * size;
      const address = this.bytes.readUInt32LE(at);
      if (address === 0) continue;
      const body = this.offset(address);
      const first = this.bytes.readUInt8(body);
      const name = this.#stringAt(at + 8);
      const isStatic = (this.bytes.readUInt16LE(at + 6) & STATIC) !== 0;
      if ((first & 3) === 2) yield { name, isStatic, at: body + 1, size: first >> 2 };
      else {
        const header = 4 * (this.bytes.readUInt8(body + 1) >> 4);
        yield { name, isStatic, at: body + header, size: this.bytes.readUInt32LE(body + 4) };
      }
    }
  }

  /** The name of the module, as `Shop.dll`. */
  get module(): string {
    return (this.#rows[0] ?? 0) > 0 ? this.#stringAt((this.#tables[0] ?? 0) + 2) : '';
  }

  /** Whether a method of this assembly has the name. */
  defines(name: string, budget: Budget): boolean {
    const size = this.#rowBytes(METHOD_DEF);
    for (let row = 0; row < (this.#rows[METHOD_DEF] ?? 0); row++) {
      budget.spend(1);
      if (this.#stringAt((this.#tables[METHOD_DEF] ?? 0) + row * size + 8) === name) return true;
    }
    return false;
  }

  /** @returns undefined for a call of a generic method, or by a pointer */
  callee(token: number): Callee | undefined {
    const table = token >>> 24;
    const row = (token & 0xffffff) - 1;
    if ((table !== MEMBER_REF && table !== METHOD_DEF) || row < 0 || row >= (this.#rows[table] ?? 0)) return undefined;
    const at = (this.#tables[table] ?? 0) + row * this.#rowBytes(table);
    const { strings } = this.#wide;
    if (table === METHOD_DEF) {
      return { name: this.#stringAt(at + 8), isOutside: false, ...this.#signature(at + 8 + strings) };
    }
    const parentBytes = this.#coded(3, [0x02, 0x01, 0x1a, 0x06, 0x1b]);
    const parent = this.bytes.readUIntLE(at, parentBytes);
    const name = this.#stringAt(at + parentBytes);
    const signature = this.#signature(at + parentBytes + strings);
    if ((parent & 7) !== 1) return { name, isOutside: false, ...signature };
    const type = (this.#tables[1] ?? 0) + ((parent >>> 3) - 1) * this.#rowBytes(1);
    const typeName = type + this.#coded(2, [0x00, 0x1a, 0x23, 0x01]);
    const space = this.#stringAt(typeName + strings);
    return {
      name: `${space === '' ? '' : `${space}.`}${this.#stringAt(typeName)}.${name}`,
      isOutside: true,
      ...signature,
    };
  }

  /** II.23.2.1: how the method is called, and whether it returns anything. */
  #signature(at: number): { hasThis: boolean; parameters: number; returns: boolean } {
    const blob = this.#heap('#Blob').at + this.bytes.readUIntLE(at, this.#wide.blobs);
    const start = compressed(this.bytes, blob).next;
    const convention = this.bytes.readUInt8(start);
    let next = start + 1;
    if (convention & GENERIC) next = compressed(this.bytes, next).next;
    const count = compressed(this.bytes, next);
    next = count.next;
    // Modifiers of the type stand before it.
    for (let type = this.bytes.readUInt8(next); type === 0x1f || type === 0x20; type = this.bytes.readUInt8(next)) {
      next = compressed(this.bytes, next + 1).next;
    }
    return {
      hasThis: (convention & HAS_THIS) !== 0,
      parameters: Math.min(count.value, 255),
      returns: this.bytes.readUInt8(next) !== VOID,
    };
  }

  #stringAt(at: number): string {
    const heap = this.#heap('#Strings');
    const start = heap.at + this.bytes.readUIntLE(at, this.#wide.strings);
    const end = this.bytes.indexOf(0, start);
    return this.bytes.toString('latin1', start, Math.min(end < 0 ? start : end, start + 256));
  }

  #index(table: number): number {
    return (this.#rows[table] ?? 0) > 0xffff ? 4 : 2;
  }

  #coded(bits: number, tables: readonly number[]): number {
    return Math.max(...tables.map((table) => this.#rows[table] ?? 0)) >= 2 ** (16 - bits) ? 4 : 2;
  }

  #rowBytes(table: number): number {
    const { strings, guids, blobs } = this.#wide;
    const type = this.#coded(2, [0x02, 0x01, 0x1b]);
    switch (table) {
      case 0x00:
        return 2 + strings + 3 * guids;
      case 0x01:
        return this.#coded(2, [0x00, 0x1a, 0x23, 0x01]) + 2 * strings;
      case 0x02:
        return 4 + 2 * strings + type + this.#index(0x04) + this.#index(0x06);
      case 0x04:
        return 2 + strings + blobs;
      case 0x06:
        return 8 + strings + blobs + this.#index(0x08);
      case 0x08:
        return 4 + strings;
      case 0x09:
        return this.#index(0x02) + type;
      case 0x0a:
        return this.#coded(3, [0x02, 0x01, 0x1a, 0x06, 0x1b]) + strings + blobs;
      default:
        // 3, 5 and 7 point from one table to another.
        return this.#index(table + 1);
    }
  }
}

function compressed(bytes: Buffer, at: number): { value: number; next: number } {
  const first = bytes.readUInt8(at);
  if (first < 0x80) return { value: first, next: at + 1 };
  if (first < 0xc0) return { value: bytes.readUInt16BE(at) & 0x3fff, next: at + 2 };
  return { value: bytes.readUInt32BE(at) & 0x1fffffff, next: at + 4 };
}
