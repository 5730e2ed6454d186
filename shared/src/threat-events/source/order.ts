/** Whether one step has certainly been taken when another one is: it stands before it, or where the object is made. */
import { isInside, type SyntaxNode } from './node.ts';
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
  const { declared } = program.reader(node);
  for (let around = node.parent; around; around = around.parent) {
    if (CONSTRUCTION.has(around.type) || program.isBody(around)) return undefined;
    if (declared(around).some(({ as }) => as === 'function')) return around;
    if (program.shape(around)?.is === 'lambda' && !AT_ONCE.has(program.userOf(around)?.call.name ?? '')) return around;
  }
  return undefined;
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
