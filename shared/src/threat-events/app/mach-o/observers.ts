/**
 * Which names the code hands to `addObserver…` of NSNotificationCenter: arm64 code, a function at a time, with what its registers hold.
 * It follows no branches: where one ends, nothing is known.
 */
import type { Budget } from '../problem.ts';
import { EnumeratedNames, MAKES } from './enumerated-names.ts';
import { type MachO, offsetOf, pointerAt, type Section, sectionOf, stubsOf } from './mach-o-file.ts';
import { halvesOf, Immediates, SHORT_STRING_BYTES } from './short-strings.ts';

/** The registers of the arguments, by selector. */
const ARGUMENTS: Readonly<Record<string, { name: number; listener: number; object: number }>> = {
  'addObserverForName:object:queue:usingBlock:': { name: 2, listener: 5, object: 3 },
  'addObserver:selector:name:object:': { name: 4, listener: 2, object: 5 },
};
const CENTER = 'defaultCenter';
/** Give back what they are given. */
const RETAINS = [
  '_objc_retain',
  '_objc_retainAutoreleasedReturnValue',
  '_objc_claimAutoreleasedReturnValue',
  '_objc_unsafeClaimAutoreleasedReturnValue',
  '_objc_retainAutorelease',
  '_objc_autorelease',
];
/** Swift's `String._bridgeToObjectiveC()`, which makes the name of a notification. */
const BRIDGE = '_$sSS10FoundationE19_bridgeToObjectiveCSo8NSStringCyF';

interface Known {
  address?: number;
  name?: string;
  selector?: string;
  /** Built by MOVZ and MOVK. */
  isNumber?: boolean;
  isZero?: boolean;
  /** `[NSNotificationCenter defaultCenter]`. */
  isCenter?: boolean;
  /** An array that this function has made. */
  isArray?: boolean;
  /** Loaded from a place with an index, as a loop loads its elements. */
  isElement?: boolean;
}

/** Names in a file: by the address of a string object of Objective-C, and of the text itself. */
export interface NamePlaces {
  objects: ReadonlyMap<number, string>;
  texts: ReadonlyMap<number, string>;
  /** What arrays hold that the compiler has made. */
  arrays: ReadonlyMap<number, readonly string[]>;
}

const CALL = 0x94000000;
const JUMP = 0x14000000;
/** Marks of instructions. */
const TARGET = 1;
const FUNCTION = 2;

/** Swift counts from here to the text of a longer string. */
const TEXT_OFFSET = 32;

export function observedNames(file: MachO, constants: NamePlaces, names: readonly string[], budget: Budget) {
  const text = sectionOf(file, '__text');
  if (text === undefined || !file.isArm64 || file.isObject) return new Map<string, number>();
  return new Observers(file, text, constants, names, budget).find();
}

class Observers {
  readonly #file: MachO;
  readonly #text: Section;
  readonly #constants: NamePlaces;
  readonly #halves: ReadonlyMap<string, string>;
  readonly #bridges: ReadonlySet<number>;
  readonly #retains: ReadonlySet<number>;
  readonly #budget: Budget;
  /** By the address of a stub or of a selector's reference. */
  readonly #selectors = new Map<number, string | undefined>();

