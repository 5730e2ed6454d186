/** What one method in IL does with event names: a literal that is handed to a call, or an array that a loop goes through. */
import type { Budget } from '../problem.ts';
import type { Assembly, IlMethod } from './assembly.ts';
import { instructionBytes } from './instructions.ts';

export interface MethodNames {
  loaded: Set<string>;
  registered: Set<string>;
}

const OP = {
  loadString: 0x72,
  newArray: 0x8d,
  storeField: 0x80,
  loadField: 0x7e,
  loadElement: 0x9a,
  newObject: 0x73,
} as const;
const CALLS = new Set([0x28, 0x6f, 0x73]);
const STORES_LOCAL = new Set([0x0a, 0x0b, 0x0c, 0x0d, 0x13]);
/** Make an NSString of a string. */
const WRAPS = new Set(['NSString..ctor', 'NSString.op_Explicit', 'NSString.op_Implicit']);
const ACTIONS = new Set(['IntentFilter..ctor', 'IntentFilter.AddAction']);
const OBSERVES = 'NSNotificationCenter.AddObserver';
const RECEIVES = /(?:^|\.)RegisterReceiver$/;
/** Stand between a name and AddObserver: the delegate is made there, and the queue is asked for. */
const BETWEEN = /\.ctor$|\.get_\w+$/;
/** From an element to the call that takes it, in bytes: the body of a loop does little else. */
const NEAR = 80;

type Strings = ReadonlyMap<number, string>;

/** Static fields that hold an array of names, by token. */
export function arraysIn(
  assembly: Assembly,
  method: IlMethod,
  strings: Strings,
  budget: Budget,
): Map<number, readonly string[]> {
  const found = new Map<number, readonly string[]>();
  let elements: string[] | undefined;
  for (const { op, at } of instructions(assembly, method, budget)) {
    const token = () => assembly.bytes.readUInt32LE(at + 1);
    if (op === OP.newArray) elements = [];
    else if (op === OP.loadString) elements?.push(strings.get(token()) ?? '');
    else if (op === OP.storeField && elements !== undefined) {
      found.set(
        token(),
        elements.filter((name) => name !== ''),
      );
      elements = undefined;
    } else if (CALLS.has(op)) elements = undefined;
  }
  return found;
}

export function namesIn(
  assembly: Assembly,
  method: IlMethod,
  strings: Strings,
  arrays: ReadonlyMap<number, readonly string[]>,
  budget: Budget,
): MethodNames {
  const loaded = new Set<string>();
  const registered = new Set<string>();
  const actions: string[] = [];
  /** The array that is being filled, and the one that was last put into a variable or read from a field. */
  let filled: string[] | undefined;
  let array: readonly string[] = [];
  let current: { names: readonly string[]; at: number; isWrapped: boolean } | undefined;
  for (const { op, at } of instructions(assembly, method, budget)) {
    const token = () => assembly.bytes.readUInt32LE(at + 1);
    if (op === OP.loadString) {
      const name = strings.get(token());
      if (name !== undefined) {
        loaded.add(name);
        filled?.push(name);
      }
      current = name === undefined ? undefined : { names: [name], at, isWrapped: false };
    } else if (op === OP.newArray) filled = [];
    else if (op === OP.loadField) array = arrays.get(token()) ?? array;
    else if (STORES_LOCAL.has(op) && filled !== undefined) {
      array = filled;
      filled = undefined;
    } else if (op === OP.loadElement) current = { names: array, at, isWrapped: false };
    else if (CALLS.has(op)) {
      const called = assembly.called(token()) ?? '';
      filled = undefined;
      if (RECEIVES.test(called)) for (const name of actions.splice(0)) registered.add(name);
      if (current === undefined || at - current.at > NEAR) continue;
      if (WRAPS.has(called)) current.isWrapped = true;
      else if (ACTIONS.has(called) && !current.isWrapped) actions.push(...current.names);
      else if (called === OBSERVES && current.isWrapped) for (const name of current.names) registered.add(name);
      if (!WRAPS.has(called) && !BETWEEN.test(called)) current = undefined;
    }
  }
  return { loaded, registered };
}

function* instructions(
  { bytes }: Assembly,
  { at: start, size }: IlMethod,
  budget: Budget,
): Generator<{ op: number; at: number }> {
  for (let at = start; at < start + size; at += instructionBytes(bytes, at)) {
    budget.spend(1);
    yield { op: bytes.readUInt8(at), at };
  }
}
