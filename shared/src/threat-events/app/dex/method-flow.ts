/** Follows event names through one method: a worklist over its branches, with what each register can hold. */
import type { Budget } from '../problem.ts';
import { applyCall, isContainer } from './calls.ts';
import type { MethodCode } from './class-members.ts';
import { type DexFile, fieldKey, type MethodRef, methodKey } from './dex-file.ts';
import { branches, invokeAt, lengthAt, listOf, rangeOf, written } from './instructions.ts';
import { ARGUMENT, CALLERS, FIELD, type Memory, RESULT } from './memory.ts';
import { CONSTANT, elementsOf, FILTER, holding, join, unsure, type Value } from './values.ts';

export interface FlowContext {
  dex: DexFile;
  memory: Memory;
  budget: Budget;
  /** Event names by their index in the table of strings. */
  names: ReadonlyMap<number, string>;
  /** Whether the code of a class is looked at; the code of others is not the app's. */
  isRead(owner: string): boolean;
  /** A method that only returns a field of its object: the index of the field. */
  getterOf(method: number): number | undefined;
  /** Whether a class is a BroadcastReceiver. */
  isReceiver(type: string): boolean;
  /** Whether a method returns in one place only. */
  hasOneResult(method: number): boolean;
  /** How many instructions fill a field. */
  storesOf(field: number): number;
}

/** By register; after the last one, the result of the last call, which `move-result-object` fetches. */
type State = Array<Value | undefined>;
const STRING = 'Ljava/lang/String;';
const MOVE_EXCEPTION = 0x0d;

export function followMethod(code: MethodCode, context: FlowContext): void {
  const { dex, budget, memory } = context;
  const self = dex.method(code.method);
  const states = new Map<number, State>([[0, argumentsOf(code, self, context)]]);
  const seen = new Set<number>();
  const open = [0];
  memory.isClosed = true;
  const run = () => {
    for (let start = open.pop(); start !== undefined; start = open.pop()) {
      budget.spend(code.registers);
      let state = [...(states.get(start) ?? [])];
      for (let unit = start; unit < code.units; ) {
        budget.spend(1);
        const at = code.at + 2 * unit;
        seen.add(unit);
        step(at, state, code, self, context);
        const { to, next } = branches(dex.bytes, at);
        if (to.length > 0) budget.spend(to.length * code.registers);
        for (const offset of to) if (flowTo(states, unit + offset, state)) open.push(unit + offset);
        if (!next) break;
        unit += lengthAt(dex.bytes, at);
        const known = states.get(unit);
        if (known === undefined) {
          if (to.length > 0) states.set(unit, [...state]);
          continue;
        }
        // Others come here too.
        budget.spend(code.registers);
        if (!flowTo(states, unit, state)) break;
        state = [...(states.get(unit) ?? [])];
      }
    }
  };
  run();
  // Handlers of exceptions are reached from many places, so nothing is known there.
  for (let unit = 0; unit < code.units; unit += lengthAt(dex.bytes, code.at + 2 * unit)) {
    budget.spend(1);
    if (seen.has(unit) || dex.bytes.readUInt8(code.at + 2 * unit) !== MOVE_EXCEPTION) continue;
    states.set(unit, []);
    open.push(unit);
    run();
  }
  memory.isClosed = false;
  for (const start of [...states.keys()].sort((a, b) => a - b)) {
    const state = [...(states.get(start) ?? [])];
    for (let unit = start; unit < code.units; ) {
      budget.spend(1);
      const at = code.at + 2 * unit;
      step(at, state, code, self, context);
      if (!branches(dex.bytes, at).next) break;
      unit += lengthAt(dex.bytes, at);
      if (states.has(unit)) break;
    }
  }
}

/**
 * Whether what is read here is used in every turn of a loop: from here to the jump back, control goes straight on, and there is one way out
 * between the start of the loop and here.
 */
function isInLoop(start: number, code: MethodCode, { dex, budget }: FlowContext): boolean {
  const from = (start - code.at) / 2;
  for (let unit = from; unit < code.units; ) {
    budget.spend(1);
    const at = code.at + 2 * unit;
    const { to, next } = branches(dex.bytes, at);
    const [target = 0] = to;
    if (to.length > 0) {
      const isBack = to.length === 1 && unit + target <= from;
      return isBack && hasOneWayOut(unit + target, from, next, code, dex);
    }
    if (!next) return false;
    unit += lengthAt(dex.bytes, at);
  }
  return false;
}

