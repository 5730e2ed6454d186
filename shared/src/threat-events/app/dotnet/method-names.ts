/**
 * What the methods of an assembly do with event names. It follows the stack from the start of a method to its end; where branches meet, it
 * keeps what all of them agree on. A name counts as registered only if every argument of the call is understood.
 */
import type { Budget } from '../problem.ts';
import type { Assembly, Callee, IlMethod } from './assembly.ts';
import { instructionBytes } from './instructions.ts';
import { branchAt, endsBlock, localAt, numberAt, stackEffect } from './stack-effects.ts';

export interface MethodNames {
  loaded: Set<string>;
  registered: Set<string>;
}

interface NameArray {
  kind: 'array';
  /** An empty string stands for an element that is no event's name. */
  elements: string[];
  /** Changed after it was made, or by code that is not followed. */
  isChanged?: boolean;
}

interface NewObject {
  kind: 'object';
  fields?: Map<number, Value | undefined>;
}

interface Filter {
  kind: 'filter';
  /** What it was given until now: names, or elements of a loop. */
  actions: Held[];
  /** Has more than actions, or was given to code that is not followed. */
  isChanged?: boolean;
}

/** One name, or each element of an array; `isObject` for an NSString. */
type Held = { kind: 'name'; name: string; isObject: boolean } | ElementOf;
interface ElementOf {
  kind: 'element';
  array: NameArray;
  counter: number;
  /** Where it is read, and where it is handed on. */
  at: number;
  usedAt: number;
  isObject: boolean;
}

type Value =
  | Held
  | NameArray
  | NewObject
  | Filter
  | { kind: 'null' | 'center' }
  | { kind: 'number'; value: number }
  | { kind: 'counter' | 'next'; local: number }
  | { kind: 'length'; array: NameArray }
  | { kind: 'field'; token: number };

/** What the fields of the assembly hold. */
interface FieldUse {
  values: Array<Value | undefined>;
  /** Whether every value that it is given is an object. */
  isObject: boolean;
}
export type Fields = Map<number, FieldUse>;

const OP = {
  this: 0x02,
  null: 0x14,
  dup: 0x25,
  call: 0x28,
  callIndirect: 0x29,
  loadString: 0x72,
  callVirtual: 0x6f,
  newObject: 0x73,
  cast: 0x74,
  loadField: 0x7b,
  storeField: 0x7d,
  loadStatic: 0x7e,
  storeStatic: 0x80,
  newArray: 0x8d,
  length: 0x8e,
  loadElement: 0x9a,
  storeElement: 0xa2,
  add: 0x58,
  toInteger: 0x69,
} as const;
const GOES_ON_IF_LESS = new Set([0x32, 0x3f, 0x37, 0x44]);
const WRAPS = new Set([
  'Foundation.NSString..ctor',
  'Foundation.NSString.op_Explicit',
  'Foundation.NSString.op_Implicit',
]);
const FILTER = 'Android.Content.IntentFilter.';
const RECEIVES = new Set(
  [
    'Android.Content.Context',
    'Android.Content.ContextWrapper',
    'Android.App.Activity',
    'Android.App.Application',
    'Android.App.Service',
    'AndroidX.Core.Content.ContextCompat',
  ].map((type) => `${type}.RegisterReceiver`),
);
const CENTER = 'Foundation.NSNotificationCenter.get_DefaultCenter';
const OBSERVES = 'Foundation.NSNotificationCenter.AddObserver';
/** A method of the app's own with one of these names may take the place of the framework's. */
export const OVERRIDABLE = ['RegisterReceiver', 'AddObserver'];

type Strings = ReadonlyMap<number, string>;

export interface MethodContext {
  assembly: Assembly;
  strings: Strings;
  /** Filled by a look at all methods; what they hold is known at the next. */
  fields: Fields;
  /** Whether all methods were looked at, so that the fields are known. */
  isSettled: boolean;
  budget: Budget;
}

interface Loop {
  from: number;
  to: number;
  array: NameArray;
  counter: number;
}

export function namesIn(method: IlMethod, context: MethodContext): MethodNames {
  return new Follower(method, context).follow();
}

