/** Code that no release build of the app runs: behind a condition that is never true there, or after something that always leaves. */
import type { Meanings } from './meanings.ts';
import { isInside, type SyntaxNode, textOf } from './node.ts';
import { is, type Program } from './program.ts';

/** What the tools of a platform set in a release build. */
const IN_RELEASE: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['YES', true],
  ['NO', false],
  ['BuildConfig.DEBUG', false],
  ['__DEV__', false],
  ['_isDebugAssertConfiguration', false],
  ['kDebugMode', false],
  ['kProfileMode', false],
  ['kReleaseMode', true],
]);

const LEAVING = new Set([
  'return_statement',
  'throw_statement',
  'throw_expression',
  'jump_expression',
  'control_transfer_statement',
]);
const DEEPEST = 16;

/** Whether a release build certainly never comes to this place. */
export function isNeverReached(program: Program, meanings: Meanings, at: SyntaxNode): boolean {
  let inner = at;
  for (let around = at.parent; around && !program.isBody(around); around = around.parent) {
    if (isExcluded(program, meanings, around, inner)) return true;
    if (leftAt(program, meanings, around) <= inner.start) return true;
    inner = around;
  }
  return false;
}

const LEFT_AT = new WeakMap<SyntaxNode, number>();

/** Where the first statement in a piece of syntax ends after which nothing runs. Kept, because very many may follow. */
function leftAt(program: Program, meanings: Meanings, around: SyntaxNode): number {
  let found = LEFT_AT.get(around);
  if (found === undefined) {
    found = around.children.find((one) => leaves(program, meanings, one, 0))?.end ?? Number.POSITIVE_INFINITY;
    LEFT_AT.set(around, found);
  }
  return found;
}

/** Whether a condition never lets the branch run that `inner` is. */
function isExcluded(program: Program, meanings: Meanings, node: SyntaxNode, inner: SyntaxNode): boolean {
  if (!program.reader(node).conditions.has(node.type)) return false;
  const parts = partsOf(node);
  const met = isMet(program, meanings, parts.conditions, 0);
  if (operatorOf(node) === undefined)
    return (met === false && inner === parts.then) || (met === true && inner === parts.otherwise);
  const [left, right] = node.children;
  if (left === undefined || inner !== right) return false;
  return inRelease(program, meanings, left, 0) === (operatorOf(node) === '||');
}

/** Whether what comes after a statement certainly does not run. */
function leaves(program: Program, meanings: Meanings, node: SyntaxNode, depth: number): boolean {
  if (LEAVING.has(node.type)) return true;
  if (depth > DEEPEST) return false;
  const within = (one: SyntaxNode | undefined) => one !== undefined && leaves(program, meanings, one, depth + 1);
  if (/^(?:if_|guard_)/u.test(node.type)) {
    const { conditions, then, otherwise } = partsOf(node);
    const met = isMet(program, meanings, conditions, 0);
    if (node.type === 'guard_statement') return met === false;
    const [left, right] = [within(then), within(otherwise)];
    return (left && right) || (met === true && left) || (met === false && right);
  }
  if (!BLOCKS.has(node.type)) return false;
  return node.children.some((one) => within(one));
}
/** Statements whose own statements run one after the other. */
const BLOCKS = new Set([
  'block',
  'compound_statement',
  'statement_block',
  'statements',
  'control_structure_body',
  'expression_statement',
]);

/** Of an `if`, in any of the languages. */
function partsOf(node: SyntaxNode): {
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

function isMet(program: Program, meanings: Meanings, conditions: SyntaxNode[], depth: number): boolean | undefined {
  const all = conditions.map((one) => inRelease(program, meanings, one, depth));
  if (all.includes(false)) return false;
  return all.length > 0 && all.every(Boolean) ? true : undefined;
}

/** Undefined if the program, or another build, decides. */
function inRelease(program: Program, meanings: Meanings, node: SyntaxNode, depth: number): boolean | undefined {
  if (depth > DEEPEST) return undefined;
  const bare = unwrapped(program, node);
  const known = IN_RELEASE.get(textOf(bare).replaceAll(/[()\s]/gu, ''));
  if (known !== undefined) return known;
  const [first, second] = bare.children;
  const operator = operatorOf(bare);
  if (operator && first && second) {
    const sides = [first, second].map((one) => inRelease(program, meanings, one, depth + 1));
    const decisive = operator === '||';
    if (sides.includes(decisive)) return decisive;
    return sides.every((side) => side === !decisive) ? !decisive : undefined;
  }
  if (textOf(bare).startsWith('!') && bare.children.length > 0) {
    const inner = bare.children.at(-1);
    const value = inner && inRelease(program, meanings, inner, depth + 1);
    return value === undefined ? undefined : !value;
  }
  const [only, ...others] = meanings.namedBy(bare) ?? [];
  // One that is set later has the value that its type begins with until then.
  const isSet = is(only, 'value') && only.what.value !== undefined;
  const value = isSet && others.length === 0 ? meanings.onlyValue(only) : undefined;
  return value && !isInside(bare, value) ? inRelease(program, meanings, value, depth + 1) : undefined;
}

/** Without parentheses, which some grammars leave to the node around a condition. */
function unwrapped(program: Program, node: SyntaxNode): SyntaxNode {
  let found = program.bare(node);
  for (let depth = 0; depth < DEEPEST; depth++) {
    const [only, ...others] = found.children;
    const isWrapper =
      only &&
      others.length === 0 &&
      textOf(found).replaceAll(/[()\s]/gu, '') === textOf(only).replaceAll(/[()\s]/gu, '');
    if (!isWrapper) break;
    found = program.bare(only);
  }
  return found;
}

function operatorOf({ children, file }: SyntaxNode): '&&' | '||' | undefined {
  const [left, right] = children;
  if (left === undefined || right === undefined || children.length !== 2) return undefined;
  const between = file.text.slice(left.end, right.start).trim();
  return between === '&&' || between === '||' ? between : undefined;
}
