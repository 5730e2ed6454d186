/** Listeners in React Native, Cordova and Flutter. Reference: Threat-Events §2. */
import type { SyntaxNode } from './node.ts';
import type { Declaration } from './program.ts';
import {
  arriving,
  behind,
  half,
  isNothing,
  isPlatformType,
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
  if (shape?.is === 'name') return shape.name === 'broadcaster' && program.lookUp(shape.name, found).length === 0;
  if (shape?.is !== 'member' || shape.name !== 'broadcaster' || shape.of === undefined) return false;
  const owner = program.bareShape(shape.of);
  return (
    owner?.is === 'name' &&
    ['window', 'globalThis'].includes(owner.name) &&
    program.lookUp(owner.name, found).length === 0
  );
}

const SAME_STREAM = new Set(['map', 'cast', 'asBroadcastStream', 'handleError']);

/** `EventChannel(NAME).receiveBroadcastStream().listen(…)` of Flutter. */
export function findChannels(search: Search): void {
  const { program, values } = search;
  for (const { node, call } of program.calls) {
    if (!isPlatformType(search, 'EventChannel', node)) continue;
    const [callback] = call.args;
    if (call.name !== 'listen' || call.of === undefined || callback === undefined) continue;
    const stream = sourceOf(search, call.of);
    const names = values.evidence(stream, 'stream');
    if (isNothing(search, callback.node)) half(search, node, names, 'listen has no callback');
    else if (names) register(search, node, names);
  }
  for (const { node, call } of program.calls) {
    const [first] = call.args;
    if (call.name === 'EventChannel' && first)
      half(
        search,
        node,
        values.evidence(first.node),
        'nothing was found that listens to the stream of this EventChannel',
      );
  }
}

/** The stream behind methods that pass its events on. */
function sourceOf(search: Search, node: SyntaxNode): SyntaxNode {
  let found = behind(search, node);
  for (let depth = 0; depth < 16; depth++) {
    const shape = search.program.shape(found);
    if (shape?.is !== 'call' || shape.of === undefined || !SAME_STREAM.has(shape.name)) break;
    found = behind(search, shape.of);
  }
  return found;
}
