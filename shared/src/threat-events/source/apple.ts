/** Observers of the notification centre, in Swift, Objective-C and C#. Reference: Threat-Events §2. */
import type { SyntaxNode } from './node.ts';
import { deafness } from './observers.ts';
import type { Call, Program } from './program.ts';
import { behind, half, isNothing, isPlatformType, register, type Search } from './registrations.ts';

const CENTRES = new Set(['NotificationCenter', 'NSNotificationCenter']);
const DEFAULTS = new Set(['default', 'defaultCenter', 'DefaultCenter']);

export function findObservers(search: Search): void {
  const { program } = search;
  for (const { node, call } of program.calls) {
    const made = observation(search, call);
    if (made === undefined || call.of === undefined) continue;
    const names = search.values.evidence(made.name);
    const why = missing(search, node, call, made);
    if (why) half(search, node, names, why);
    else register(search, node, names);
  }
}

/** Why a call does not register; undefined if it does. */
function missing(search: Search, node: SyntaxNode, { of, name }: Call, made: Observation): string | undefined {
  if (of === undefined || !isDefaultCentre(search, of))
    return 'the notification center that it is registered with could not be traced to the default one';
  if (made.sender && !isNothing(search, made.sender)) return 'it only gets what one object posts: object is not nil';
  if (name === 'publisher') return unsubscribed(search, node);
  if (made.heard === undefined || isNothing(search, made.heard)) return 'the call has no observer or block';
  return made.selector && deafness(search, made.heard, made.selector);
}

/** What a call that registers gets. */
interface Observation {
  name: SyntaxNode;
  /** The `object`. */
  sender: SyntaxNode | undefined;
  /** The observer, or the block. */
  heard: SyntaxNode | undefined;
  /** Of a method of the observer. */
  selector?: SyntaxNode | undefined;
}

/** @returns undefined if the call registers nothing */
function observation({ values }: Search, call: Call): Observation | undefined {
  const labelled = (...labels: string[]) =>
    call.args.find((one) => one.label !== undefined && labels.includes(one.label))?.node;
  const [first, second, third, fourth] = call.args.map((one) => one.node);
  const sender = labelled('object');
  const of = (name: SyntaxNode | undefined, heard: SyntaxNode | undefined, from = sender, selector?: SyntaxNode) =>
    name && { name, heard, sender: from, selector };
  switch (call.name) {
    // Swift: forName or name. Objective-C: `addObserver:selector:name:object:`.
    case 'addObserver': {
      const name = labelled('forName');
      return name
        ? of(name, labelled('using') ?? call.lambda)
        : of(labelled('name'), first, sender, labelled('selector'));
    }
    case 'addObserverForName':
      return of(first, labelled('usingBlock'));
    case 'publisher':
      return of(labelled('for'), undefined);
    // C#: the name comes first, or third with an observer and a selector before it.
    case 'AddObserver': {
      if (labelled('aName'))
        return of(labelled('aName'), labelled('notify', 'observer'), labelled('fromObject', 'anObject'));
      if (call.args.length < 4) return of(first, second, third);
      const isFirst = first !== undefined && values.names(first) !== undefined;
      return isFirst ? of(first, fourth, second) : of(third, first, fourth, second);
    }
    default:
      return undefined;
  }
}

/** `NotificationCenter.default`, `[NSNotificationCenter defaultCenter]`, or a variable that is set to it and to nothing else. */
function isDefaultCentre(search: Search, node: SyntaxNode): boolean {
  const { program } = search;
  const shape = program.shape(behind(search, node));
  if (shape?.is !== 'member' && shape?.is !== 'call') return false;
  if (!DEFAULTS.has(shape.name) || shape.of === undefined) return false;
  const owner = program.bareShape(shape.of);
  const name = owner?.is === 'name' || owner?.is === 'member' ? owner.name : '';
  // A macro of the tree may stand for something else.
  const isMacro = program.topNamed(name).length > 0;
  return CENTRES.has(name) && !isMacro && isPlatformType(search, name, node);
}

/** Operators after which every notification still comes. */
const PASSING = new Set(
  'map compactMap receive subscribe share eraseToAnyPublisher print handleEvents autoconnect setFailureType mapError'.split(
    ' ',
  ),
);

/** `publisher(for:)` registers while something subscribes: SwiftUI's `.onReceive`, or `.sink` and `.assign`, whose result is kept. */
function unsubscribed({ program }: Search, node: SyntaxNode): string | undefined {
  let inner = node;
  for (let around: SyntaxNode | undefined = node, depth = 0; around && depth < 64; around = around.parent, depth++) {
    if (program.userOf(around)?.call.name === 'onReceive') return undefined;
    if (around === inner) continue;
    const shape = program.shape(around);
    if (shape?.is !== 'call' || shape.of === undefined) continue;
    if (program.bare(shape.of) !== inner) break;
    if (shape.name === 'sink' || shape.name === 'assign')
      return isKept(program, around, shape)
        ? undefined
        : `nothing keeps what ${shape.name} returns, so it ends at once`;
    if (!PASSING.has(shape.name)) return `${shape.name} may not pass every notification on`;
    inner = around;
  }
  return 'nothing subscribes to this publisher where it is made';
}

const KEEPERS = new Set(['store', 'insert', 'append']);

function isKept(program: Program, node: SyntaxNode, call: Call): boolean {
  // `assign(to: &$name)` ends with the object.
  if (call.name === 'assign' && call.args.length === 1) return true;
  if (KEEPERS.has(program.userOf(node)?.call.name ?? '')) return true;
  const owner = program.ownerOf(node);
  if (owner) return owner.scope.parent === undefined || program.isBody(owner.scope);
  for (let around = node.parent, depth = 0; around && depth < 3; around = around.parent, depth++) {
    const shape = program.shape(around);
    if (shape?.is === 'call')
      return shape.name === 'store' && shape.of !== undefined && program.bare(shape.of) === node;
    const assignment = program.reader(around).assignment(around);
    if (assignment === undefined) continue;
    const target = program.bareShape(assignment.target);
    if (target?.is === 'member') return true;
    const declared = target?.is === 'name' ? program.lookUp(target.name, around) : [];
    return declared.length > 0 && declared.every(({ scope }) => scope.parent === undefined || program.isBody(scope));
  }
  return false;
}