function hasOneWayOut(first: number, from: number, isAtEnd: boolean, code: MethodCode, dex: DexFile): boolean {
  let count = isAtEnd ? 1 : 0;
  for (let unit = first; unit < from; ) {
    const at = code.at + 2 * unit;
    const { to, next } = branches(dex.bytes, at);
    if (!next || to.length > 1) return false;
    count += to.length;
    unit += lengthAt(dex.bytes, at);
  }
  return count === 1;
}

/** @returns whether more is known at the target than before */
function flowTo(states: Map<number, State>, unit: number, state: State): boolean {
  const known = states.get(unit);
  if (known === undefined) {
    states.set(unit, [...state]);
    return true;
  }
  let grown = false;
  for (let register = 0; register < Math.max(known.length, state.length); register++) {
    const joined = join(known[register], state[register]);
    if (joined === known[register]) continue;
    known[register] = joined;
    grown = true;
  }
  return grown;
}

function argumentsOf(code: MethodCode, self: MethodRef, { memory, isReceiver }: FlowContext): State {
  const state: State = [];
  const key = methodKey(self);
  if (self.parameters.includes(FILTER)) memory.want(CALLERS + key);
  const types = code.isStatic ? self.parameters : [self.owner, ...self.parameters];
  let register = code.registers - code.arguments;
  for (const [index, type] of types.entries()) {
    const cell = `${ARGUMENT}${index} ${key}`;
    state[register] = memory.cell(cell);
    if (isReceiver(type) && (index > 0 || code.isStatic)) {
      // Whoever calls it hands over a receiver, or we learn that one does not.
      memory.want(CALLERS + key);
      const given = state[register] ?? holding([], [memory.site(cell, type)]);
      state[register] = given && memory.isDoubted(cell) ? unsure(given) : given;
    }
    if (index === 0 && !code.isStatic && isReceiver(self.owner)) {
      state[register] ??= holding([], [memory.site(`this ${self.owner}`, self.owner)]);
    }
    register += isWide(type) ? 2 : 1;
  }
  return state;
}

const isWide = (type: string): boolean => type === 'J' || type === 'D';

function step(at: number, state: State, code: MethodCode, self: MethodRef, context: FlowContext): void {
  const { dex, memory, names } = context;
  const { bytes } = dex;
  const op = bytes.readUInt8(at);
  const place = `${methodKey(self)}@${at}`;
  let value: Value | undefined;
  if (op === 0x07 || op === 0x01) value = state[bytes.readUInt8(at + 1) >> 4];
  else if (op === 0x08 || op === 0x02) value = state[bytes.readUInt16LE(at + 2)];
  else if (op === 0x09 || op === 0x03) value = state[bytes.readUInt16LE(at + 4)];
  else if (op === 0x0c) value = state[code.registers];
  else if (op >= 0x12 && op <= 0x15) value = constantAt(bytes, at, op);
  else if (op === 0x1a || op === 0x1b) {
    const name = names.get(op === 0x1a ? bytes.readUInt16LE(at + 2) : bytes.readUInt32LE(at + 2));
    value = name === undefined ? undefined : holding([name]);
  } else if (op === 0x22 || op === 0x23) {
    const type = dex.type(bytes.readUInt16LE(at + 2));
    if (type === FILTER || isContainer(type) || context.isRead(type)) value = holding([], [memory.site(place, type)]);
  } else if (op === 0x24 || op === 0x25) {
    const made = holding([], [memory.site(place, dex.type(bytes.readUInt16LE(at + 2)))]);
    for (const register of op === 0x24 ? listOf(bytes, at) : rangeOf(bytes, at)) memory.put(made, state[register]);
    state[code.registers] = made;
  } else if (op === 0x46) {
    const isOne = state[bytes.readUInt8(at + 3)]?.constant === true;
    const elements = isOne ? undefined : elementsOf(state[bytes.readUInt8(at + 2)]);
    value = elements && !isInLoop(at, code, context) ? unsure(elements) : elements;
  } else if (op === 0x4d) storeElement(at, place, state, context);
  else if (op === 0x54) value = readField(bytes.readUInt16LE(at + 2), state[bytes.readUInt8(at + 1) >> 4], context);
  else if (op === 0x62) value = readField(bytes.readUInt16LE(at + 2), undefined, context);
  else if (op === 0x5b) store(bytes.readUInt16LE(at + 2), state[bytes.readUInt8(at + 1) & 0xf], context);
  else if (op === 0x69) store(bytes.readUInt16LE(at + 2), state[bytes.readUInt8(at + 1)], context);
  else if (op === 0x11) memory.store(RESULT + methodKey(self), state[bytes.readUInt8(at + 1)]);
  else callAt(at, place, state, code, context);
  const target = written(bytes, at);
  if (target === undefined) return;
  if (target.register >= code.registers) return;
  state[target.register] = value;
  if (target.wide && target.register + 1 < code.registers) state[target.register + 1] = undefined;
}

