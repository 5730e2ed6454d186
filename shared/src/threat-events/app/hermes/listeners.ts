/**
 * Which names Hermes bytecode hands to `ADDevEvents.registerForDevEvent` and to `addListener` of its emitter. Functions are read one after
 * the other. Where branches meet, a register keeps what it holds only if every branch agrees.
 */
import { Budget, UnreadablePart } from '../problem.ts';
import type { HermesFile, HermesFunction } from './hermes-file.ts';
import { FIRST_DECODED, instructionBytes, jumpOf, LAST_DECODED, OP, writesFirst } from './instructions.ts';
import { arrayStrings } from './literals.ts';

const STEPS_PER_BYTE = 12;
const ROUNDS = 3;
/** Registers at the end of a frame, behind the arguments of a call (StackFrameLayout.h). */
const EXTRA_REGISTERS = 7;

/** What a register holds. */
interface Value {
  names?: readonly string[];
  /** Elements of an array. */
  list?: string[];
  /** A property of an object, by its name. */
  member?: string;
  isModule?: boolean;
  isEmitter?: boolean;
  /** What `addListener` returned: the names, and the function that called it. */
  subscription?: { names: readonly string[]; by: number };
  /** The function whose environment it is. */
  environment?: number;
  closure?: number;
  isConstant?: boolean;
}

/** A function, and an instruction in it. */
interface Place {
  by: number;
  at: number;
}

function note(places: Map<string, number>, name: string, { by, at }: Place): void {
  const key = `${by} ${name}`;
  places.set(key, Math.max(at, places.get(key) ?? 0));
}

type State = Map<number, Value>;

/** @returns whether less is known at the place than before, or it was not reached before */
function meet(states: Map<number, State>, at: number, registers: State): boolean {
  const known = states.get(at);
  if (known === undefined) {
    states.set(at, new Map(registers));
    return true;
  }
  let changed = false;
  for (const [register, value] of known) {
    if (registers.get(register) === value) continue;
    known.delete(register);
    changed = true;
  }
  return changed;
}

/** Methods of an emitter after which a listener still stands. */
const KEEPING = new Set(['addListener', 'emit']);

/** @returns names that are both told to the native module and heard from it */
export function registeredNames(file: HermesFile): Set<string> {
  if (file.version < FIRST_DECODED || file.version > LAST_DECODED) return new Set();
  return new Listeners(file).find();
}

class Listeners {
  readonly #file: HermesFile;
  readonly #budget: Budget;
  readonly #parents = new Map<number, number>();
  /** Variables that closures share; undefined where more than one value is stored. */
  readonly #slots = new Map<string, { at: string; value: Value | undefined }>();
  readonly #arguments = new Map<string, Set<string>>();
  readonly #told = new Set<string>();
  /** Where a function adds a listener, and where it may end one: by the function and the name. */
  readonly #heard = new Map<string, number>();
  readonly #ended = new Map<string, number>();
  readonly #texts = new Map<number, string>();
  /** By instruction: a value that is made again is the same value. */
  readonly #made = new Map<number, { key: string; value: Value }>();
  /** Whether the states of a function are final, so that its calls count. */
  #isSettled = false;

  constructor(file: HermesFile) {
    this.#file = file;
    this.#budget = new Budget(STEPS_PER_BYTE * file.bytes.length);
  }

