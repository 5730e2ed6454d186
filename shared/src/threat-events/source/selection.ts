/** Whether only some of a name's values reach a place: a condition on the name stands around it, or ends the work before it. */
import { type SyntaxNode, textOf } from './node.ts';
import type { Program } from './program.ts';

const JUMPS = new Set([
  'continue_statement',
  'break_statement',
  'return_statement',
  'throw_statement',
  'throw_expression',
  'jump_expression',
  'control_transfer_statement',
]);

/** @param scope where the name is bound */
export function isSelected(program: Program, name: string, at: SyntaxNode, scope: SyntaxNode): boolean {
  const { conditions } = program.reader(at);
  let branch = at;
  for (let around = at.parent; around && branch !== scope; around = around.parent) {
    const before = around.children.filter((child) => child.end <= branch.start);
    if (conditions.has(around.type) && before.some((child) => holds(child, (node) => isName(node, name)))) return true;
    if (before.some((child) => mayEnd(program, child) && holds(child, (node) => isName(node, name)))) return true;
    branch = around;
  }
  return false;
}

/** Whether what follows this piece of syntax may not run. */
function mayEnd(program: Program, node: SyntaxNode): boolean {
  return holds(
    node,
    ({ type }) => JUMPS.has(type),
    (one) => program.shape(one)?.is === 'lambda',
  );
}

function isName(node: SyntaxNode, name: string): boolean {
  return node.children.length === 0 && node.end - node.start === name.length && textOf(node) === name;
}

/** @param closed nodes that are not entered */
function holds(
  root: SyntaxNode,
  test: (node: SyntaxNode) => boolean,
  closed: (node: SyntaxNode) => boolean = () => false,
): boolean {
  const queue = [root];
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (test(node)) return true;
    if (closed(node)) continue;
    // Not one call with them all as arguments: a node can have very many.
    for (const child of node.children) queue.push(child);
  }
  return false;
}
