/** Whether one step has certainly been taken when another one is: it stands before it, or where the object is made. */
import { isInside, type SyntaxNode, textOf } from './node.ts';
import type { Program } from './program.ts';

/** Calls that run their lambda at once. */
const AT_ONCE = new Set('apply also run with let forEach ForEach each onEach forEachIndexed map Select'.split(' '));
const CONSTRUCTION = new Set([
  'constructor_declaration',
  'secondary_constructor',
  'static_initializer',
  'anonymous_initializer',
  'init_declaration',
]);

/** The function around a place; undefined for what runs when its class or an object of it is made. */
export function functionAround(program: Program, node: SyntaxNode): SyntaxNode | undefined {
  const before = node.parent && AROUND.get(node.parent);
  if (before) return before.found;
  const passed: SyntaxNode[] = [];
  let found: SyntaxNode | undefined;
  for (let around = node.parent; around; around = around.parent) {
    const known = AROUND.get(around);
    found = known ? known.found : functionAt(program, around);
    if (found || known || CONSTRUCTION.has(around.type) || program.isBody(around)) break;
    passed.push(around);
  }
  for (const one of passed) AROUND.set(one, { found });
  return found;
}

/** Of what is not a function itself: the one around it. */
const AROUND = new WeakMap<SyntaxNode, { found: SyntaxNode | undefined }>();

function functionAt(program: Program, node: SyntaxNode): SyntaxNode | undefined {
  if (CONSTRUCTION.has(node.type) || program.isBody(node)) return undefined;
  const { declared } = program.reader(node);
  if (declared(node).some(({ as }) => as === 'function')) return node;
  const isLambda =
    program.shape(node)?.is === 'lambda' &&
    !AT_ONCE.has(program.userOf(node)?.call.name ?? '') &&
    !isDefer(program.userOf(node)?.node);
  return isLambda ? node : undefined;
}

/** Swift's `defer { … }`, which its grammar takes for a call. */
export function isDefer(node: SyntaxNode | undefined): boolean {
  return node?.file.path.endsWith('.swift') === true && /^defer\s*\{/u.test(textOf(node).slice(0, 80));
}

/**
 * @param step what must have run
 * @param use what needs it
 * @param made where the object is made that both work on
 * @param passed the calls that get the object
 */
export function isDoneBefore(
  program: Program,
  { step, use, made, passed }: { step: SyntaxNode; use: SyntaxNode; made: SyntaxNode; passed: () => SyntaxNode[] },
): boolean {
  if (isInside(step, use)) return true;
  const [around, user] = [functionAround(program, step), functionAround(program, use)];
  if (around === user && step.file === use.file) return step.end <= use.start;
  if (around === undefined) return true;
  if (functionAround(program, made) !== around) return false;
  return passed().every((call) => functionAround(program, call) !== around || call.start >= step.start);
}
