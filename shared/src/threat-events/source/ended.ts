/** Registrations that end in the function in which they are made. */
import { type ParsedFile, type SyntaxNode, textOf } from './node.ts';
import { functionAround } from './order.ts';
import type { Call, Program } from './program.ts';
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

/** @returns what is called that may end it; undefined if nothing is */
export function endOf(search: Search, node: SyntaxNode, call: Call): { name: string; line: number } | undefined {
  const { program } = search;
  const around = functionAround(program, node);
  const given = new Set(call.args.map((one) => textOf(program.bare(one.node))));
  for (const later of endingIn(program, node.file)) {
    if (later.node.end <= node.end) continue;
    if (functionAround(program, later.node) !== around) continue;
    const onResult = SUBSCRIBING.has(call.name) && later.call.of !== undefined && stands(search, later.call.of, node);
    if (onResult || (later.node.start >= node.end && undoes(search, later, { node, call }, given)))
      return { name: later.call.name, line: later.node.line };
  }
  return undefined;
}

const ENDING = new WeakMap<ParsedFile, Found[]>();

/** The calls of a file that may end a registration. */
function endingIn(program: Program, file: ParsedFile): Found[] {
  let found = ENDING.get(file);
  if (found === undefined) {
    found = program.callsIn(file).filter(({ call }) => !KEEPING.has(call.name));
    ENDING.set(file, found);
  }
  return found;
}

/** Whether an expression is what the registration returned. */
function stands({ program, values }: Search, expression: SyntaxNode, node: SyntaxNode): boolean {
  const bare = program.bare(expression);
  if (bare === node) return true;
  const [only, ...others] = values.meanings.namedBy(bare) ?? [];
  const value = only && others.length === 0 ? values.meanings.onlyValue(only) : undefined;
  return value !== undefined && program.bare(value) === node;
}

/** `context.unregisterReceiver(receiver)`: a method of the same object gets what the registration got, or what it returned. */
function undoes(
  search: Search,
  later: Found,
  { node, call: { of, args } }: Found,
  given: ReadonlySet<string>,
): boolean {
  const { program, values } = search;
  const object = objectOf(program, later.call.of);
  // `ContextCompat.registerReceiver(context, …)`
  if (![of, ...args.map((one) => one.node)].some((one) => objectOf(program, one) === object)) return false;
  if (later.call.of === undefined && values.calls.callsOwnFunction(later.node, later.call)) return false;
  return later.call.args.some((one) => {
    const text = textOf(program.bare(one.node));
    return (given.has(text) && isDistinct(program, one.node)) || stands(search, one.node, node);
  });
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