class Follower {
  readonly #method: IlMethod;
  readonly #context: MethodContext;
  readonly #bytes: Buffer;
  readonly #loaded = new Set<string>();
  readonly #registered: Held[] = [];
  #stack: Array<Value | undefined> = [];
  readonly #saved = new Map<number, Array<Value | undefined>>();
  readonly #targets = new Map<number, number[]>();
  readonly #stores = new Map<number, number>();
  readonly #locals = new Map<number, Value | undefined>();
  /** Locals that count something else than the elements of an array, one by one. */
  readonly #noCounters = new Set<number>();
  readonly #loops: Loop[] = [];
  /** Branches and ends that can leave out what follows. */
  readonly #leaves: number[] = [];

  constructor(method: IlMethod, context: MethodContext) {
    this.#method = method;
    this.#context = context;
    this.#bytes = context.assembly.bytes;
  }

  follow(): MethodNames {
    for (const at of this.#instructions()) {
      for (const to of branchAt(this.#bytes, at)?.to ?? [])
        this.#targets.set(to, [...(this.#targets.get(to) ?? []), at]);
      const local = localAt(this.#bytes, at);
      if (local?.access === 'store') this.#stores.set(local.local, (this.#stores.get(local.local) ?? 0) + 1);
      // Whoever has the address can write to it.
      if (local?.access === 'address') this.#stores.set(local.local, Number.POSITIVE_INFINITY);
    }
    for (const at of this.#instructions()) {
      if (this.#targets.has(at)) this.#arrive(at);
      this.#step(at);
    }
    const registered = this.#registered.flatMap((held) => (held.kind === 'name' ? [held.name] : this.#elements(held)));
    return { loaded: this.#loaded, registered: new Set(registered.filter((name) => name !== '')) };
  }

  /** The names that a loop hands on: it goes through the whole array, and leaves out none. */
  #elements({ array, counter, at, usedAt }: ElementOf): string[] {
    if (array.isChanged || this.#noCounters.has(counter) || this.#stores.get(counter) === Number.POSITIVE_INFINITY)
      return [];
    const loop = this.#loops.find(
      (each) => each.array === array && each.counter === counter && each.from <= at && at < usedAt && usedAt < each.to,
    );
    if (loop === undefined) return [];
    const { from, to } = loop;
    const isLeft = this.#leaves.some((leave) => leave >= from && leave < to);
    const isEntered = [...this.#targets].some(
      ([target, sources]) => target > from && target <= at && sources.some((source) => source < from || source > to),
    );
    return isLeft || isEntered ? [] : array.elements;
  }

  #arrive(at: number): void {
    const saved = this.#saved.get(at);
    const stack = this.#stack;
    if (saved !== undefined) {
      this.#stack = saved.map((value, index) =>
        stack.length === 0 || isSame(value, stack[index]) ? value : undefined,
      );
    } else if ((this.#targets.get(at) ?? []).some((source) => source >= at)) this.#stack = [];
    for (const [local] of this.#locals) if (this.#isVarying(local)) this.#locals.delete(local);
  }

  #isVarying(local: number): boolean {
    return this.#stores.get(local) !== 1;
  }

  #step(at: number): void {
    const op = this.#bytes.readUInt8(at);
    const token = () => this.#bytes.readUInt32LE(at + 1);
    const branch = branchAt(this.#bytes, at);
    if (branch !== undefined || endsBlock(this.#bytes, at)) this.#leave(at, op, branch);
    else if (op === OP.call || op === OP.callVirtual || op === OP.newObject) {
      this.#call(at, token(), op === OP.newObject);
    } else if (op === OP.callIndirect) this.#stack = [];
    else if (op === OP.dup) this.#stack.push(this.#stack.at(-1));
    else this.#plain(at, op);
  }

  #plain(at: number, op: number): void {
    const [pops, pushes] = stackEffect(this.#bytes, at);
    const taken = this.#take(pops);
    const made = this.#made(at, op, taken);
    if (pushes > 0) this.#stack.push(made);
  }

  #take(count: number): Array<Value | undefined> {
    const taken: Array<Value | undefined> = [];
    for (let left = count; left > 0; left--) taken.unshift(this.#stack.pop());
    return taken;
  }

  #made(at: number, op: number, taken: ReadonlyArray<Value | undefined>): Value | undefined {
    const [first, second, third] = taken;
    const token = () => this.#bytes.readUInt32LE(at + 1);
    const local = localAt(this.#bytes, at);
    const number = numberAt(this.#bytes, at);
    if (number !== undefined) return { kind: 'number', value: number };
    if (local !== undefined) return this.#local(local, first);
    switch (op) {
      case OP.this:
        return this.#method.isStatic ? undefined : { kind: 'object' };
      case OP.null:
        return { kind: 'null' };
      case OP.loadString: {
        const name = this.#context.strings.get(token());
        if (name !== undefined) this.#loaded.add(name);
        return { kind: 'name', name: name ?? '', isObject: false };
      }
      case OP.newArray:
        return { kind: 'array', elements: [] };
      case OP.length:
        return first?.kind === 'array' ? { kind: 'length', array: first } : undefined;
      case OP.toInteger:
        return first?.kind === 'length' ? first : undefined;
      case OP.loadElement:
        if (first?.kind !== 'array' || second?.kind !== 'counter') return undefined;
        return { kind: 'element', array: first, counter: second.local, at, usedAt: -1, isObject: false };
      case OP.storeElement:
        if (first?.kind !== 'array') this.#escape(third);
        else if (second?.kind !== 'number' || second.value !== first.elements.length) first.isChanged = true;
        else first.elements.push(third?.kind === 'name' ? third.name : '');
        return undefined;
      case OP.add:
        return first?.kind === 'counter' && second?.kind === 'number' && second.value === 1
          ? { kind: 'next', local: first.local }
          : undefined;
      case OP.cast:
        return first?.kind === 'object' ? first : undefined;
      case OP.loadStatic:
        return this.#field(token());
      case OP.storeStatic:
        this.#store(token(), first);
        return undefined;
      case OP.loadField:
        if (first?.kind === 'object' && first.fields?.has(token())) return first.fields.get(token());
        return this.#field(token());
      case OP.storeField:
        if (first?.kind === 'object' && first.fields !== undefined) {
          first.fields.set(token(), first.fields.has(token()) ? undefined : second);
        }
        this.#store(token(), second);
        return undefined;
      default:
        for (const value of taken) this.#escape(value);
        return undefined;
    }
  }

  #local({ local, access }: { local: number; access: string }, stored: Value | undefined): Value | undefined {
    if (access === 'load') {
      if (this.#locals.has(local)) return this.#locals.get(local);
      return this.#isVarying(local) ? { kind: 'counter', local } : undefined;
    }
    if (access === 'address') return undefined;
    const isCount =
      (stored?.kind === 'number' && stored.value === 0) || (stored?.kind === 'next' && stored.local === local);
    if (!isCount) this.#noCounters.add(local);
    this.#locals.set(local, stored);
    return undefined;
  }

  #field(token: number): Value {
    const known = this.#context.fields.get(token);
    const [only] = known?.values ?? [];
    return known?.values.length === 1 && only?.kind === 'array' ? only : { kind: 'field', token };
  }

  #store(token: number, value: Value | undefined): void {
    const { fields, isSettled } = this.#context;
    if (value?.kind === 'filter') value.isChanged = true;
    if (isSettled) return;
    const known = fields.get(token) ?? { values: [], isObject: true };
    if (!known.values.includes(value)) known.values.push(value);
    if (value?.kind !== 'object') known.isObject = false;
    fields.set(token, known);
  }

  #escape(value: Value | undefined): void {
    if (value?.kind === 'array' || value?.kind === 'filter') value.isChanged = true;
  }

  #leave(at: number, op: number, branch: ReturnType<typeof branchAt>): void {
    const isBack = branch !== undefined && (branch.to[0] ?? 0) <= at;
    const [pops] = stackEffect(this.#bytes, at);
    const taken = this.#take(pops);
    const [first, second] = taken;
    const isLoop = isBack && GOES_ON_IF_LESS.has(op) && first?.kind === 'counter' && second?.kind === 'length';
    if (isLoop) this.#loops.push({ from: branch.to[0] ?? 0, to: at, array: second.array, counter: first.local });
    // The compiler asks whether it has made a delegate before.
    else if (!(branch?.isConditional && taken.length === 1 && first?.kind === 'field')) this.#leaves.push(at);
    // Past a test that it is there, a field holds an object.
    const isTest = (op === 0x2d || op === 0x3a) && first?.kind === 'field';
    const there = this.#stack.map((value): Value | undefined =>
      isTest && value === first ? { kind: 'object' } : value,
    );
    for (const to of branch?.to ?? []) {
      if (to <= at) continue;
      const known = this.#saved.get(to);
      this.#saved.set(to, known?.map((value, index) => (isSame(value, there[index]) ? value : undefined)) ?? there);
    }
    if (branch?.isConditional) return;
    this.#stack = [];
    for (const [local] of this.#locals) if (this.#isVarying(local)) this.#locals.delete(local);
  }

  #call(at: number, token: number, isNew: boolean): void {
    const callee = this.#context.assembly.callee(token);
    if (callee === undefined) {
      for (const value of this.#stack) this.#escape(value);
      this.#stack = [];
      return;
    }
    const values = this.#take(callee.parameters + (callee.hasThis && !isNew ? 1 : 0));
    const given = values.map((value) => (value?.kind === 'element' ? { ...value, usedAt: at } : value));
    const result = this.#result(callee, given, isNew);
    if (isNew || callee.returns) this.#stack.push(result);
  }

  #result(callee: Callee, values: ReadonlyArray<Value | undefined>, isNew: boolean): Value | undefined {
    const { name, isOutside } = callee;
    const [first, second] = values;
    if (isOutside && WRAPS.has(name)) {
      const isText = (first?.kind === 'name' || first?.kind === 'element') && values.length === 1;
      return isText ? { ...first, isObject: true } : isNew ? { kind: 'object' } : undefined;
    }
    if (isOutside && name === CENTER) return { kind: 'center' };
    if (isOutside && name === `${FILTER}.ctor`) return newFilter(values);
    if (isOutside && name === `${FILTER}AddAction` && first?.kind === 'filter') {
      if (second?.kind === 'name' || second?.kind === 'element') first.actions.push(second);
      return undefined;
    }
    if (isOutside && RECEIVES.has(name)) {
      const [receiver, filter] = values.slice(1);
      if (this.#isThere(receiver) && filter?.kind === 'filter' && !filter.isChanged)
        this.#registered.push(...filter.actions);
      return undefined;
    }
    if (isOutside && name === OBSERVES) {
      const observed = this.#observed(values);
      if (observed !== undefined) this.#registered.push(observed);
      return { kind: 'object' };
    }
    for (const value of values) this.#escape(value);
    return isNew ? { kind: 'object', fields: new Map() } : undefined;
  }

  /** `AddObserver(name, handler[, of])`, `(name, of, queue, handler)` and `(observer, selector, name, of)`. */
  #observed([center, ...values]: ReadonlyArray<Value | undefined>): Held | undefined {
    const at = values.findIndex((value) => (value?.kind === 'name' || value?.kind === 'element') && value.isObject);
    const name = values[at];
    if (center?.kind !== 'center' || (name?.kind !== 'name' && name?.kind !== 'element')) return undefined;
    const shapes = {
      '2 0': { listener: 1, of: undefined },
      '3 0': { listener: 1, of: 2 },
      '4 0': { listener: 3, of: 1 },
      '4 2': { listener: 0, of: 3 },
    } as const;
    const shape = shapes[`${values.length} ${at}` as keyof typeof shapes];
    if (shape === undefined || !this.#isThere(values[shape.listener])) return undefined;
    return shape.of === undefined || values[shape.of]?.kind === 'null' ? name : undefined;
  }

  #isThere(value: Value | undefined): boolean {
    if (value?.kind === 'field') return this.#context.fields.get(value.token)?.isObject === true;
    return value?.kind === 'object';
  }

  *#instructions(): Generator<number> {
    const { at: start, size } = this.#method;
    for (let at = start; at < start + size; at += instructionBytes(this.#bytes, at)) {
      this.#context.budget.spend(1);
      yield at;
    }
  }
}

/** A second text is a type of data, and a filter with one hears nothing that has none. */
function newFilter(values: ReadonlyArray<Value | undefined>): Filter {
  const [first] = values;
  const isHeld = first?.kind === 'name' || first?.kind === 'element';
  return { kind: 'filter', actions: isHeld ? [first] : [], isChanged: values.length > 1 };
}

const isSame = (one: Value | undefined, other: Value | undefined): boolean =>
  one === other || (one?.kind === other?.kind && ['object', 'null', 'center'].includes(one?.kind ?? ''));
