/**
 * Whether only some of a name's values reach a place: a condition that varies with the name stands around it or ends the work before it, or a
 * loop around it may end before its last element.
 */
import { type SyntaxNode, textOf } from './node.ts';
import { type Declaration, is, type Program } from './program.ts';

const JUMPS = new Set([
  'continue_statement',
  'break_statement',
  'return_statement',
  'throw_statement',
  'throw_expression',
  'jump_expression',
  'control_transfer_statement',
  'goto_statement',
  'yield_statement',
]);
const LOOPS = new Set([
  'for_statement',
  'enhanced_for_statement',
  'for_each_statement',
  'for_in_statement',
  'while_statement',
  'do_statement',
  'do_while_statement',
  'repeat_while_statement',
]);
/** Calls that give each element to their lambda. */
export const ITERATORS = new Set(
  'forEach ForEach map onEach compactMap Select forEachIndexed enumerateObjectsUsingBlock'.split(' '),
);

/** @param scope where the name is bound */
export function isSelected(program: Program, name: string, at: SyntaxNode, scope: SyntaxNode): boolean {
  const { end, loop } = endOf(program, at, scope);
  const { conditions } = program.reader(at);
  let branch = at;
  let inLoop = loop !== undefined;
  for (let around = at.parent; around; around = around.parent) {
    const before = around.children.filter((child) => child.end <= branch.start);
    const varies = (child: SyntaxNode) => holds(child, (node) => isVarying(program, node, name, inLoop));
    if (conditions.has(around.type) && before.some(varies)) return true;
    if (before.some((child) => jumpsIn(program, child).length > 0 && varies(child))) return true;
    if (isLoop(program, around) && mayStop(program, around, at)) return true;
    if (around === end) return false;
    if (around === loop) inLoop = false;
    branch = around;
  }
  return false;
}

/** How far out a condition matters: to where the name is bound, and to the outermost loop of the function. */
function endOf(program: Program, at: SyntaxNode, scope: SyntaxNode): { end: SyntaxNode; loop: SyntaxNode | undefined } {
  let end = at;
  let inScope = true;
  let loop: SyntaxNode | undefined;
  for (let around: SyntaxNode | undefined = at; around; around = around.parent) {
    if (!inScope && isFunction(program, around)) break;
    if (isLoop(program, around)) loop = around;
    if (inScope || around === loop) end = around;
    if (around === scope) inScope = false;
  }
  return { end, loop };
}

function isLoop(program: Program, node: SyntaxNode): boolean {
  return LOOPS.has(node.type) || ITERATORS.has(lambdaUser(program, node) ?? '');
}

function lambdaUser(program: Program, node: SyntaxNode): string | undefined {
  return program.shape(node)?.is === 'lambda' ? program.userOf(node)?.call.name : undefined;
}

function isFunction(program: Program, node: SyntaxNode): boolean {
  if (program.isBody(node)) return true;
  if (program.shape(node)?.is === 'lambda') return !ITERATORS.has(lambdaUser(program, node) ?? '');
  return program
    .reader(node)
    .declared(node)
    .some(({ as }) => as === 'function');
}

/** Whether a loop may leave out elements for which it would get to this place. */
function mayStop(program: Program, loop: SyntaxNode, at: SyntaxNode): boolean {
  if (loop.children.some(({ type }) => type === 'where_clause')) return true;
  const jumps = jumpsIn(program, loop);
  if (LOOPS.has(loop.type)) return jumps.length > 0;
  // The last `return` of a lambda gives its value. Kotlin's leaves the function around it.
  const isResult = (jump: SyntaxNode) =>
    jump.type === 'return_statement' && (jump.end >= at.end && jump.start <= at.start ? true : isLast(jump, loop));
  return jumps.some((jump) => !isResult(jump)) || setsStop(program, loop);
}

function isLast(jump: SyntaxNode, loop: SyntaxNode): boolean {
  return jump.parent?.parent === loop && jump.parent.children.at(-1) === jump;
}

