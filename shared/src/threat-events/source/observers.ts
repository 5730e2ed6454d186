/** Observers that hear nothing: released at once, or without the method that the selector names. For Swift and Objective-C. */
import { type ParsedFile, type SyntaxNode, textOf } from './node.ts';
import { functionAround } from './order.ts';
import { type Call, type Declaration, is, type Program, push } from './program.ts';
import { isNothing, type Search } from './registrations.ts';

/** Why an observer never gets what it is registered for; undefined if it may. */
export function deafness(search: Search, observer: SyntaxNode, selector: SyntaxNode): string | undefined {
  if (isNothing(search, selector)) return 'the call has no selector';
  if (observer.file.path.endsWith('.cs')) return undefined;
  if (isReleased(search, observer)) return 'nothing keeps the observer, so it is released at once';
  const method = selectorText(search, selector);
  const type = typeOf(search, observer);
  if (method === undefined || type === undefined || !isWhole(search.program, type)) return undefined;
  return hasMethod(search.program, method) ? undefined : `no method of the tree is called ${method}`;
}

/** The notification center does not keep an observer with a selector. */
function isReleased(search: Search, observer: SyntaxNode): boolean {
  const { program, values } = search;
  const bare = program.bare(observer);
  if (madeType(program, bare) !== undefined) return true;
  const [only, ...others] = values.meanings.namedBy(bare) ?? [];
  if (others.length > 0 || !is(only, 'value') || only.what.value === undefined) return false;
  if (only.scope.parent === undefined || program.isBody(only.scope) || /^\s*static\b/u.test(textOf(only.node)))
    return false;
  if (madeType(program, program.bare(only.what.value)) === undefined) return false;
  return isLetGo(program, only);
}

const LET_GO = new WeakMap<Declaration, boolean>();

/** A local variable that is only registered, and asked for something: it ends with its function. */
function isLetGo(program: Program, variable: Declaration): boolean {
  let found = LET_GO.get(variable);
  if (found === undefined) {
    const { what, scope, node } = variable;
    const places = placesOf(program, scope.file, what.name).filter(
      ({ start, end }) => start >= scope.start && end <= scope.end && !(start >= node.start && end <= node.end),
    );
    found = places.every((place) => letsGo(program, place, node));
    LET_GO.set(variable, found);
  }
  return found;
}

function letsGo(program: Program, place: SyntaxNode, variable: SyntaxNode): boolean {
  const user = program.userOf(place)?.call.name;
  if (user !== undefined) return user === 'addObserver' || user === 'removeObserver';
  // A block that has it keeps it.
  if (functionAround(program, place) !== functionAround(program, variable)) return false;
  for (let around = place.parent, depth = 0; around && depth < 4; around = around.parent, depth++) {
    const shape = program.shape(around);
    if ((shape?.is === 'member' || shape?.is === 'call') && shape.of) return program.bare(shape.of) === place;
  }
  return false;
}

const PLACES = new WeakMap<ParsedFile, Map<string, SyntaxNode[]>>();

function placesOf(program: Program, file: ParsedFile, name: string): readonly SyntaxNode[] {
  let found = PLACES.get(file);
  if (found === undefined) {
    found = new Map();
    for (const node of file.nodes) {
      const shape = node.children.length === 0 ? program.shape(node) : undefined;
      if (shape?.is === 'name') push(found, shape.name, node);
    }
    PLACES.set(file, found);
  }
  return found.get(name) ?? [];
}

/** The type of an object that is made here: `Type()`, `Type.init()`, `[Type new]`, `[[Type alloc] init]`. */
function madeType(program: Program, node: SyntaxNode): string | undefined {
  const shape = program.shape(node);
  if (shape?.is !== 'call') return undefined;
  if (shape.of === undefined)
    return node.file.path.endsWith('.swift') && isCapital(shape.name) ? shape.name : undefined;
  const owner = program.bareShape(shape.of);
  if (owner?.is === 'name' && (shape.name === 'new' || shape.name === 'init'))
    return isCapital(owner.name) ? owner.name : undefined;
  const isMade = owner?.is === 'call' && owner.name === 'alloc' && owner.of && shape.name.startsWith('init');
  return isMade && owner.of ? textOf(owner.of) : undefined;
}

const isCapital = (name: string) => /^\p{Lu}/u.test(name);

function typeOf({ program, values }: Search, observer: SyntaxNode): string | undefined {
  const bare = program.bare(observer);
  if (program.shape(bare)?.is === 'self') return program.typeAround(bare)?.what.name;
  const [only, ...others] = values.meanings.namedBy(bare) ?? [];
  const value = only && others.length === 0 ? values.meanings.onlyValue(only) : undefined;
  return value && madeType(program, program.bare(value));
}

/** `a` of `@selector(a:)`, `Selector("a:")`. The compiler checks `#selector`. */
function selectorText({ program, values }: Search, node: SyntaxNode): string | undefined {
  const bare = program.bare(node);
  const [, written] = /^@selector\s*\(\s*(\w+)/u.exec(textOf(bare)) ?? [];
  if (written) return written;
  const shape = program.shape(bare);
  const [first] = isSelectorCall(shape) ? shape.args : [];
  const names = first && values.names(first.node);
  return names?.length === 1 ? names[0]?.split(':')[0] : undefined;
}

function isSelectorCall(shape: ReturnType<Program['shape']>): shape is Call {
  return shape?.is === 'call' && (shape.name === 'Selector' || shape.name === 'NSSelectorFromString');
}

/** Classes of the platform without a method that an app would give a Threat-Event to. */
const ROOTS = new Set(['NSObject', 'UIResponder', 'UIApplication', 'UIViewController', 'UIView']);

interface Methods {
  names: Set<string>;
  /** What each class extends, and its protocols. */
  supers: Map<string, string[]>;
}

const METHODS = new WeakMap<Program, Methods>();

function methodsOf(program: Program): Methods {
  let found = METHODS.get(program);
  if (found === undefined) {
    found = { names: new Set(), supers: new Map() };
    for (const node of program.nodes()) addTo(found, node);
    METHODS.set(program, found);
  }
  return found;
}

function addTo({ names, supers }: Methods, node: SyntaxNode): void {
  const { type, children } = node;
  const own = children.find((one) => one.type === 'identifier' || one.field === 'name');
  if (type === 'method_definition' || type === 'function_declaration') {
    if (own) names.add(textOf(own));
    const [, renamed] = /@objc\s*\(\s*(\w+)/u.exec(node.file.text.slice(node.start, own?.start ?? node.start)) ?? [];
    if (renamed) names.add(renamed);
  }
  if (!['class_interface', 'class_implementation', 'class_declaration'].includes(type) || own === undefined) return;
  for (const one of children)
    if (one.field === 'superclass' || one.type === 'inheritance_specifier') push(supers, textOf(own), textOf(one));
}

/** Whether every class that it extends is known, so that no other one can have the method. */
function isWhole(program: Program, type: string): boolean {
  const { supers } = methodsOf(program);
  let names = [type];
  for (let depth = 0; depth < 16 && names.length > 0 && names.length < 100; depth++) {
    if (names.some((name) => ROOTS.has(name))) return true;
    names = names.flatMap((name) => supers.get(name) ?? []);
  }
  return false;
}

function hasMethod(program: Program, method: string): boolean {
  const { names } = methodsOf(program);
  // `onThreat(notification:)` of Swift is `onThreatWithNotification:`, and a property has `setName:`.
  const swift = [...method.matchAll(/With/gu)].map(({ index }) => method.slice(0, index));
  return /^set\p{Lu}/u.test(method) || [method, ...swift].some((name) => names.has(name));
}
