/** Listeners in React Native and Cordova. Reference: Threat-Events §2. */
import { fieldOf, type SyntaxNode } from './node.ts';
import { type Declaration, is } from './program.ts';
import {
  arriving,
  behind,
  half,
  isNothing,
  type Registration,
  register,
  type Search,
  vanity,
} from './registrations.ts';

/** React Native needs both: the native module is told the name, and the emitter hands the event on. */
export function findEmitters(search: Search): void {
  const { program, values, found } = search;
  const told: Registration[] = [];
  const heard: Registration[] = [];
  for (const { node, call } of program.calls) {
    const [first, callback] = call.args;
    if (call.of === undefined || first === undefined) continue;
    const isTelling = call.name === 'registerForDevEvent';
    const isHearing = call.name === 'addListener' && isEmitter(search, call.of);
    if (!isTelling && !isHearing) continue;
    const names = values.evidence(first.node);
    const vain = vanity(search, node);
    if (isTelling && !isModule(search, call.of))
      half(search, node, names, 'registerForDevEvent is called on something other than NativeModules.ADDevEvents');
    else if (isHearing && (callback === undefined || isNothing(search, callback.node)))
      half(search, node, names, 'addListener has no callback');
    else if (names === undefined) found.untraced.push(node);
    else if (vain) half(search, node, names, vain);
    else for (const one of arriving(search, node, names)) (isTelling ? told : heard).push(one);
  }
  const toldNames = new Set(told.map(({ name }) => name));
  const heardNames = new Set(heard.map(({ name }) => name));
  for (const one of heard) {
    if (toldNames.has(one.name)) found.whole.push(one);
    else found.half.push({ ...one, why: 'addListener is called, and registerForDevEvent is not' });
  }
  for (const one of told)
    if (heardNames.has(one.name)) found.whole.push(one);
    else
      found.half.push({
        ...one,
        why: 'registerForDevEvent is called, and addListener of a NativeEventEmitter for ADDevEvents is not',
      });
}

const MODULE = 'ADDevEvents';

function isEmitter(search: Search, node: SyntaxNode): boolean {
  const made = behind(search, node);
  const shape = search.program.shape(made);
  if (shape?.is !== 'call' || shape.name !== 'NativeEventEmitter') return false;
  const [first] = shape.args;
  return first !== undefined && isOfReactNative(search, shape.name, made) && isModule(search, first.node);
}

/** `NativeModules.ADDevEvents`, by whatever name a file has for it. */
function isModule(search: Search, node: SyntaxNode, depth = 0): boolean {
  const { program, values } = search;
  if (depth > 16) return false;
  const bare = behind(search, node);
  const shape = program.shape(bare);
  if (shape?.is === 'member') return shape.name === MODULE && shape.of !== undefined && isNative(search, shape.of);
  if (shape?.is === 'item') return values.names(shape.index)?.join() === MODULE && isNative(search, shape.of);
  if (shape?.is === 'call') {
    const [first] = shape.args;
    const owner = shape.of && program.bareShape(shape.of);
    const isRegistry = owner?.is === 'name' && owner.name === 'TurboModuleRegistry';
    return isRegistry && first !== undefined && values.names(first.node)?.join() === MODULE;
  }
  if (shape?.is !== 'name') return false;
  return values.meanings.declarations(shape.name, bare).some((one) => isTaken(search, one));
}

function isTaken(search: Search, { what }: Declaration): boolean {
  return what.as === 'taken' && what.member === MODULE && isNative(search, what.of);
}

function isNative(search: Search, node: SyntaxNode): boolean {
  const { program } = search;
  const found = behind(search, node);
  const shape = program.shape(found);
  if (shape?.is === 'member') return shape.name === 'NativeModules';
  return shape?.is === 'name' && shape.name === 'NativeModules' && isOfReactNative(search, shape.name, found);
}

/** Not something of the tree's own that has the name. */
function isOfReactNative({ program }: Search, name: string, from: SyntaxNode): boolean {
  return program.lookUp(name, from).every(({ what }) => what.as === 'import' && what.from === 'react-native');
}

/** `window.broadcaster.addEventListener(NAME, …)` of Cordova. */
export function findBroadcasts(search: Search): void {
  const { program, values } = search;
  for (const { node, call } of program.calls) {
    const [first, callback] = call.args;
    if (call.name !== 'addEventListener' || call.of === undefined || first === undefined) continue;
    if (!isBroadcaster(search, call.of)) continue;
    const names = values.evidence(first.node);
    if (callback === undefined || isNothing(search, callback.node))
      half(search, node, names, 'addEventListener has no callback');
    else register(search, node, names);
  }
}

function isBroadcaster(search: Search, node: SyntaxNode): boolean {
  const { program } = search;
  const found = behind(search, node);
  const shape = program.shape(found);
  // An object of the app's own.
  if (program.assignedMembers('broadcaster').length > 0) return false;
  if (shape?.is === 'name') {
    const declared = program.lookUp(shape.name, found);
    if (declared.length === 0) return shape.name === 'broadcaster';
    return declared.every(
      ({ what }) => what.as === 'taken' && what.member === 'broadcaster' && isWindow(search, what.of),
    );
  }
  if (shape?.is === 'item')
    return search.values.names(shape.index)?.join() === 'broadcaster' && isWindow(search, shape.of);
  return shape?.is === 'member' && shape.name === 'broadcaster' && shape.of !== undefined && isWindow(search, shape.of);
}

/** `window`, under another name too: `(function (w) { … })(window)`. */
function isWindow(search: Search, node: SyntaxNode, depth = 0): boolean {
  const { program } = search;
  const found = behind(search, node);
  const shape = program.shape(found);
  if (shape?.is !== 'name' || depth > 8) return false;
  const declared = program.lookUp(shape.name, found);
  if (declared.length === 0) return ['window', 'globalThis'].includes(shape.name);
  const [only, ...others] = declared;
  if (!is(only, 'parameter') || others.length > 0 || only.what.member !== undefined) return false;
  if (program.assignedTo(only).length > 0) return false;
  const given = givenAtOnce(only.what.of)[only.what.index];
  return given !== undefined && isWindow(search, given, depth + 1);
}

/** The arguments of a function that is called where it is written. */
function givenAtOnce(lambda: SyntaxNode): SyntaxNode[] {
  let callee = lambda;
  while (callee.parent?.type === 'parenthesized_expression') callee = callee.parent;
  const isCalled = callee.field === 'function' && callee.parent?.type === 'call_expression';
  return isCalled ? (fieldOf(callee.parent, 'arguments')?.children ?? []) : [];
}