/** `*stop = YES` of Objective-C. */
function setsStop(program: Program, loop: SyntaxNode): boolean {
  if (lambdaUser(program, loop) !== 'enumerateObjectsUsingBlock') return false;
  return holds(loop, (node) => node.type === 'assignment_expression' && textOf(node).startsWith('*'));
}

const JUMPS_IN = new WeakMap<SyntaxNode, SyntaxNode[]>();

/** After which what follows may not run. Those of a lambda inside are its own. */
function jumpsIn(program: Program, root: SyntaxNode): SyntaxNode[] {
  let found = JUMPS_IN.get(root);
  if (found === undefined) {
    found = [];
    const queue = [root];
    for (let node = queue.pop(); node; node = queue.pop()) {
      if (JUMPS.has(node.type)) found.push(node);
      if (node !== root && program.shape(node)?.is === 'lambda') continue;
      // Not one call with them all as arguments: a node can have very many.
      for (const child of node.children) queue.push(child);
    }
    JUMPS_IN.set(root, found);
  }
  return found;
}

/** Whether a word may mean something else for another value of the name. */
function isVarying(program: Program, node: SyntaxNode, name: string, inLoop: boolean): boolean {
  if (node.children.length > 0) return false;
  const text = textOf(node);
  if (text === name || text === program.reader(node).implicit) return true;
  return program.lookUp(text, node).some((one) => {
    if (!inLoop) return isMadeOf(program, one, name);
    return isLocal(program, one) || (is(one, 'value') && program.assignedTo(one).length > 0);
  });
}

/** A local variable whose value mentions the name. */
function isMadeOf(program: Program, one: Declaration, name: string, depth = 0): boolean {
  if (!is(one, 'value') || !isLocal(program, one) || one.what.value === undefined || depth > 4) return false;
  return holds(one.what.value, (node) => {
    if (node.children.length > 0) return false;
    const text = textOf(node);
    return (
      text === name ||
      program.lookUp(text, node).some((inner) => inner !== one && isMadeOf(program, inner, name, depth + 1))
    );
  });
}

function isLocal(program: Program, one: Declaration): boolean {
  if (is(one, 'parameter')) return program.shape(one.what.of)?.is === 'lambda';
  // Also in a loop outside of any function.
  if (is(one, 'each')) return true;
  if (!['value', 'taken', 'other'].includes(one.what.as)) return false;
  return one.scope.parent !== undefined && !program.isBody(one.scope);
}

/** Whether anything in a piece of syntax passes the test. */
function holds(root: SyntaxNode, test: (node: SyntaxNode) => boolean): boolean {
  const queue = [root];
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (test(node)) return true;
    for (const child of node.children) queue.push(child);
  }
  return false;
}

/** Whether a counted loop takes every element of a list: from the first, one by one, to its length. */
export function countsAll(loop: SyntaxNode, counter: string, list: SyntaxNode): boolean {
  const body = loop.children.at(-1);
  const head = loop.file.text.slice(loop.start, body?.start).replaceAll(/\s+/gu, ' ');
  const [i, of] = [counter, textOf(list)].map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/gu, '\\$&'));
  const length = `(?:${of}\\.(?:length|size\\(\\)|size|count|Count|Length)|\\[${of} count\\])`;
  const step = `(?:${i} ?\\+\\+|\\+\\+ ?${i}|${i} ?\\+= ?1)`;
  const whole = new RegExp(`^for ?\\( ?(?:[\\w<>]+ )?${i} ?= ?0 ?; ?${i} ?< ?${length} ?; ?${step} ?\\) ?$`, 'u');
  // The counter is only read in the body.
  const changes = (node: SyntaxNode) =>
    /^(?:update|assignment|augmented|prefix|postfix)\w*expression$/u.test(node.type) &&
    node.children.some((child) => child.children.length === 0 && textOf(child) === counter);
  return whole.test(head) && body !== undefined && !holds(body, changes);
}
