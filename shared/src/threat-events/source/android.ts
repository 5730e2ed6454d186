/** `registerReceiver` with an IntentFilter, in Java, Kotlin and C#. Reference: Threat-Events §2. */
import { isOnContext } from './contexts.ts';
import { type Evidence, fewWays } from './items.ts';
import { type SyntaxNode, textOf } from './node.ts';
import { isDoneBefore } from './order.ts';
import { type Call, type Declaration, is, push } from './program.ts';
import { half, isNothing, isPlatformType, register, rootName, type Search } from './registrations.ts';
import { ITERATORS } from './selection.ts';

const ADD_ACTION = new Set(['addAction', 'AddAction']);
const REGISTER = new Set(['registerReceiver', 'RegisterReceiver']);
/** Methods that do not change which broadcasts a filter lets through. */
const HARMLESS = new Set(
  `setPriority SetPriority getPriority getAction GetAction countActions CountActions hasAction HasAction actionsIterator ActionsIterator matchAction
  toString ToString hashCode equals apply also let run`.split(/\s+/u),
);
const SAME_OBJECT = new Set(['apply', 'also']);

/** What is added to a filter. `each`: every element of the node. */
interface Added {
  node: SyntaxNode;
  argument: SyntaxNode;
  each: boolean;
  used: boolean;
  /** Found once: very many registrations may use one filter. */
  names?: readonly Evidence[];
}

/** A filter is known by its variable, or by the expression that makes it. */
type Filter = Declaration | SyntaxNode;

export function findReceivers(search: Search): void {
  const { program, values, found } = search;
  const added = new Map<Filter, Added[]>();
  const loose: Added[] = [];
  const narrowed = new Map<Filter, string>();
  const late = new Set<Added>();
  for (const { node, call } of program.calls) {
    const subject = narrowing(search, node, call);
    if (subject) for (const filter of targets(search, subject, 0)) narrowed.set(filter, call.name);
    for (const one of additions(search, node, call)) {
      const filters = one.subject ? targets(search, one.subject, 0) : [];
      if (filters.length === 0) loose.push(one);
      for (const filter of filters) push(added, filter, one);
    }
  }
  for (const { node, call } of program.calls) {
    if (!REGISTER.has(call.name) || call.args.length < 2 || values.calls.callsOwnFunction(node, call)) continue;
    const at = call.args.findIndex((one) => isFilter(search, one.node, 0));
    const filter = call.args[at]?.node;
    if (filter === undefined) {
      found.untraced.push(node);
      continue;
    }
    const registered: Registered = { added, narrowed, at: node, late };
    const names = fewWays(filterNames(search, filter, registered, 0));
    // A broadcast of that manager never leaves it, and no broadcast from outside reaches it.
    const receiver = call.args[at - 1]?.node;
    if (rootName(search, call.of) === 'LocalBroadcastManager')
      half(search, node, names, 'it is registered with LocalBroadcastManager, which only gets its own broadcasts');
    else if (!isOnContext(search, node, call))
      half(search, node, names, 'the object that registerReceiver is called on could not be traced to a Context');
    else if (receiver === undefined || isNothing(search, receiver))
      half(search, node, names, 'the call has no receiver, or one that is never set');
    else if (asksForPermission(search, call.args.slice(at + 1)))
      half(search, node, names, 'it only gets what a sender with a permission broadcasts');
    else if (registered.doubt) half(search, node, names, registered.doubt);
    else if (names.length > 0) register(search, node, names);
    else if (!isEmpty(search, filter)) found.untraced.push(node);
  }
  for (const one of late) half(search, one.node, namesOf(search, one), LATE);
  const unused = new Set([...loose, ...[...added.values()].flat()].filter((one) => !one.used));
  for (const one of unused)
    half(
      search,
      one.node,
      namesOf(search, one),
      'it is added to an IntentFilter, and no call of registerReceiver with that filter was found',
    );
}

/** Public listeners ask for the app's id with this ending, a permission that an app has after it was fused (inferred). */
const OWN_PERMISSION = '.deveventspermission';

/** The permission comes after the filter, and a handler after that. A single argument there is the flags. */
function asksForPermission(search: Search, [permission, handler]: Call['args']): boolean {
  if (permission === undefined || handler === undefined || isNothing(search, permission.node)) return false;
  return search.values.names(permission.node)?.every((name) => name.endsWith(OWN_PERMISSION)) === false;
}

