/** Places of one function that no run of it both comes to. */
import { partsOf } from './leaving.ts';
import { isInside, type SyntaxNode, textOf } from './node.ts';
import { isDefer } from './order.ts';
import type { Program } from './program.ts';

/** The cases of a `switch` or a `when`, of which only one runs. */
const CASES = new Set(['when_entry', 'switch_rule', 'switch_section', 'switch_entry', 'switch_expression_arm']);
/** Those that go on with the next one unless they leave. */
const FALLING = new Set(['switch_block_statement_group', 'switch_case', 'switch_default', 'case_statement']);
const LEAVING = /^(?:break|return|throw|continue)\b/u;
/** What runs also after a `return`. */
const TRIES = /^(?:try|do)_|finally|using_statement/u;

/** @param earlier stands before `later` */
export function areExclusive(program: Program, earlier: SyntaxNode, later: SyntaxNode): boolean {
  let inner = earlier;
  let around = earlier.parent;
  let left = false;
  while (around && !isInside(later, around)) {
    left ||= returnsAfter(around, inner);
    // What a lambda that runs at once returns from is itself.
    if (program.shape(around)?.is === 'lambda') left = false;
    inner = around;
    around = around.parent;
  }
  if (around === undefined) return false;
  const other = around.children.find((child) => isInside(later, child));
  if (other === undefined || other === inner) return false;
  if (left && !TRIES.test(around.type) && !runsAtEnd(program, later, around)) return true;
  if (CASES.has(inner.type) && CASES.has(other.type)) return !/\bfallthrough\b/u.test(textOf(inner));
  if (FALLING.has(inner.type) && FALLING.has(other.type))
    return around.children.filter((one) => one.start >= inner.start && one.end <= other.start).some(leavesCase);
  if (!program.reader(around).conditions.has(around.type)) return false;
  const { then, otherwise } = partsOf(around);
  return inner === then && other === otherwise;
}

/** Whether a block leaves the function after one of its statements, at its end. */
function returnsAfter(block: SyntaxNode, statement: SyntaxNode): boolean {
  const last = block.children.at(-1);
  return (
    last !== undefined && last.start >= statement.end && /^(?:return|throw)\b(?!@)/u.test(textOf(last)) && isFlat(block)
  );
}

const isFlat = ({ type }: SyntaxNode) => /block|statements|body/u.test(type) && !/lambda/u.test(type);

function leavesCase(group: SyntaxNode): boolean {
  let last = group.children.at(-1);
  while (last && /^(?:block|compound_statement|statement_block)$/u.test(last.type)) last = last.children.at(-1);
  return last !== undefined && LEAVING.test(textOf(last));
}

/** In a `defer` or a `finally` that is still to run. */
function runsAtEnd(program: Program, node: SyntaxNode, within: SyntaxNode): boolean {
  for (let around = node.parent; around && around !== within.parent; around = around.parent)
    if (isDefer(around) || isDefer(program.userOf(around)?.node) || /finally/u.test(around.type)) return true;
  return false;
}
