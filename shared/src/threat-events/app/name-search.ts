/** Finds any of many names in bytes in one pass (Wu and Manber 1994): an app has hundreds of megabytes, and an event list 84 names. */
import { UnreadablePart } from './problem.ts';

export interface NameHit {
  name: string;
  /** Offset of its first byte. */
  at: number;
  encoding: NameEncoding;
}

export type NameEncoding = 'latin1' | 'utf16le';

const BLOCK = 2;
const MAX_HITS = 100_000;

export class NameSearch {
  readonly names: readonly string[];
  readonly #patterns: ReadonlyArray<{ name: string; encoding: NameEncoding; bytes: Buffer }>;
  /** How far to move on, by the two bytes at the end of the window. */
  readonly #shift = new Uint8Array(0x10000);
  readonly #ending = new Map<number, number[]>();
  readonly #window: number;

  /** Names of at least two characters. */
  constructor(names: readonly string[], encodings: readonly NameEncoding[] = ['latin1']) {
    this.names = names.filter((name) => name.length >= BLOCK);
    this.#patterns = this.names.flatMap((name) =>
      encodings.map((encoding) => ({ name, encoding, bytes: Buffer.from(name, encoding) })),
    );
    this.#window = Math.min(255, ...this.#patterns.map(({ bytes }) => bytes.length));
    this.#shift.fill(Math.max(1, this.#window - BLOCK + 1));
    for (const [index, { bytes }] of this.#patterns.entries()) {
      for (let end = BLOCK - 1; end < this.#window; end++) {
        const block = bytes.readUInt16LE(end - 1);
        this.#shift[block] = Math.min(this.#shift[block] ?? 0, this.#window - 1 - end);
        if (end === this.#window - 1) this.#ending.set(block, [...(this.#ending.get(block) ?? []), index]);
      }
    }
  }

  /** The longest name in bytes: what pieces of a stream must overlap by. */
  get longest(): number {
    return Math.max(0, ...this.#patterns.map(({ bytes }) => bytes.length));
  }

  *find(bytes: Buffer): Generator<NameHit> {
    if (this.#patterns.length === 0) return;
    const shift = this.#shift;
    const end = bytes.length;
    for (let last = this.#window - 1; last < end; ) {
      const block = (bytes[last - 1] as number) | ((bytes[last] as number) << 8);
      const move = shift[block] as number;
      if (move > 0) {
        last += move;
        continue;
      }
      const at = last - this.#window + 1;
      for (const index of this.#ending.get(block) ?? []) {
        const pattern = this.#patterns[index];
        if (pattern === undefined || at + pattern.bytes.length > end) continue;
        if (bytes.compare(pattern.bytes, 0, pattern.bytes.length, at, at + pattern.bytes.length) !== 0) continue;
        yield { name: pattern.name, at, encoding: pattern.encoding };
      }
      last++;
    }
  }

  /** All hits, for readers that keep them. @throws UnreadablePart for a file that repeats names to use up memory */
  all(bytes: Buffer): NameHit[] {
    const found: NameHit[] = [];
    for (const hit of this.find(bytes)) {
      if (found.push(hit) > MAX_HITS) throw new UnreadablePart('repeats the names of events too often');
    }
    return found;
  }

  /** Whether the hit is a word of its own: `RootedDevice` is not in `RootedDeviceModel`. */
  static isWhole(bytes: Buffer, { name, at, encoding }: NameHit): boolean {
    const step = encoding === 'latin1' ? 1 : 2;
    const after = at + name.length * step;
    return !isWordAt(bytes, at - step, step) && !isWordAt(bytes, after, step);
  }
}

function isWordAt(bytes: Buffer, at: number, step: number): boolean {
  if (at < 0 || at + step > bytes.length) return false;
  if (step === 2 && bytes[at + 1] !== 0) return false;
  return /[\w$]/.test(String.fromCharCode(bytes[at] as number));
}