/** The calls that add to a filter, and the expression or the lambda's subject that they add to. */
function additions({ program }: Search, node: SyntaxNode, call: Call): Array<Added & { subject?: SyntaxNode }> {
  const [first] = call.args;
  if (ADD_ACTION.has(call.name) && first) {
    const subject = call.of ?? receiverOf(node, program);
    return [{ node, argument: first.node, each: false, used: false, ...(subject ? { subject } : {}) }];
  }
  if (!ITERATORS.has(call.name) || call.of === undefined || first === undefined) return [];
  const shape = program.bareShape(first.node);
  if ((shape?.is !== 'method' && shape?.is !== 'member') || !ADD_ACTION.has(shape.name) || !shape.of) return [];
  return [{ node, argument: call.of, each: true, used: false, subject: shape.of }];
}

/** The object that `apply`, `run` or `with` makes the receiver of what stands in its lambda. */
function receiverOf(node: SyntaxNode, program: Search['program']): SyntaxNode | undefined {
  for (let around = node.parent; around; around = around.parent) {
    const user = program.shape(around)?.is === 'lambda' ? program.userOf(around) : undefined;
    if (user === undefined) continue;
    const { name, of, args } = user.call;
    if (name === 'with') return args[0]?.node;
    if (name === 'apply' || name === 'run') return of;
  }
  return undefined;
}

/** `this` in the nearest lambda of `with(filter) { … }`, without a class or a lambda of another kind between them. */
function subjectOfThis({ program }: Search, node: SyntaxNode): SyntaxNode | undefined {
  if (textOf(node) !== 'this') return undefined;
  for (let around = node.parent; around; around = around.parent) {
    if (program.isBody(around) || around.type === 'object_literal' || /^(?:anonymous_)?function/u.test(around.type))
      return undefined;
    if (program.shape(around)?.is === 'lambda') return receiverOf(node, program);
  }
  return undefined;
}

/** The filters that an expression stands for. */
function targets(search: Search, node: SyntaxNode, depth: number): Filter[] {
  const { program, values } = search;
  const bare = program.bare(node);
  if (depth > 16) return [];
  const shape = program.shape(bare);
  if (shape?.is === 'call') {
    return SAME_OBJECT.has(shape.name) && shape.of ? targets(search, shape.of, depth + 1) : [bare];
  }
  if (shape?.is === 'self') {
    const subject = subjectOfThis(search, bare);
    return subject ? targets(search, subject, depth + 1) : [];
  }
  const lambda = shape?.is === 'name' ? program.implicitLambda(shape.name, bare) : undefined;
  const named = values.meanings.namedBy(bare) ?? [];
  if (named.length === 0 && lambda) return subjectOf(search, lambda, depth);
  return named.flatMap((one): Filter[] => {
    if (!is(one, 'parameter')) return [one];
    const subject = subjectOf(search, one.what.of, depth);
    if (subject.length > 0) return subject;
    const given = (values.calls.argumentsFor(one.what) ?? []).filter(({ each }) => !each);
    return [one, ...given.flatMap((argument) => targets(search, argument.node, depth + 1))];
  });
}

function subjectOf(search: Search, lambda: SyntaxNode, depth: number): Filter[] {
  const user = search.program.userOf(lambda);
  const passes = user?.call.name === 'also' || user?.call.name === 'let';
  return passes && user.call.of ? targets(search, user.call.of, depth + 1) : [];
}

/** Whether an expression makes an IntentFilter, or stands for one that was made. */
function isFilter(search: Search, node: SyntaxNode, depth: number): boolean {
  const { program, values } = search;
  if (depth > 16) return false;
  const bare = program.bare(node);
  const shape = program.shape(bare);
  if (shape?.is === 'call') {
    if (shape.name === 'IntentFilter') return isPlatformType(search, shape.name, bare);
    if (SAME_OBJECT.has(shape.name) && shape.of) return isFilter(search, shape.of, depth + 1);
    const result = values.calls.resultOf(bare, shape);
    return result !== undefined && isFilter(search, result, depth + 1);
  }
  if (shape?.is === 'self') {
    const subject = subjectOfThis(search, bare);
    return subject !== undefined && isFilter(search, subject, depth + 1);
  }
  const lambda = shape?.is === 'name' ? program.implicitLambda(shape.name, bare) : undefined;
  const named = values.meanings.namedBy(bare) ?? [];
  if (named.length === 0 && lambda) return isSubjectFilter(search, lambda, depth);
  const [only] = named;
  if (only === undefined || named.length > 1) return false;
  if (is(only, 'parameter')) {
    if (isSubjectFilter(search, only.what.of, depth)) return true;
    const given = values.calls.argumentsFor(only.what) ?? [];
    return given.some((one) => !one.each && isFilter(search, one.node, depth + 1));
  }
  const value = values.meanings.onlyValue(only);
  if (value === undefined) return false;
  if (program.bareShape(value)?.is === 'call' && is(only, 'value') && only.what.type === 'IntentFilter') return true;
  return isFilter(search, value, depth + 1);
}

