/** Registrations that end in the function in which they are made. */
import { areExclusive } from './branches.ts';
import { type ParsedFile, type SyntaxNode, textOf } from './node.ts';
import { functionAround, isDefer } from './order.ts';
import { type Call, type Program, push } from './program.ts';
import type { Values } from './values.ts';

interface Search {
  program: Program;
  values: Values;
}

/** Methods of what a registration returns, and of what it is made with, after which it still stands. */
const KEEPING = new Set(
  `store disposed onData onError onDone asFuture resume registerReceiver RegisterReceiver addObserver AddObserver addListener addEventListener
  registerForDevEvent listen sendBroadcast SendBroadcast post postNotificationName postNotification PostNotificationName emit fireEvent`.split(
    /\s+/u,
  ),
);

/** Calls that return what keeps them going. */
const SUBSCRIBING = new Set(
  'listen addListener addObserver addObserverForName AddObserver sink assign subscribe bind drive emit Task detached'.split(
    ' ',
  ),
);

/** `at`: where it has run. */
type Found = { node: SyntaxNode; call: Call; at: number };

/**
 * What the calls of one function may end, so that each registration asks only for its own: a function can have very many of both.
 * `results`: by the expression that a method is called on, or that a call gets. `given`: by the object and the text of an argument.
 */
interface Ending {
  called: Map<SyntaxNode, Found[]>;
  results: Map<SyntaxNode, Found[]>;
  given: Map<string, Found[]>;
}

const REGISTERING = new Set(['registerReceiver', 'RegisterReceiver']);
const UNREGISTERING = new Set(['unregisterReceiver', 'UnregisterReceiver']);
/** Of a receiver, any Context. */
const ANY_CONTEXT = '*';

/** @returns what is called that may end it; undefined if nothing is */
export function endOf(search: Search, node: SyntaxNode, call: Call): { name: string; line: number } | undefined {
  const { program } = search;
  const ending = endingIn(search, node.file).get(functionAround(program, node));
  if (ending === undefined) return undefined;
  const objects = new Set([call.of, ...call.args.map((one) => one.node)].flatMap((one) => objectsOf(search, one)));
  if (REGISTERING.has(call.name)) objects.add(ANY_CONTEXT);
  const texts = new Set(call.args.flatMap((one) => textsOf(search, one.node)));
  const later = [
    ...(SUBSCRIBING.has(call.name) ? (ending.called.get(node) ?? []).filter((one) => one.node.end > node.end) : []),
    ...(ending.results.get(node) ?? []).filter(
      (one) => one.at >= node.end && objectsOf(search, one.call.of).some((object) => objects.has(object)),
    ),
    ...[...objects].flatMap((object) =>
      [...texts].flatMap((text) => allAfter(ending.given.get(keyOf(object, text)) ?? [], node.end)),
    ),
  ];
  const [first] = later.filter((one) => !areExclusive(program, node, one.node)).sort((a, b) => a.at - b.at);
  return first && { name: first.call.name, line: first.node.line };
}

const ENDING = new WeakMap<ParsedFile, Map<SyntaxNode | undefined, Ending>>();

/** By the function around them: the calls of a file that may end a registration. */
function endingIn(search: Search, file: ParsedFile): Map<SyntaxNode | undefined, Ending> {
  let found = ENDING.get(file);
  if (found === undefined) {
    found = new Map();
    const defers = search.program
      .callsIn(file)
      .map(({ node }) => node)
      .filter(isDefer);
    for (const one of search.program.callsIn(file)) {
      if (KEEPING.has(one.call.name)) continue;
      const around = functionAround(search.program, one.node);
      const ending = found.get(around) ?? { called: new Map(), results: new Map(), given: new Map() };
      found.set(around, ending);
      addTo(ending, search, { ...one, at: placeOf(one.node, defers) });
    }
    if (defers.length > 0)
      for (const { given } of found.values()) for (const calls of given.values()) calls.sort((a, b) => a.at - b.at);
    ENDING.set(file, found);
  }
  return found;
}

/** What stands in a `defer` runs at the end of the block around it. */
function placeOf(node: SyntaxNode, defers: readonly SyntaxNode[]): number {
  const around = defers[firstFrom(defers, node.start, ({ start }) => start) - 1];
  return around?.parent && node.end <= around.end && around !== node ? around.parent.end : node.start;
}

/** `context.unregisterReceiver(receiver)`: a method of the same object gets what the registration got, or what it returned. */
function addTo(ending: Ending, search: Search, one: Found): void {
  const { program, values } = search;
  const { node, call } = one;
  if (call.of !== undefined) for (const of of standsFor(search, call.of)) push(ending.called, of, one);
  if (call.of === undefined && values.calls.callsOwnFunction(node, call)) return;
  const objects = UNREGISTERING.has(call.name) ? [ANY_CONTEXT] : objectsOf(search, call.of);
  for (const { node: argument } of call.args) {
    for (const of of standsFor(search, argument)) push(ending.results, of, one);
    if (isDistinct(program, argument))
      for (const text of textsOf(search, argument))
        for (const object of objects) push(ending.given, keyOf(object, text), one);
  }
}

/** An expression, the value of the variable that it names, and so on. */
function standsFor({ program, values }: Search, expression: SyntaxNode): SyntaxNode[] {
  const found = [program.bare(expression)];
  for (let last = found[0]; last && found.length < MOST_ALIASES; last = found.at(-1)) {
    const [only, ...others] = values.meanings.namedBy(last) ?? [];
    const value = only && others.length === 0 ? values.meanings.onlyValue(only) : undefined;
    if (value === undefined) break;
    found.push(program.bare(value));
  }
  return found;
}

const MOST_ALIASES = 8;

/** The text of an expression, and of what is only another name for the same. */
function textsOf(search: Search, expression: SyntaxNode): string[] {
  const [own, ...others] = standsFor(search, expression);
  const names = others.filter((one) => ['name', 'member', 'self'].includes(search.program.shape(one)?.is ?? ''));
  return own ? [own, ...names].map((one) => textOf(one).replace(/^(?:this|self)\./u, '')) : [];
}

const keyOf = (object: string, text: string) => `${object}\0${text}`;

/** The next ones: another branch may have the first. */
function allAfter(calls: readonly Found[], place: number): Found[] {
  const first = firstFrom(calls, place, ({ at }) => at);
  return calls.slice(first, first + MOST_NEXT);
}

const MOST_NEXT = 8;

/** @param items in the order of their places */
function firstFrom<T>(items: readonly T[], place: number, placeOf: (item: T) => number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && placeOf(item) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Numbers and `null` are the same everywhere. */
function isDistinct(program: Program, node: SyntaxNode): boolean {
  const shape = program.bareShape(node);
  return shape !== undefined && shape.is !== 'null';
}

function objectsOf(search: Search, of: SyntaxNode | undefined): string[] {
  if (of === undefined || search.program.bareShape(of)?.is === 'self') return [''];
  return textsOf(search, of);
}
