/** What listens to the stream of a Flutter EventChannel. Reference: Threat-Events §2. */
import { fieldOf, type SyntaxNode, textOf } from './node.ts';
import { isOfPlatform } from './platform-types.ts';
import type { Call, Program } from './program.ts';
import { behind, half, isNothing, register, type Search } from './registrations.ts';
import { resultByType } from './typed-members.ts';

const CHANNEL = 'EventChannel';
const SAME_STREAM = new Set(['map', 'cast', 'asBroadcastStream', 'handleError']);
/** Methods of a stream that take a callback and listen. */
const LISTENING = new Set(['listen', 'forEach']);
/** Riverpod listens to a provider while something of these gets it. */
const WATCHING = ['watch', 'listen'];

export function findChannels(search: Search): void {
  const { program, values } = search;
  const isSure = areOfFlutter(program);
  for (const { node, stream, why } of [...program.calls.flatMap((one) => listenerOf(search, one)), ...loops(program)]) {
    if (!isSure && !isChannelOfFlutter(program, node)) continue;
    const names = values.evidence(sourceOf(search, stream), 'stream');
    if (why) half(search, node, names, why);
    else if (names) register(search, node, names);
  }
  for (const { node, call } of program.callsOf(CHANNEL).filter(({ call: { args } }) => args.length > 0)) {
    const [first] = call.args;
    const names = first && values.evidence(first.node);
    half(search, node, names, 'nothing was found that listens to the stream of this EventChannel');
  }
}

/** Whether every file that names the type means Flutter's. */
function areOfFlutter(program: Program): boolean {
  if (program.typesNamed(CHANNEL).length > 0) return false;
  return [...program.files()].every((file) => !file.text.includes(CHANNEL) || isOfPlatform(file, CHANNEL));
}

function isChannelOfFlutter(program: Program, { file }: SyntaxNode): boolean {
  return program.typesNamed(CHANNEL).length === 0 && isOfPlatform(file, CHANNEL);
}

interface Listener {
  node: SyntaxNode;
  stream: SyntaxNode;
  /** Why it does not listen. */
  why?: string;
}

function listenerOf(search: Search, { node, call }: { node: SyntaxNode; call: Call }): Listener[] {
  const { of, name, args } = call;
  const [first] = args;
  if (first === undefined) return [];
  if (of !== undefined && LISTENING.has(name)) {
    const isVain = isNothing(search, first.node);
    return [{ node, stream: of, ...(isVain ? { why: `${name} has no callback` } : {}) }];
  }
  const labelled = (label: string) => args.find((one) => one.label === label)?.node;
  const stream = isOwn(search.program, call, 'StreamBuilder')
    ? labelled('builder') && labelled('stream')
    : isOwn(search.program, call, 'StreamProvider')
      ? providedStream(search, node, call, labelled)
      : undefined;
  return stream ? [{ node, stream }] : [];
}

/** A type of a library, or one of its other constructors. */
function isOwn(program: Program, { of, name }: Call, type: string): boolean {
  const owner = of && program.bareShape(of);
  const named = of === undefined ? name : owner?.is === 'name' ? owner.name : undefined;
  return named === type && program.typesNamed(type).length === 0;
}

/** Of the package provider: `create` or `value`. Of Riverpod: what a function returns, if something watches the provider. */
function providedStream(
  search: Search,
  node: SyntaxNode,
  { name, args }: Call,
  labelled: (label: string) => SyntaxNode | undefined,
): SyntaxNode | undefined {
  if (name === 'value') return labelled('value');
  const created = labelled('create');
  if (created) return resultOf(search.program, created);
  const [first] = args;
  return first && first.label === undefined && isWatched(search, node)
    ? resultOf(search.program, first.node)
    : undefined;
}

function resultOf(program: Program, closure: SyntaxNode): SyntaxNode | undefined {
  const shape = program.bareShape(closure);
  return shape?.is === 'lambda' ? program.reader(closure).result(shape.body) : undefined;
}

function isWatched({ program, values }: Search, provider: SyntaxNode): boolean {
  const variable = program.ownerOf(provider);
  return (
    variable !== undefined &&
    WATCHING.flatMap((name) => program.callsOf(name)).some(
      ({ call: { of, args } }) =>
        of !== undefined && args[0] !== undefined && values.meanings.namedBy(args[0].node)?.includes(variable),
    )
  );
}

/** `await for (final event in stream)` */
function loops(program: Program): Listener[] {
  const found: Listener[] = [];
  for (const node of program.nodes()) {
    if (node.type !== 'for_statement' || !/^await\b/u.test(textOf(node).slice(0, 10))) continue;
    const stream = fieldOf(node.children[0], 'value');
    if (stream) found.push({ node, stream });
  }
  return found;
}

/** The stream behind variables, functions, and methods that pass its events on. */
function sourceOf(search: Search, node: SyntaxNode): SyntaxNode {
  const { program, values } = search;
  let found = behind(search, node);
  for (let depth = 0; depth < 16; depth++) {
    const shape = program.shape(found);
    // `_stream ??= …`, if nothing else is ever in it
    const set = program.reader(found).assignment(found);
    const next = set
      ? behind(search, set.target)
      : shape?.is === 'call' && shape.of && SAME_STREAM.has(shape.name)
        ? shape.of
        : shape?.is === 'call'
          ? (values.calls.resultOf(found, shape) ?? resultByType(search, found))
          : resultByType(search, found);
    const source = behind(search, next);
    if (source === found) break;
    found = source;
  }
  return found;
}
