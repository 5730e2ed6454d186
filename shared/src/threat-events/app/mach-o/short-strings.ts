/**
 * Swift keeps strings of at most 15 bytes in two registers: the first eight bytes, and the rest with 0xE0 + length in the top byte. The
 * code builds each by MOVZ and MOVK, so no string search sees them. Reference: Threat-Events §4.
 */

export const SHORT_STRING_BYTES = 15;
/** How far apart the two halves are built, in instructions. */
const NEAR = 24;

interface Halves {
  low: string;
  high: string;
}

/** Both halves as four 16-bit parts, lowest first. */
export function halvesOf(name: string): Halves {
  const bytes = Buffer.alloc(16);
  bytes.write(name, 'latin1');
  bytes[15] = 0xe0 + name.length;
  const parts = (at: number) => [0, 2, 4, 6].map((each) => bytes.readUInt16LE(at + each)).join();
  return { low: parts(0), high: parts(8) };
}

/** Builds numbers in registers as the code does. */
export class Immediates {
  readonly #parts = new Uint16Array(32 * 4);

  /** @returns the register that the instruction changes, if it is MOVZ or MOVK */
  step(instruction: number): number | undefined {
    const kind = (instruction & 0xff800000) >>> 0;
    if (kind !== 0xd2800000 && kind !== 0xf2800000) return undefined;
    const register = instruction & 31;
    const part = (instruction >>> 21) & 3;
    if (kind === 0xd2800000) this.#parts.fill(0, 4 * register, 4 * register + 4);
    this.#parts[4 * register + part] = (instruction >>> 5) & 0xffff;
    return register;
  }

  /** As `halvesOf` writes it. */
  text(register: number): string {
    return this.#parts.subarray(4 * register, 4 * register + 4).join();
  }

  /** Cheap enough for every instruction: the two lowest bytes. */
  first(register: number): number {
    return this.#parts[4 * register] as number;
  }
}

/** @returns where the code builds each name */
export function shortStringsIn(code: Buffer, names: readonly string[]): Map<string, number> {
  const short = names.filter(({ length }) => length <= SHORT_STRING_BYTES).map((name) => ({ name, ...halvesOf(name) }));
  const beginnings = new Set(short.flatMap(({ low, high }) => [low, high].map((half) => Number(half.split(',')[0]))));
  const lows = new Map<string, number>();
  const highs = new Map<string, number>();
  const found = new Map<string, number>();
  const registers = new Immediates();
  for (let at = 0; at + 4 <= code.length; at += 4) {
    const register = registers.step(code.readUInt32LE(at));
    if (register === undefined || !beginnings.has(registers.first(register))) continue;
    const value = registers.text(register);
    for (const { name, low, high } of short) {
      if (value === low) lows.set(name, at);
      else if (value === high) highs.set(name, at);
      else continue;
      const gap = Math.abs(
        (lows.get(name) ?? Number.NEGATIVE_INFINITY) - (highs.get(name) ?? Number.POSITIVE_INFINITY),
      );
      if (gap <= 4 * NEAR && !found.has(name)) found.set(name, at);
    }
  }
  return found;
}
