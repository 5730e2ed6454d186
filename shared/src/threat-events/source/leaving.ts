/** Statements after which nothing runs in a release build. */
import type { Meanings } from './meanings.ts';
import { isScript } from './meanings.ts';
import { fieldOf, type SyntaxNode, textOf } from './node.ts';
import { type Call, type Declaration, is, type Program } from './program.ts';
import { areMet, inRelease, isNull, operatorOf } from './release.ts';
import { returnsOf } from './returns.ts';

const LEAVING = new Set([
  'return_statement',
  'throw_statement',
  'throw_expression',
  'break_statement',
  'continue_statement',
  'jump_expression',
  'control_transfer_statement',
]);
/** Statements whose own parts run one after the other. */
const BLOCKS = new Set([
  'block',
  'compound_statement',
  'statement_block',
  'statements',
  'function_body',
  'control_structure_body',
  'expression_statement',
  'property_declaration',
  'assignment',
]);
const DEEPEST = 16;

/** Calls that never return, by the ending of the file. */
const NEVER: Readonly<Record<string, readonly string[]>> = {
  kt: ['error', 'TODO', 'exitProcess', 'System.exit'],
  java: ['System.exit'],
  swift: ['fatalError', 'preconditionFailure', 'exit', 'abort'],
  m: ['exit', 'abort'],
  mm: ['exit', 'abort'],
  dart: ['exit'],
  cs: ['Environment.Exit', 'Environment.FailFast'],
};

/** Whether what comes after a statement certainly does not run. */
export function leaves(program: Program, meanings: Meanings, node: SyntaxNode, depth = 0): boolean {
  if (LEAVING.has(node.type)) return true;
  if (depth > DEEPEST) return false;
  const within = (one: SyntaxNode | undefined) => one !== undefined && leaves(program, meanings, one, depth + 1);
  if (/^(?:if_|guard_)/u.test(node.type)) {
    const { conditions, then, otherwise } = partsOf(node);
    const met = areMet(program, meanings, conditions);
    if (node.type === 'guard_statement') return met === false;
    const [left, right] = [within(then), within(otherwise)];
    return (left && right) || (met === true && left) || (met === false && right);
  }
  if (BLOCKS.has(node.type)) return node.children.some(within);
  const [left, right] = [node.children[0], node.children.at(-1)];
  if (node.type === 'elvis_expression')
    return within(left) || (left !== undefined && isNull(program, meanings, left) && within(right));
  const operator = program.reader(node).conditions.has(node.type) ? operatorOf(node) : undefined;
  if ((operator === '&&' || operator === '||') && left)
    return within(left) || (within(right) && inRelease(program, meanings, left) === (operator === '&&'));
  const shape = program.shape(node);
  return shape?.is === 'call' && neverReturns(program, meanings, node, shape, depth);
}

function neverReturns(program: Program, meanings: Meanings, node: SyntaxNode, call: Call, depth: number): boolean {
  const owner = call.of && program.bareShape(call.of);
  const isOwn = owner === undefined || owner.is === 'self';
  const own = program.functionsNamed(call.name);
  if (isOwn && own.length > 0) return own.every((one) => alwaysThrows(program, meanings, one, depth));
  if (owner !== undefined && owner.is !== 'name') return false;
  const name = owner ? `${owner.name}.${call.name}` : call.name;
  const ending = node.file.path.slice(node.file.path.lastIndexOf('.') + 1).toLowerCase();
  // A name that a file imports may be another function.
  return NEVER[ending]?.includes(name) === true && program.lookUp(name, node).length === 0;
}

const THROWING = new WeakMap<SyntaxNode, boolean>();

/** A function that says so, or whose first way out is an error. */
function alwaysThrows(program: Program, meanings: Meanings, one: Declaration, depth: number): boolean {
  const { node } = one;
  const known = THROWING.get(node);
  if (known !== undefined || !is(one, 'function') || isScript(node)) return known ?? false;
  // For one that calls itself.
  THROWING.set(node, false);
  const { body } = one.what;
  const steps = BLOCKS.has(body.type) ? body.children : [body];
  const out = steps.find((step) => leaves(program, meanings, step, depth + 4));
  const [first] = returnsOf(program, node);
  const isThrown =
    out !== undefined &&
    (first === undefined || first.start > out.start) &&
    (/^throw\b/u.test(textOf(out)) || program.shape(onlyChild(out))?.is === 'call');
  const before = node.file.text.slice(node.start, body.start);
  const saysSo = /\)[^()]*(?:->|:)\s*(?:Never|Nothing)\b[^()]*$/u.test(before) || /^\s*Never\b/u.test(before);
  // The error of one that is not waited for goes elsewhere.
  const throws = saysSo || (isThrown && !/\basync\b/u.test(before));
  THROWING.set(node, throws);
  return throws;
}

function onlyChild(node: SyntaxNode): SyntaxNode {
  return node.type === 'expression_statement' && node.children[0] ? node.children[0] : node;
}

/** Of an `if` or a loop, in any of the languages. */
export function partsOf(node: SyntaxNode): {
  conditions: SyntaxNode[];
  then: SyntaxNode | undefined;
  otherwise: SyntaxNode | undefined;
} {
  const children = node.children.filter(({ type }) => type !== 'else' && !type.endsWith('comment'));
  const named = children.filter(({ field }) => field === 'condition');
  const conditions = named.length > 0 ? named : children.slice(0, 1);
  const end = conditions.at(-1)?.end ?? node.start;
  const [then, otherwise] = children.filter(({ start }) => start >= end);
  return { conditions, then, otherwise };
}

/** What a loop asks before each turn, the first one too. */
export function loopCondition(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type === 'while_statement') return partsOf(node).conditions[0];
  if (node.type !== 'for_statement') return undefined;
  const parts = node.children.find(({ type }) => type === 'for_loop_parts');
  return fieldOf(parts ?? node, 'condition');
}
