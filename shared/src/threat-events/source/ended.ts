/** Registrations that end in the function in which they are made. */
import { type ParsedFile, type SyntaxNode, textOf } from './node.ts';
import { functionAround } from './order.ts';
import { type Call, type Program, push } from './program.ts';
import type { Values } from './values.ts';

interface Search {
  program: Program;
  values: Values;
}

/** Methods of what a registration returns, and of what it is made with, after which it still stands. */
const KEEPING = new Set(
  `store onData onError onDone asFuture resume registerReceiver RegisterReceiver addObserver AddObserver addListener addEventListener
  registerForDevEvent listen sendBroadcast SendBroadcast post postNotificationName postNotification PostNotificationName emit fireEvent`.split(
    /\s+/u,
  ),
);

/** Calls that return what keeps them going. */
const SUBSCRIBING = new Set(['listen', 'addListener', 'addObserver', 'addObserverForName', 'AddObserver']);

type Found = { node: SyntaxNode; call: Call };

/**
 * What the calls of one function may end, so that each registration asks only for its own: a function can have very many of both.
 * `results`: by the expression that a method is called on, or that a call gets. `given`: by the object and the text of an argument.
 */
interface Ending {
  called: Map<SyntaxNode, Found[]>;
  results: Map<SyntaxNode, Found[]>;
  given: Map<string, Found[]>;
}

/** @returns what is called that may end it; undefined if nothing is */
export function endOf(search: Search, node: SyntaxNode, call: Call): { name: string; line: number } | undefined {
  const { program } = search;
  const ending = endingIn(search, node.file).get(functionAround(program, node));
  if (ending === undefined) return undefined;
  const objects = new Set([call.of, ...call.args.map((one) => one.node)].map((one) => objectOf(program, one)));
  const texts = new Set(call.args.map((one) => textOf(program.bare(one.node))));
  const later = [
    ...(SUBSCRIBING.has(call.name) ? (ending.called.get(node) ?? []).filter((one) => one.node.end > node.end) : []),
    ...(ending.results.get(node) ?? []).filter(
      (one) => one.node.start >= node.end && objects.has(objectOf(program, one.call.of)),
    ),
    ...[...objects].flatMap((object) =>
      [...texts].flatMap((text) => firstAfter(ending.given.get(keyOf(object, text)) ?? [], node.end) ?? []),
    ),
  ];
  const [first] = later.sort((a, b) => a.node.start - b.node.start);
  return first && { name: first.call.name, line: first.node.line };
}

const ENDING = new WeakMap<ParsedFile, Map<SyntaxNode | undefined, Ending>>();

/** By the function around them: the calls of a file that may end a registration. */
function endingIn(search: Search, file: ParsedFile): Map<SyntaxNode | undefined, Ending> {
  let found = ENDING.get(file);
  if (found === undefined) {
    found = new Map();
    for (const one of search.program.callsIn(file)) {
      if (KEEPING.has(one.call.name)) continue;
      const around = functionAround(search.program, one.node);
      const ending = found.get(around) ?? { called: new Map(), results: new Map(), given: new Map() };
      found.set(around, ending);
      addTo(ending, search, one);
    }
    ENDING.set(file, found);
  }
  return found;
}

/** `context.unregisterReceiver(receiver)`: a method of the same object gets what the registration got, or what it returned. */
function addTo(ending: Ending, search: Search, one: Found): void {
  const { program, values } = search;
  const { node, call } = one;
  if (call.of !== undefined) for (const of of standsFor(search, call.of)) push(ending.called, of, one);
  if (call.of === undefined && values.calls.callsOwnFunction(node, call)) return;
  const object = objectOf(program, call.of);
  for (const { node: argument } of call.args) {
    for (const of of standsFor(search, argument)) push(ending.results, of, one);
    if (isDistinct(program, argument)) push(ending.given, keyOf(object, textOf(program.bare(argument))), one);
  }
}

/** An expression, and the value of the variable that it names. */
function standsFor({ program, values }: Search, expression: SyntaxNode): SyntaxNode[] {
  const bare = program.bare(expression);
  const [only, ...others] = values.meanings.namedBy(bare) ?? [];
  const value = only && others.length === 0 ? values.meanings.onlyValue(only) : undefined;
  return value === undefined ? [bare] : [bare, program.bare(value)];
}

const keyOf = (object: string, text: string) => `${object}\0${text}`;

/** @param calls in the order of the text */
function firstAfter(calls: readonly Found[], place: number): Found | undefined {
  let [low, high] = [0, calls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((calls[middle]?.node.start ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return calls[low];
}

/** Numbers and `null` are the same everywhere. */
function isDistinct(program: Program, node: SyntaxNode): boolean {
  const shape = program.bareShape(node);
  return shape !== undefined && shape.is !== 'null';
}

function objectOf(program: Program, of: SyntaxNode | undefined): string {
  if (of === undefined) return '';
  return program.bareShape(of)?.is === 'self' ? '' : textOf(program.bare(of));
}