function isSubjectFilter(search: Search, lambda: SyntaxNode, depth: number): boolean {
  const user = search.program.userOf(lambda);
  const passes = user?.call.name === 'also' || user?.call.name === 'let';
  return passes && user.call.of !== undefined && isFilter(search, user.call.of, depth + 1);
}

/** `at`: the call that registers. */
interface Registered {
  added: Map<Filter, Added[]>;
  /** By which method. */
  narrowed: Map<Filter, string>;
  at: SyntaxNode;
  /** What may be added too late, or never. */
  late: Set<Added>;
  /** Why the filter may not let the broadcasts through. */
  doubt?: string;
}

const LATE = 'it is added to an IntentFilter, and not certainly before registerReceiver is called';

/** The names in a filter: those that it is made with, and those that are added to it. */
function filterNames(search: Search, node: SyntaxNode, registered: Registered, depth: number): Evidence[] {
  const { program, values } = search;
  if (depth > 16) return [];
  const bare = program.bare(node);
  const shape = program.shape(bare);
  const more = (filter: Filter) => {
    const method = registered.narrowed.get(filter);
    if (method !== undefined) registered.doubt = `its IntentFilter is narrowed by ${method}`;
    return (registered.added.get(filter) ?? []).flatMap((one) => {
      if (!program.isBuiltWith(one.node, registered.at)) return [];
      one.used = true;
      if (isAddedBefore(search, one.node, filter, registered.at)) return namesOf(search, one);
      registered.late.add(one);
      return [];
    });
  };
  if (shape?.is === 'call') {
    if (SAME_OBJECT.has(shape.name) && shape.of) return filterNames(search, shape.of, registered, depth + 1);
    const [first, type] = shape.args;
    if (type) registered.doubt = 'its IntentFilter asks for a MIME type too';
    if (shape.name === 'IntentFilter' || shape.name === 'new')
      return [...((first && values.evidence(first.node)) ?? []).map((one) => after(one, bare)), ...more(bare)];
    const result = values.calls.resultOf(bare, shape);
    return result ? filterNames(search, result, registered, depth + 1) : [];
  }
  return targets(search, bare, 0).flatMap((filter) => {
    const names = more(filter);
    if (!('what' in filter)) return [...names, ...filterNames(search, filter, registered, depth + 1)];
    const value = values.meanings.onlyValue(filter);
    return value ? [...names, ...filterNames(search, value, registered, depth + 1)] : names;
  });
}

function namesOf({ values }: Search, one: Added): readonly Evidence[] {
  const found = () => (one.each ? values.elementEvidence(one.argument) : values.evidence(one.argument)) ?? [];
  one.names ??= found().map((name) => after(name, one.node));
  return one.names;
}

function after({ name, via }: Evidence, place: SyntaxNode): Evidence {
  return { name, via: [...via, place] };
}

function isAddedBefore({ program, values }: Search, step: SyntaxNode, filter: Filter, use: SyntaxNode): boolean {
  const made = 'what' in filter ? (values.meanings.onlyValue(filter) ?? filter.node) : filter;
  const passed = () => ('what' in filter ? callsThatGet(filter, program, values) : []);
  return isDoneBefore(program, { step, use, made, passed });
}

const GETTING = new WeakMap<Declaration, SyntaxNode[]>();

function callsThatGet(filter: Declaration, program: Search['program'], values: Search['values']): SyntaxNode[] {
  let found = GETTING.get(filter);
  if (found === undefined) {
    found = program.calls
      .filter(({ call }) => call.args.some((one) => values.meanings.namedBy(one.node)?.includes(filter)))
      .map(({ node }) => node);
    GETTING.set(filter, found);
  }
  return found;
}

/** What a method is called on that may let fewer broadcasts through a filter. */
function narrowing({ program }: Search, node: SyntaxNode, call: Call): SyntaxNode | undefined {
  if (ADD_ACTION.has(call.name) || HARMLESS.has(call.name)) return undefined;
  if (call.of) return call.of;
  // In the lambda of `apply` there are other functions too. Those of IntentFilter begin like this.
  return /^(?:add|set|read)/u.test(call.name) ? receiverOf(node, program) : undefined;
}

function isEmpty({ program }: Search, node: SyntaxNode): boolean {
  const shape = program.bareShape(node);
  return shape?.is === 'call' && shape.name === 'IntentFilter' && shape.args.length === 0;
}
