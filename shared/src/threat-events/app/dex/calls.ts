/** What known calls do with event names. Framework classes keep their names in every app; others are known by the shape of the call. */
import { classNameOf, type MethodRef, methodKey } from './dex-file.ts';
import { ARGUMENT, type Memory, RESULT } from './memory.ts';
import { elementsOf, FILTER, holding, join, type Value } from './values.ts';

export interface Call {
  callee: MethodRef;
  isStatic: boolean;
  /** The receiver first, unless the call is static. */
  values: ReadonlyArray<Value | undefined>;
  /** Names the place of the call. */
  at: string;
  caller: MethodRef;
  /** Whether the code of the callee's class is looked at. */
  calleeIsRead: boolean;
}

const RECEIVER = 'Landroid/content/BroadcastReceiver;';
const CONTEXT = 'Landroid/content/Context;';
const STRING = 'Ljava/lang/String;';
const COLLECTION =
  /^L(?:java\/util|kotlin\/collections|kotlin\/jvm\/internal\/ArrayIteratorKt|androidx\/collection|com\/google\/common\/collect)\b/;
/** Kotlin's `listOf` and its like, under whatever name. */
const LIST_OF_ARRAY = /^Ljava\/util\/(?:List|Set|Collection|ArrayList);$/;

/** @returns the result of the call */
export function applyCall(call: Call, memory: Memory): Value | undefined {
  const { callee, values, isStatic } = call;
  const [receiver, first] = values;
  noteRegistration(call, memory);
  if (callee.owner === FILTER) {
    const takesAction = callee.name === 'addAction' || callee.name === '<init>';
    if (takesAction && callee.parameters[0] === STRING) memory.put(receiver, holding(first?.names ?? []));
    if (callee.name === '<init>' && callee.parameters[0] === FILTER) memory.put(receiver, elementsOf(first));
    return undefined;
  }
  if (callee.owner.startsWith('[')) return callee.name === 'clone' ? receiver : undefined;
  if (callee.owner === STRING) return PASSES_TEXT.has(callee.name) ? receiver : undefined;
  if (callee.name === 'requireNonNull') return receiver;
  if (callee.name === 'name' && callee.parameters.length === 0 && callee.returns === STRING) {
    // An enum's constants; a class of the app's own with such a method is looked at like any other.
    const names = [...(receiver?.sites ?? [])].flatMap((site) => [...site.first]);
    if (names.length > 0) return holding(names);
  }
  if (COLLECTION.test(callee.owner)) return collection(call, memory);
  const wrapsArray = callee.parameters.length === 1 && callee.parameters[0] === '[Ljava/lang/Object;';
  if (isStatic && wrapsArray && LIST_OF_ARRAY.test(callee.returns)) return collection(call, memory);
  return call.calleeIsRead ? ownCall(call, memory) : undefined;
}

const PASSES_TEXT = new Set(['intern', 'toString', 'trim']);
/** One element, by a position or key. */
const PICKS = new Set(['get', 'elementAt']);
const ITERATES = new Set(['next', 'nextElement', 'previous', 'getKey']);
/** Give what is not one of the names: the values of a map, whether something was there. */
const GIVES_NO_NAME = new Set(['getValue', 'getOrDefault', 'values', 'remove', 'containsKey', 'contains', 'indexOf']);
const STORES_PAIR = new Set(['put', 'putIfAbsent', 'set']);

function collection({ callee, isStatic, values, at }: Call, memory: Memory): Value | undefined {
  const [receiver, ...others] = values;
  if (GIVES_NO_NAME.has(callee.name)) return undefined;
  if (!isStatic) {
    if (ITERATES.has(callee.name)) return join(elementsOf(receiver), holding(receiver?.names ?? []));
    if (PICKS.has(callee.name)) {
      const isList = callee.parameters[0] === 'I' && !others[0]?.constant;
      return isList ? elementsOf(receiver) : undefined;
    }
    const stored = STORES_PAIR.has(callee.name) ? [others[callee.name === 'set' ? 1 : 0]] : others;
    if (callee.name === '<init>' || callee.returns === 'V' || /^(?:add|put|push|offer|set)/.test(callee.name)) {
      for (const value of stored) fill(receiver, value, memory);
      return undefined;
    }
  }
  if (!/^[L[]/.test(callee.returns)) return undefined;
  // Any other result holds what the call was given: `asList`, `of`, `iterator`, `keySet`, `unmodifiableList`, `sorted`.
  const made = holding([], [memory.site(at, callee.returns)]);
  for (const value of values) fill(made, value, memory);
  return made;
}

/** A name goes in as it is; of a list, its elements; of any other object, the object. */
function fill(target: Value | undefined, value: Value | undefined, memory: Memory): void {
  if (value === undefined) return;
  const objects = [...value.sites].filter(({ type }) => !isContainer(type));
  memory.put(target, holding(value.names, objects));
  const containers = [...value.sites].filter(({ type }) => isContainer(type));
  memory.put(target, elementsOf(holding([], containers)));
}

export const isContainer = (type: string): boolean => type.startsWith('[') || COLLECTION.test(type);

function ownCall({ callee, values }: Call, memory: Memory): Value | undefined {
  const key = methodKey(callee);
  const [receiver, ...others] = values;
  if (callee.name === '<init>') {
    for (const value of others) memory.put(receiver, holding(value?.names ?? []));
    if (callee.parameters[0] === STRING) memory.putFirst(receiver, others[0]);
  }
  for (const [index, value] of values.entries()) memory.store(`${ARGUMENT}${index} ${key}`, value);
  const result = memory.cell(RESULT + key);
  // Which of several names it is, depends on the call.
  if (result !== undefined && result.names.size > 1) return holding([], result.sites);
  return result;
}

function noteRegistration({ callee, isStatic, values, caller, at }: Call, memory: Memory): void {
  const { parameters } = callee;
  const filterAt = parameters.indexOf(FILTER);
  const receiverAt = parameters.indexOf(RECEIVER);
  if (filterAt < 0 || receiverAt < 0) return;
  const shift = isStatic ? 0 : 1;
  // Without a receiver, it asks for the last sticky broadcast and registers nothing.
  if (values[receiverAt + shift]?.constant) return;
  const local = !callee.returns.includes('Landroid/content/Intent;') && !parameters.includes(CONTEXT);
  for (const filter of values[filterAt + shift]?.sites ?? []) {
    memory.register(at, { filter, owner: classNameOf(caller.owner), method: caller.name, local });
  }
}
