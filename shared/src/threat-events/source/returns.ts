/** Where a function may return, by the function. */
import { type ParsedFile, type SyntaxNode, textOf } from './node.ts';
import { type Program, push } from './program.ts';

/** Kotlin and Swift have one node for all jumps. */
const RETURNS = new Set(['return_statement', 'jump_expression', 'control_transfer_statement']);

const RETURNS_IN = new WeakMap<ParsedFile, Map<SyntaxNode, SyntaxNode[]>>();

/** Of what is a function or a lambda itself: its own ones, in the order of the text. */
export function returnsOf(program: Program, around: SyntaxNode): readonly SyntaxNode[] {
  const { file } = around;
  let found = RETURNS_IN.get(file);
  if (found === undefined) {
    found = new Map();
    const owners = new Map<SyntaxNode, SyntaxNode | undefined>();
    for (const node of file.nodes) {
      if (!RETURNS.has(node.type) || !/^return\b(?!@)/u.test(textOf(node))) continue;
      const owner = ownerOf(program, node, owners);
      if (owner) push(found, owner, node);
    }
    RETURNS_IN.set(file, found);
  }
  return found.get(around) ?? [];
}

function ownerOf(program: Program, node: SyntaxNode, known: Map<SyntaxNode, SyntaxNode | undefined>) {
  const passed: SyntaxNode[] = [];
  let around = node.parent;
  for (; around && !known.has(around) && !isFunction(program, around, node); around = around.parent)
    passed.push(around);
  const found = around && known.has(around) ? known.get(around) : around;
  for (const one of passed) known.set(one, found);
  return found;
}

/** A `return` in a lambda of Kotlin leaves the function around it. */
function isFunction(program: Program, node: SyntaxNode, { type }: SyntaxNode): boolean {
  if (type !== 'jump_expression' && program.shape(node)?.is === 'lambda') return true;
  const { declared } = program.reader(node);
  return declared(node).some(({ as }) => as === 'function') || program.isBody(node);
}