  find(): Set<string> {
    try {
      // What one function stores, another that was read before it may load.
      for (let round = 0; round < ROUNDS; round++) {
        for (let index = 0; index < this.#file.functions.count; index++) this.#read(index);
      }
    } catch (error) {
      // The names were found already; without their calls, they are named.
      if (!(error instanceof UnreadablePart || error instanceof RangeError)) throw error;
      return new Set();
    }
    const lasting = [...this.#heard].filter(([key, at]) => (this.#ended.get(key) ?? 0) <= at);
    const heard = new Set(lasting.map(([key]) => key.slice(key.indexOf(' ') + 1)));
    return new Set([...this.#told].filter((name) => heard.has(name)));
  }

  #read(index: number): void {
    const body = this.#file.function(index);
    const { bytes } = this.#file;
    const end = body.at + body.size;
    const targets = new Set<number>();
    for (let at = body.at; at < end; at += instructionBytes(bytes.readUInt8(at))) {
      this.#budget.spend(1);
      // Its jumps are in a table: such a function is not followed.
      if (bytes.readUInt8(at) === OP.switchImm) return;
      const jump = jumpOf(bytes, at);
      if (jump !== undefined) targets.add(at + jump);
    }
    const states = new Map<number, State>([[body.at, new Map()]]);
    const follow = (start: number): number[] => {
      const changed: number[] = [];
      const registers = new Map(states.get(start));
      for (let at = start; at < end; ) {
        this.#budget.spend(1);
        this.#step(at, index, body, registers);
        const op = bytes.readUInt8(at);
        const jump = jumpOf(bytes, at);
        if (jump !== undefined && meet(states, at + jump, registers)) changed.push(at + jump);
        if (op === OP.jump || op === OP.jumpLong || op === OP.return || op === OP.throw) break;
        at += instructionBytes(op);
        if (!targets.has(at)) continue;
        if (meet(states, at, registers)) changed.push(at);
        break;
      }
      return changed;
    };
    this.#isSettled = false;
    for (const open = [body.at]; open.length > 0; ) open.push(...follow(open.pop() as number));
    this.#isSettled = true;
    for (const start of states.keys()) follow(start);
  }

  #step(at: number, index: number, body: HermesFunction, registers: Map<number, Value>): void {
    const { bytes } = this.#file;
    const op = bytes.readUInt8(at);
    const operand = (position: number) => bytes.readUInt8(at + position);
    const held = (position: number): Value => registers.get(operand(position)) ?? {};
    let value: Value | undefined;
    switch (op) {
      case OP.loadConstString:
        value = { names: [this.#text(bytes.readUInt16LE(at + 2))] };
        break;
      case OP.loadConstStringLong:
        value = { names: [this.#text(bytes.readUInt32LE(at + 2))] };
        break;
      case OP.loadConstUInt8:
      case OP.loadConstInt:
      case OP.loadConstUndefined:
      case OP.loadConstNull:
      case OP.loadConstTrue:
      case OP.loadConstFalse:
      case OP.loadConstZero:
        value = { isConstant: true };
        break;
      case OP.move:
        value = registers.get(operand(2));
        break;
      case OP.newArrayWithBuffer:
      case OP.newArrayWithBufferLong: {
        const start = op === OP.newArrayWithBuffer ? bytes.readUInt16LE(at + 6) : bytes.readUInt32LE(at + 6);
        value = { list: arrayStrings(this.#file, start, bytes.readUInt16LE(at + 4)) };
        break;
      }
      case OP.newArray:
        value = { list: [] };
        break;
      case OP.putOwnByIndex:
        if (this.#isSettled) held(1).list?.push(...(held(2).names ?? []));
        return;
      case OP.getByIdShort:
        value = this.#member(held(2), this.#text(operand(4)));
        break;
      case OP.getById:
      case OP.tryGetById:
        value = this.#member(held(2), this.#text(bytes.readUInt16LE(at + 4)));
        break;
      case OP.getByIdLong:
      case OP.tryGetByIdLong:
        value = this.#member(held(2), this.#text(bytes.readUInt32LE(at + 4)));
        break;
      case OP.getByVal: {
        const { list } = held(2);
        value = list === undefined || held(3).isConstant ? undefined : { names: list };
        break;
      }
      case OP.iteratorBegin:
        value = held(2).list === undefined ? undefined : { list: held(2).list as string[] };
        break;
      case OP.iteratorNext:
        value = held(2).list === undefined ? undefined : { names: held(2).list as string[] };
        break;
      case OP.createEnvironment:
        value = { environment: index };
        break;
      case OP.getEnvironment:
        value = this.#environment(index, operand(2));
        break;
      case OP.storeToEnvironment:
        this.#store(held(1), operand(2), registers.get(operand(3)), at);
        return;
      case OP.storeToEnvironmentLong:
        this.#store(held(1), bytes.readUInt16LE(at + 2), registers.get(operand(4)), at);
        return;
      case OP.loadFromEnvironment:
        value = this.#slots.get(`${held(2).environment} ${operand(3)}`)?.value;
        break;
      case OP.loadFromEnvironmentLong:
        value = this.#slots.get(`${held(2).environment} ${bytes.readUInt16LE(at + 3)}`)?.value;
        break;
      case OP.createClosure:
      case OP.createClosureLong: {
        const closure = op === OP.createClosure ? bytes.readUInt16LE(at + 3) : bytes.readUInt32LE(at + 3);
        this.#parents.set(closure, held(2).environment ?? index);
        value = { closure };
        break;
      }
      case OP.loadParam: {
        const given = this.#arguments.get(`${index} ${operand(2)}`);
        value = given && { names: [...given] };
        break;
      }
      case OP.construct: {
        const argument = registers.get(body.registers - EXTRA_REGISTERS - 1);
        const isEmitter = held(2).member === 'NativeEventEmitter' && argument?.isModule === true && operand(3) > 1;
        value = isEmitter ? { isEmitter } : undefined;
        break;
      }
      case OP.selectObject:
        value = held(3).isEmitter ? { isEmitter: true } : undefined;
        break;
      case OP.call1:
      case OP.call2:
      case OP.call3:
      case OP.call4: {
        const count = op === OP.call1 ? 0 : op - OP.call2 + 1;
        const given = Array.from({ length: count }, (_, each) => held(4 + each));
        value = this.#call({ by: index, at }, held(2), held(3), given);
        break;
      }
      case OP.call: {
        const first = body.registers - EXTRA_REGISTERS;
        const given = Array.from({ length: operand(3) }, (_, each) => registers.get(first - each) ?? {});
        value = this.#call({ by: index, at }, held(2), given[0] ?? {}, given.slice(1));
        break;
      }
    }
    if (!writesFirst(op)) return;
    if (value === undefined) registers.delete(operand(1));
    else registers.set(operand(1), this.#same(at, value));
  }

  #same(at: number, value: Value): Value {
    const key = JSON.stringify(value);
    const known = this.#made.get(at);
    if (known?.key === key) return known.value;
    this.#made.set(at, { key, value });
    return value;
  }

  #member(of: Value, name: string): Value {
    return name === 'ADDevEvents' && of.member === 'NativeModules'
      ? { member: name, isModule: true }
      : { member: name };
  }

  /** @returns what it gives back, if that is known */
  #call(place: Place, { member, closure }: Value, self: Value, given: readonly Value[]): Value | undefined {
    const [first, second] = given;
    const names = first?.names ?? [];
    const isCallable = second !== undefined && !second.isConstant && second.names === undefined;
    const hears = member === 'addListener' && self.isEmitter === true && isCallable;
    const subscription = hears ? { subscription: { names, by: place.by } } : undefined;
    if (!this.#isSettled) return subscription;
    if (member === 'registerForDevEvent' && self.isModule) for (const name of names) this.#told.add(name);
    if (hears) for (const name of names) note(this.#heard, name, place);
    this.#end(place, member, self, given);
    // The receiver is argument 0.
    if (member === 'forEach' && self.list && first?.closure !== undefined) this.#give(first.closure, 1, self.list);
    if (closure === undefined) return subscription;
    for (const [index, { names = [] }] of given.entries()) this.#give(closure, index + 1, names);
    return subscription;
  }

  /** A method of what `addListener` returned, or one of the emitter that gets the name, what was returned, or nothing. */
  #end(place: Place, member: string | undefined, self: Value, given: readonly Value[]): void {
    const isOfEmitter = self.isEmitter === true && member !== undefined && !KEEPING.has(member);
    const ended = [self, ...(isOfEmitter ? given : [])].flatMap(({ subscription }) =>
      subscription?.by === place.by ? subscription.names : [],
    );
    if (isOfEmitter) ended.push(...given.flatMap(({ names = [] }) => names));
    if (isOfEmitter && given.length === 0) ended.push(...this.#told);
    for (const name of ended) note(this.#ended, name, place);
  }

  #give(closure: number, argument: number, names: readonly string[]): void {
    const key = `${closure} ${argument}`;
    const known = this.#arguments.get(key) ?? new Set();
    for (const name of names) known.add(name);
    this.#arguments.set(key, known);
  }

  #environment(index: number, levels: number): Value | undefined {
    let found = this.#parents.get(index);
    for (let level = 0; level < levels && found !== undefined; level++) found = this.#parents.get(found);
    return found === undefined ? undefined : { environment: found };
  }

  #store({ environment }: Value, slot: number, value: Value | undefined, at: number): void {
    if (environment === undefined || !this.#isSettled) return;
    const key = `${environment} ${slot}`;
    const known = this.#slots.get(key);
    const isOnly = known === undefined || known.at === String(at);
    this.#slots.set(key, { at: isOnly ? String(at) : '', value: isOnly ? value : undefined });
  }

  #text(index: number): string {
    const known = this.#texts.get(index);
    if (known !== undefined) return known;
    const { length } = this.#file.string(index);
    const text = length > 256 ? '' : this.#file.text(index);
    this.#texts.set(index, text);
    return text;
  }
}
