/** Event names in a Java class file, as libraries (.aar) have them (JVM specification, chapter 4). */
import type { PartContent } from '../evidence.ts';
import { NameSearch } from '../name-search.ts';
import { Budget, orUnreadable, UnreadablePart } from '../problem.ts';
import { instructionBytes } from './instructions.ts';

const MAGIC = 0xcafebabe;
const LOADS = new Set([0x12, 0x13]);
const CALLS = new Set([0xb6, 0xb7]);
const FILTER = 'android/content/IntentFilter';
const UNTIED = 'no IntentFilter is given it by the next instruction, or its class registers no receiver';
const STEPS_PER_BYTE = 10;

interface Constants {
  /** Offsets by index. */
  at: number[];
  end: number;
}

export function findInClass(bytes: Buffer, file: string, names: readonly string[]): PartContent {
  const hits = new Map(new NameSearch(names).all(bytes).map(({ at, name }) => [at, name]));
  if (hits.size === 0) return { findings: [] };
  return orUnreadable('class file', () => new ClassFile(bytes, file).find(hits));
}

class ClassFile {
  readonly #bytes: Buffer;
  readonly #file: string;
  readonly #constants: Constants;
  readonly #budget: Budget;

  constructor(bytes: Buffer, file: string) {
    if (bytes.readUInt32BE(0) !== MAGIC) throw new UnreadablePart('is damaged or encrypted: not a class file');
    this.#bytes = bytes;
    this.#file = file;
    this.#budget = new Budget(STEPS_PER_BYTE * bytes.length + 10_000);
    this.#constants = this.#readConstants();
  }

  find(hits: ReadonlyMap<number, string>): PartContent {
    const strings = new Map<number, string>();
    let registers = false;
    for (const [index, at] of this.#constants.at.entries()) {
      if (at === undefined) continue;
      const tag = this.#bytes.readUInt8(at);
      if (tag === 8) {
        const text = this.#constants.at[this.#bytes.readUInt16BE(at + 1)] ?? 0;
        const name = hits.get(text + 3);
        if (name !== undefined && this.#bytes.readUInt16BE(text + 1) === name.length) strings.set(index, name);
      }
      if (tag === 10 || tag === 11) {
        const called = this.#memberAt(index);
        if (called?.name === 'registerReceiver' && !called.owner.endsWith('/LocalBroadcastManager')) registers = true;
      }
    }
    const owner = this.#classAt(this.#bytes.readUInt16BE(this.#constants.end + 2)).replaceAll('/', '.');
    const findings: PartContent['findings'] = [];
    const used = new Set<string>();
    for (const { name: method, at, size } of this.#methods()) {
      for (const [name, isTied] of this.#namesIn(at, size, strings)) {
        used.add(name);
        const place = { file: this.#file, where: `${owner}.${method}`, what: 'name' as const };
        const what = isTied && registers ? { what: 'registration' as const } : { detail: UNTIED };
        findings.push({ name, place: { ...place, ...what } });
      }
    }
    for (const name of new Set(hits.values())) {
      if (!used.has(name))
        findings.push({ name, place: { file: this.#file, where: owner, what: 'name', detail: 'no code loads it' } });
    }
    return { findings };
  }

  #namesIn(start: number, size: number, strings: ReadonlyMap<number, string>): Map<string, boolean> {
    const found = new Map<string, boolean>();
    for (let at = start; at < start + size; ) {
      this.#budget.spend(1);
      const op = this.#bytes.readUInt8(at);
      const next = at + instructionBytes(this.#bytes, at, start);
      if (LOADS.has(op)) {
        const name = strings.get(op === 0x12 ? this.#bytes.readUInt8(at + 1) : this.#bytes.readUInt16BE(at + 1));
        if (name !== undefined) found.set(name, found.get(name) === true || this.#fillsFilter(next));
      }
      at = next;
    }
    return found;
  }

  #fillsFilter(at: number): boolean {
    if (!CALLS.has(this.#bytes.readUInt8(at))) return false;
    const called = this.#memberAt(this.#bytes.readUInt16BE(at + 1));
    return called?.owner === FILTER && (called.name === '<init>' || called.name === 'addAction');
  }

  *#methods(): Generator<{ name: string; at: number; size: number }> {
    const bytes = this.#bytes;
    let at = this.#constants.end + 6;
    at += 2 + 2 * bytes.readUInt16BE(at);
    for (const isMethod of [false, true]) {
      const count = bytes.readUInt16BE(at);
      at += 2;
      for (let member = 0; member < count; member++) {
        this.#budget.spend(1);
        const name = this.#textAt(bytes.readUInt16BE(at + 2));
        const attributes = bytes.readUInt16BE(at + 6);
        at += 8;
        for (let each = 0; each < attributes; each++) {
          this.#budget.spend(1);
          const size = bytes.readUInt32BE(at + 10);
          if (isMethod && this.#textAt(bytes.readUInt16BE(at)) === 'Code') yield { name, at: at + 14, size };
          at += 6 + bytes.readUInt32BE(at + 2);
        }
      }
    }
  }

  #memberAt(index: number): { owner: string; name: string } | undefined {
    const at = this.#constants.at[index];
    if (at === undefined) return undefined;
    const pair = this.#constants.at[this.#bytes.readUInt16BE(at + 3)];
    if (pair === undefined) return undefined;
    return {
      owner: this.#classAt(this.#bytes.readUInt16BE(at + 1)),
      name: this.#textAt(this.#bytes.readUInt16BE(pair + 1)),
    };
  }

  #classAt(index: number): string {
    const at = this.#constants.at[index];
    return at === undefined ? '' : this.#textAt(this.#bytes.readUInt16BE(at + 1));
  }

  #textAt(index: number): string {
    const at = this.#constants.at[index];
    if (at === undefined) return '';
    return this.#bytes.toString('latin1', at + 3, at + 3 + this.#bytes.readUInt16BE(at + 1));
  }

  #readConstants(): Constants {
    const at: number[] = [];
    let next = 10;
    const count = this.#bytes.readUInt16BE(8);
    for (let index = 1; index < count; index++) {
      at[index] = next;
      const tag = this.#bytes.readUInt8(next);
      const size = tag === 1 ? 3 + this.#bytes.readUInt16BE(next + 1) : SIZES[tag];
      if (size === undefined) throw new UnreadablePart('is a class file with an unknown constant');
      next += size;
      // Numbers of eight bytes take two places.
      if (tag === 5 || tag === 6) index++;
    }
    return { at, end: next };
  }
}

// biome-ignore format: a table
const SIZES: Readonly<Record<number, number>> = {
  3: 5, 4: 5, 5: 9, 6: 9, 7: 3, 8: 3, 9: 5, 10: 5, 11: 5, 12: 5, 15: 4, 16: 3, 17: 5, 18: 5, 19: 3, 20: 3,
};