  constructor(file: MachO, text: Section, constants: NamePlaces, names: readonly string[], budget: Budget) {
    this.#file = file;
    this.#text = text;
    this.#constants = constants;
    this.#budget = budget;
    this.#bridges = stubsOf(file, BRIDGE);
    this.#retains = new Set(RETAINS.flatMap((symbol) => [...stubsOf(file, symbol)]));
    const short = names.filter(({ length }) => length <= SHORT_STRING_BYTES);
    this.#halves = new Map(
      short.map((name) => {
        const { low, high } = halvesOf(name);
        return [`${low} ${high}`, name] as const;
      }),
    );
  }

  /** @returns the address of a call, by name */
  find(): Map<string, number> {
    const found = new Map<string, number>();
    const { bytes } = this.#file;
    const { at: start, address, size } = this.#text;
    this.#budget.spend(size / 4);
    const entries = this.#entries();
    const immediates = new Immediates();
    const lists = new EnumeratedNames();
    const endFunction = () => {
      const list = lists.end();
      for (const name of list?.names ?? []) if (!found.has(name)) found.set(name, list?.at ?? 0);
    };
    let registers: Known[] = [];
    let once: ReadonlySet<number> = new Set();
    for (let offset = 0; offset + 4 <= size; offset += 4) {
      const entry = entries[offset >>> 2];
      if (entry === FUNCTION) endFunction();
      if (entry === FUNCTION || offset === 0) once = this.#writtenOnce(offset, entries);
      if (entry !== 0) {
        // What a function puts into a register once, is there wherever it is read.
        registers = entry === FUNCTION ? [] : registers.map((known, register) => (once.has(register) ? known : {}));
        lists.meet();
      }
      const instruction = bytes.readUInt32LE(start + offset);
      const here = address + offset;
      const call = branchTarget(instruction, here, CALL);
      // The last call of a function can be a jump.
      const jump = branchTarget(instruction, here, JUMP);
      const called = call ?? jump;
      const selector = called === undefined ? undefined : (registers[1]?.selector ?? this.#selectorOfStub(called));
      const observed = selector === undefined ? undefined : ARGUMENTS[selector];
      if (observed !== undefined) {
        const name = registers[observed.name];
        const isHeard =
          registers[0]?.isCenter === true &&
          registers[observed.object]?.isZero === true &&
          registers[observed.listener]?.isZero !== true;
        if (isHeard && name?.name !== undefined) found.set(name.name, here);
        lists.observe(here, isHeard && name?.isElement === true);
      }
      if (selector !== undefined) lists.call(selector, registers[0]?.isArray === true);
      const target = called === undefined ? jumpTarget(instruction, here) : jump;
      if (target !== undefined) lists.branch(target, here);
      if (call !== undefined) {
        const bridged = this.#bridges.has(call) ? this.#stringIn(registers, immediates) : undefined;
        const [kept] = registers;
        registers = keptBy(registers);
        if (bridged !== undefined) registers[0] = { name: bridged };
        else if (this.#retains.has(call) && selector === undefined) registers[0] = kept ?? {};
        else if (selector === CENTER) registers[0] = { isCenter: true };
        else if (selector !== undefined && MAKES.has(selector)) registers[0] = { isArray: true };
      } else if (jump !== undefined) registers = registers.map((known, register) => (once.has(register) ? known : {}));
      else if ((instruction & 0xfe000000) >>> 0 === 0xd6000000) {
        lists.branch(Number.POSITIVE_INFINITY, here);
        registers = (instruction & 0xfffffc1f) >>> 0 === 0xd63f0000 ? keptBy(registers) : [];
      } else if ((instruction & 0x9ff80400) >>> 0 === 0x0f000400) {
        // A constant for a vector: no register of ours.
      } else if (isStore(instruction)) {
        lists.store(storedBy(instruction, registers));
      } else {
        this.#step(instruction, here, registers, immediates);
        const target = registers[instruction & 31];
        const list = this.#constants.arrays.get(target?.address ?? -1);
        if (list !== undefined) {
          lists.load(list);
          registers[instruction & 31] = { ...target, isArray: true };
        }
        if (isElementLoad(instruction)) lists.element(here);
      }
    }
    endFunction();
    return found;
  }

  /** Of x19 to x28, which calls keep: those that the function writes in one place. */
  #writtenOnce(start: number, entries: Uint8Array): Set<number> {
    const counts = new Map<number, number>();
    for (let offset = start; offset + 4 <= this.#text.size; offset += 4) {
      if (offset > start && entries[offset >>> 2] === FUNCTION) break;
      const instruction = this.#file.bytes.readUInt32LE(this.#text.at + offset);
      // Restores them at the end.
      const isRestored = (instruction & 0x7e400000) >>> 0 === 0x28400000 && ((instruction >>> 5) & 31) === 31;
      if (isRestored || isStore(instruction) || isBranch(instruction)) continue;
      const isPair = (instruction & 0x3e000000) >>> 0 === 0x28000000;
      for (const register of isPair ? [instruction & 31, (instruction >>> 10) & 31] : [instruction & 31]) {
        counts.set(register, (counts.get(register) ?? 0) + 1);
      }
    }
    return new Set(
      [...counts]
        .filter(([register, count]) => register >= 19 && register <= 28 && count === 1)
        .map(([register]) => register),
    );
  }

  #step(instruction: number, here: number, registers: Known[], immediates: Immediates): void {
    const target = instruction & 31;
    const source = (instruction >>> 5) & 31;
    if ((instruction & 0x9f000000) >>> 0 === 0x90000000) {
      const page = (((instruction >> 5) & 0x7ffff) << 2) | ((instruction >>> 29) & 3);
      registers[target] = { address: here - (here % 4096) + ((page << 11) >> 11) * 4096 };
    } else if ((instruction & 0xff800000) >>> 0 === 0x91000000) {
      const amount = ((instruction >>> 10) & 0xfff) * ((instruction >>> 22) & 1 ? 4096 : 1);
      const address = registers[source]?.address;
      registers[target] = address === undefined ? {} : this.#at(address + amount);
    } else if ((instruction & 0x9f000000) >>> 0 === 0x10000000) {
      const near = (((instruction >> 5) & 0x7ffff) << 2) | ((instruction >>> 29) & 3);
      registers[target] = this.#at(here + ((near << 11) >> 11));
    } else if ((instruction & 0xffc00000) >>> 0 === 0xf9400000) {
      const address = registers[source]?.address;
      const selector =
        address === undefined ? undefined : this.#selectorAt(address + ((instruction >>> 10) & 0xfff) * 8);
      registers[target] = selector === undefined ? {} : { selector };
    } else if ((instruction & 0xffe0ffe0) >>> 0 === 0xaa0003e0) {
      const moved = (instruction >>> 16) & 31;
      registers[target] = moved === 31 ? { isZero: true } : (registers[moved] ?? {});
    } else if ((instruction & 0xffffffe0) >>> 0 === 0x52800000) {
      immediates.step((instruction | 0x80000000) >>> 0);
      registers[target] = { isNumber: true, isZero: true };
    } else if (immediates.step(instruction) !== undefined) {
      const isZero = immediates.text(target) === '0,0,0,0';
      registers[target] = isZero ? { isNumber: true, isZero } : { isNumber: true };
    } else if (isElementLoad(instruction)) registers[target] = { isElement: true };
    else if ((instruction & 0xff800000) >>> 0 === 0xd1000000) {
      const address = registers[source]?.address;
      registers[target] = address === undefined ? {} : { address: address - ((instruction >>> 10) & 0xfff) };
    } else if ((instruction & 0xfffffc00) >>> 0 === 0xb2410000) {
      // Sets the highest bit: the address of a longer Swift string.
      const address = registers[source]?.address;
      registers[target] = address === undefined ? {} : { address };
    }
    // Comparisons and the like write no register, but forgetting one too many is no mistake.
    else {
      registers[target] = {};
      // Pairs of registers.
      if ((instruction & 0x3e000000) >>> 0 === 0x28000000) registers[(instruction >>> 10) & 31] = {};
    }
  }

  #at(address: number): Known {
    const name = this.#constants.objects.get(address);
    return name === undefined ? { address } : { address, name };
  }

  /** The Swift string in x0 and x1. */
  #stringIn(registers: readonly Known[], immediates: Immediates): string | undefined {
    const [first, second] = registers;
    if (second?.address !== undefined) return this.#constants.texts.get(second.address + TEXT_OFFSET);
    if (!first?.isNumber || !second?.isNumber) return undefined;
    return this.#halves.get(`${immediates.text(0)} ${immediates.text(1)}`);
  }

  /** `objc_msgSend$selector`: loads the selector and jumps. */
  #selectorOfStub(address: number): string | undefined {
    if (this.#selectors.has(address)) return this.#selectors.get(address);
    const stubs = sectionOf(this.#file, '__objc_stubs');
    let found: string | undefined;
    if (stubs !== undefined && address >= stubs.address && address + 8 <= stubs.address + stubs.size) {
      const at = stubs.at + address - stubs.address;
      const registers: Known[] = [];
      const immediates = new Immediates();
      for (const offset of [0, 4]) {
        this.#step(this.#file.bytes.readUInt32LE(at + offset), address + offset, registers, immediates);
      }
      found = registers[1]?.selector;
    }
    this.#selectors.set(address, found);
    return found;
  }

  #selectorAt(address: number): string | undefined {
    if (this.#selectors.has(address)) return this.#selectors.get(address);
    const references = sectionOf(this.#file, '__objc_selrefs');
    let found: string | undefined;
    if (
      references !== undefined &&
      address >= references.address &&
      address + 8 <= references.address + references.size
    ) {
      const at = offsetOf(this.#file, pointerAt(this.#file, references.at + address - references.address));
      const end = at === undefined ? -1 : this.#file.bytes.indexOf(0, at);
      if (at !== undefined && end > at && end - at < 200) found = this.#file.bytes.toString('latin1', at, end);
    }
    this.#selectors.set(address, found);
    return found;
  }

  /** A mark for each instruction that is reached from elsewhere. */
  #entries(): Uint8Array {
    const { bytes, functionStarts, base } = this.#file;
    const { at: start, address, size } = this.#text;
    const marks = new Uint8Array(Math.ceil(size / 4));
    const mark = (target: number | undefined, as = TARGET) => {
      if (target !== undefined && target >= address && target < address + size) marks[(target - address) >>> 2] = as;
    };
    for (let offset = 0; offset + 4 <= size; offset += 4) {
      const instruction = bytes.readUInt32LE(start + offset);
      const here = address + offset;
      mark(branchTarget(instruction, here, CALL) ?? branchTarget(instruction, here, JUMP));
      mark(jumpTarget(instruction, here));
    }
    if (functionStarts === undefined) return marks;
    let value = base;
    for (let at = functionStarts.at; at < functionStarts.at + functionStarts.size; ) {
      let delta = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = bytes.readUInt8(at++);
        delta += (byte & 0x7f) * factor;
        if (byte < 0x80 || factor > 2 ** 40) break;
      }
      if (delta === 0) break;
      value += delta;
      mark(value, FUNCTION);
    }
    return marks;
  }
}

