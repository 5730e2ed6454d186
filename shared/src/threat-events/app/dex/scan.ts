/** One fast look at all code of a .dex file, for methods that are worth following. */
import type { Budget } from '../problem.ts';
import { type MethodCode, methodsWithCode } from './class-members.ts';
import type { DexFile } from './dex-file.ts';
import { lengthAt } from './instructions.ts';

export interface Wanted {
  strings: ReadonlyMap<number, string>;
  fields?: ReadonlySet<number>;
  methods?: ReadonlySet<number>;
}

const NOTHING: ReadonlySet<number> = new Set();

/** Each use of something wanted: the name of a string that is loaded, else the class of the field or method. */
export function* scanMethods(
  dex: DexFile,
  { strings, fields = NOTHING, methods = NOTHING }: Wanted,
  budget: Budget,
): Generator<{ code: MethodCode; name?: string; owner?: string }> {
  const { bytes } = dex;
  for (const code of methodsWithCode(dex, budget)) {
    budget.spend(code.units);
    const end = code.at + 2 * code.units;
    for (let at = code.at; at + 2 <= end; ) {
      const op = bytes[at] as number;
      if (op === 0x1a || op === 0x1b) {
        const name = strings.get(op === 0x1a ? bytes.readUInt16LE(at + 2) : bytes.readUInt32LE(at + 2));
        if (name !== undefined) yield { code, name };
      } else if (op >= 0x52 && op <= 0x6d) {
        const field = bytes.readUInt16LE(at + 2);
        if (fields.has(field)) yield { code, owner: dex.ownerOf('fields', field) };
      } else if (op >= 0x6e && op <= 0x78) {
        const method = bytes.readUInt16LE(at + 2);
        if (methods.has(method)) yield { code, owner: dex.ownerOf('methods', method) };
      }
      at += 2 * lengthAt(bytes, at);
    }
  }
}

/** The field that a method returns, if that is all it does: such methods differ by their object only. */
export function getterField(dex: DexFile, code: MethodCode | undefined): number | undefined {
  if (code === undefined || code.isStatic || code.arguments !== 1 || code.units !== 3) return undefined;
  const { bytes } = dex;
  const self = code.registers - 1;
  const [get, field, end] = [0, 2, 4].map((offset) => bytes.readUInt16LE(code.at + offset)) as [number, number, number];
  const target = (get >> 8) & 0xf;
  const isGetter = (get & 0xff) === 0x54 && get >> 12 === self && (end & 0xff) === 0x11 && end >> 8 === target;
  return isGetter ? field : undefined;
}

/** How many instructions fill each field that holds an object. */
export function fieldStores(dex: DexFile, budget: Budget): Map<number, number> {
  const found = new Map<number, number>();
  const { bytes } = dex;
  for (const code of methodsWithCode(dex, budget)) {
    budget.spend(code.units);
    const end = code.at + 2 * code.units;
    for (let at = code.at; at + 2 <= end; at += 2 * lengthAt(bytes, at)) {
      const op = bytes[at];
      if (op !== 0x5b && op !== 0x69) continue;
      const field = bytes.readUInt16LE(at + 2);
      found.set(field, (found.get(field) ?? 0) + 1);
    }
  }
  return found;
}

/** In how many places a method returns an object. */
export function returnsOf(dex: DexFile, code: MethodCode | undefined, budget: Budget): number {
  if (code === undefined) return 0;
  budget.spend(code.units);
  let count = 0;
  const end = code.at + 2 * code.units;
  for (let at = code.at; at + 2 <= end; at += 2 * lengthAt(dex.bytes, at)) if (dex.bytes[at] === 0x11) count++;
  return count;
}
