/** What known calls do with event names. Framework classes keep their names in every app; others are known by the shape of the call. */
import { classNameOf, type MethodRef, methodKey } from './dex-file.ts';
import { ARGUMENT, type Memory, RESULT } from './memory.ts';
import { elementsOf, FILTER, holding, type Place, unsure, type Value } from './values.ts';

export interface Call {
  callee: MethodRef;
  isStatic: boolean;
  /** The receiver first, unless the call is static. */
  values: ReadonlyArray<Value | undefined>;
  /** Names the place of the call. */
  at: string;
  caller: MethodRef;
  place: Place;
  /** Whether the code of the callee's class is looked at. */
  calleeIsRead: boolean;
  /** Whether the callee returns in one place only. */
  hasOneResult(): boolean;
  /** Whether what it gives is used in every turn of a loop. */
  isInLoop(): boolean;
  isReceiver(type: string): boolean;
}

const RECEIVER = 'Landroid/content/BroadcastReceiver;';
const STRING = 'Ljava/lang/String;';
const COLLECTION =
  /^L(?:java\/util|kotlin\/collections|kotlin\/jvm\/internal\/ArrayIteratorKt|androidx\/collection|com\/google\/common\/collect)\b/;
/** What a filter can be asked, and what does not change what it lets through. */
const HARMLESS = /^(?:get|has|count|match|actions|set(?:Priority|AutoVerify)|toString|hashCode|equals)/;
/** Leave a list as it is, or make another that has the same elements. */
const KEEPS =
  /^(?:<init>|add|put|push|offer|set$|iterator|listIterator|hasNext|next|previous|keySet|entrySet|getKey|getValue|values|get|elementAt|size|length|isEmpty|contains|indexOf|stream|of|asList|listOf|setOf|mutableListOf|mutableSetOf|arrayListOf|hashSetOf|linkedSetOf|mapOf|emptyList|unmodifiable|copyOf|build|toList|toSet|toMutable|toArray|asIterable|plus|union|sorted|reversed|equals|hashCode|toString|forEach|hasMoreElements|synchronized|singleton|ensureCapacity|trimToSize|fill$)/;
/** Kotlin's checks of arguments. */
const CHECKS = 'Lkotlin/jvm/internal/Intrinsics;';

/** @returns the result of the call */
export function applyCall(call: Call, memory: Memory): Value | undefined {
  const { callee, values } = call;
  const [receiver, first] = values;
  noteRegistration(call, memory);
  if (callee.owner === FILTER) {
    const made = callee.name === '<init>' && callee.parameters.length < 2;
    const takesAction = (made || callee.name === 'addAction') && callee.parameters[0] === STRING;
    if (takesAction) memory.addActions(receiver, first, call.place);
    else if (made && callee.parameters[0] === FILTER) memory.addActions(receiver, elementsOf(first), call.place);
    else if (!made && !HARMLESS.test(callee.name)) memory.change(receiver);
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
  if (call.calleeIsRead) return ownCall(call, memory);
  const isKnown = callee.owner === CHECKS || callee.name === 'registerReceiver';
  if (!isKnown) for (const value of values) memory.change(value);
  return undefined;
}

const PASSES_TEXT = new Set(['intern', 'toString', 'trim']);
/** One element, by a position or key. */
const PICKS = new Set(['get', 'elementAt']);
const ITERATES = new Set(['next', 'nextElement', 'previous', 'getKey']);
/** Give what is not one of the names: the values of a map, whether something was there. */
const GIVES_NO_NAME = new Set(['getValue', 'getOrDefault', 'values', 'remove', 'containsKey', 'contains', 'indexOf']);
const STORES_PAIR = new Set(['put', 'putIfAbsent', 'set']);

function collection(call: Call, memory: Memory): Value | undefined {
  const { callee, isStatic, values, at } = call;
  const [receiver, ...others] = values;
  if (!KEEPS.test(callee.name)) {
    // `remove`, `clear`, `subList` and whatever else: what is left is not known.
    for (const value of values) memory.change(value);
    return undefined;
  }
  if (GIVES_NO_NAME.has(callee.name)) return undefined;
  if (!isStatic) {
    if (ITERATES.has(callee.name)) {
      const elements = elementsOf(receiver);
      if (callee.name === 'getKey') return elements ?? (receiver && { ...receiver, sites: new Set() });
      return elements && !call.isInLoop() ? unsure(elements) : elements;
    }
    if (PICKS.has(callee.name)) {
      const isList = callee.parameters[0] === 'I' && !others[0]?.constant;
      const elements = isList ? elementsOf(receiver) : undefined;
      return elements && !call.isInLoop() ? unsure(elements) : elements;
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
  const { isUnsure = false, from } = value;
  const own = holding(value.names, objects);
  memory.put(target, own && { ...own, isUnsure, ...(from && { from }) });
  const elements = elementsOf(
    holding(
      [],
      [...value.sites].filter(({ type }) => isContainer(type)),
    ),
  );
  memory.put(target, elements && { ...elements, isUnsure });
  if (isUnsure) memory.change(target);
}

export const isContainer = (type: string): boolean => type.startsWith('[') || COLLECTION.test(type);

function ownCall(call: Call, memory: Memory): Value | undefined {
  const { callee, values } = call;
  const key = methodKey(callee);
  const [receiver, ...others] = values;
  if (callee.name === '<init>') {
    for (const value of others) if (!value?.isUnsure) memory.put(receiver, holding(value?.names ?? []));
    if (callee.parameters[0] === STRING) memory.putFirst(receiver, others[0]);
  }
  for (const value of values) memory.give(value, key, call.place);
  for (const [index, type] of callee.parameters.entries()) {
    const at = index + (call.isStatic ? 0 : 1);
    const value = values[at];
    const isThere = value !== undefined && value.sites.size > 0 && !value.isUnsure;
    if (call.isReceiver(type)) memory.doubt(`${ARGUMENT}${at} ${key}`, call.at, !isThere);
  }
  for (const [index, value] of values.entries()) memory.store(`${ARGUMENT}${index} ${key}`, value);
  if (callee.returns === FILTER || call.isReceiver(callee.returns)) memory.want(`${ARGUMENT}0 ${key}`);
  const result = memory.cell(RESULT + key);
  // Which of several names it is, depends on the call.
  if (result === undefined) return undefined;
  const found = result.names.size > 1 ? holding([], result.sites) : result;
  return found && (result.sites.size > 1 || !call.hasOneResult()) ? unsure(found) : found;
}

function noteRegistration(call: Call, memory: Memory): void {
  const { callee, isStatic, values, caller, at, place, calleeIsRead } = call;
  const { parameters } = callee;
  const filterAt = parameters.indexOf(FILTER);
  const receiverAt = parameters.indexOf(RECEIVER);
  if (filterAt < 0 || receiverAt < 0) return;
  // A method of the app's own is followed: what it does itself counts.
  if (calleeIsRead && callee.name !== 'registerReceiver') return;
  const shift = isStatic ? 0 : 1;
  const filters = values[filterAt + shift];
  const receiver = values[receiverAt + shift];
  // Without a receiver, it asks for the last sticky broadcast and registers nothing.
  const isHeard = receiver !== undefined && receiver.sites.size > 0 && !receiver.isUnsure;
  const isSure = isHeard && filters?.isUnsure !== true;
  for (const filter of filters?.sites ?? []) {
    memory.register(at, { filter, owner: classNameOf(caller.owner), method: caller.name, callee, isSure, place });
  }
}