/** Of a branch that may be taken or not. */
function jumpTarget(instruction: number, here: number): number | undefined {
  const isCompare = (instruction & 0x7e000000) === 0x34000000 || (instruction & 0xff000000) >>> 0 === 0x54000000;
  if (isCompare) return here + ((instruction << 8) >> 13) * 4;
  return (instruction & 0x7e000000) === 0x36000000 ? here + ((instruction << 13) >> 18) * 4 : undefined;
}

/** `ldr x…, [x…, x…, lsl #3]`. */
const isElementLoad = (instruction: number): boolean => (instruction & 0xffe0fc00) >>> 0 === 0xf8607800;

const isBranch = (instruction: number): boolean => (instruction & 0x1c000000) >>> 0 === 0x14000000;

function branchTarget(instruction: number, here: number, kind: number): number | undefined {
  return (instruction & 0xfc000000) >>> 0 === kind ? here + ((instruction << 6) >> 6) * 4 : undefined;
}

/** A function may change its registers; it keeps x19 to x28. */
function keptBy(registers: readonly Known[]): Known[] {
  return registers.map((known, register) => (register >= 19 && register <= 28 ? known : {}));
}

/** The names in the registers that are stored. */
function storedBy(instruction: number, registers: readonly Known[]): string[] {
  const isPair = (instruction & 0x3e000000) >>> 0 === 0x28000000;
  const stored = isPair ? [instruction & 31, (instruction >>> 10) & 31] : [instruction & 31];
  return stored.flatMap((register) => registers[register]?.name ?? []);
}

/** Stores of one register or a pair, without write-back: they change none. */
function isStore(instruction: number): boolean {
  const isSingle = (instruction & 0x3bc00000) >>> 0 === 0x39000000 || (instruction & 0x3be00c00) >>> 0 === 0x38000000;
  return isSingle || (instruction & 0x3bc00000) >>> 0 === 0x29000000;
}