function callAt(at: number, place: string, state: State, code: MethodCode, context: FlowContext): void {
  const { dex, memory } = context;
  const invoke = invokeAt(dex.bytes, at);
  if (invoke === undefined) return;
  state[code.registers] = undefined;
  const caller = dex.method(code.method);
  const callee = dex.method(invoke.method);
  const types = invoke.isStatic ? callee.parameters : [callee.owner, ...callee.parameters];
  let next = 0;
  const values = types.map((type) => {
    const register = invoke.registers[next];
    next += isWide(type) ? 2 : 1;
    return register === undefined ? undefined : state[register];
  });
  const getter = values[0] === undefined ? undefined : context.getterOf(invoke.method);
  const calleeIsRead = context.isRead(callee.owner);
  state[code.registers] =
    getter === undefined
      ? applyCall(
          {
            callee,
            isStatic: invoke.isStatic,
            values,
            at: place,
            caller,
            calleeIsRead,
            place: { method: methodKey(caller), at },
            hasOneResult: () => context.hasOneResult(invoke.method),
            isInLoop: () => isInLoop(at, code, context),
            isReceiver: context.isReceiver,
          },
          memory,
        )
      : readField(getter, values[0], context);
}

function readField(index: number, object: Value | undefined, context: FlowContext): Value | undefined {
  const { dex, memory } = context;
  const field = dex.field(index);
  const key = FIELD + fieldKey(field);
  if (field.type === FILTER || context.isReceiver(field.type)) memory.want(key);
  const held = memory.cell(key);
  if (held === undefined) return undefined;
  if (field.type !== STRING) {
    const found = holding([], held.sites);
    return found && (held.isUnsure || held.sites.size > 1 || context.storesOf(index) > 1) ? unsure(found) : found;
  }
  if (held.names.size <= 1) return context.storesOf(index) > 1 ? unsure(held) : held;
  // A field of many objects: what it is in this one, was given to the constructor.
  const own = [...(object?.sites ?? [])].flatMap((site) => [...site.names]);
  const found = holding(own.filter((name) => held.names.has(name)));
  return found && { ...found, isUnsure: object?.isUnsure === true, ...(object?.from && { from: object.from }) };
}

/** An array that is made element by element; an index that is not known replaces any of them. */
function storeElement(at: number, place: string, state: State, { dex, memory }: FlowContext): void {
  const array = state[dex.bytes.readUInt8(at + 2)];
  const index = state[dex.bytes.readUInt8(at + 3)]?.number;
  if (index === undefined) memory.change(array);
  else {
    memory.fillSlot(array, index, place);
    memory.put(array, state[dex.bytes.readUInt8(at + 1)]);
  }
}

function constantAt(bytes: Buffer, at: number, op: number): Value {
  if (op === 0x12) return { ...CONSTANT, number: bytes.readInt8(at + 1) >> 4 };
  if (op === 0x15) return CONSTANT;
  return { ...CONSTANT, number: op === 0x13 ? bytes.readInt16LE(at + 2) : bytes.readInt32LE(at + 2) };
}

function store(index: number, value: Value | undefined, { dex, memory }: FlowContext): void {
  if (value !== undefined && !value.constant) memory.store(FIELD + fieldKey(dex.field(index)), value);
}
