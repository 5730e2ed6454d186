/** What a condition is in a release build, as far as the source alone tells. */
import { isFixed, memberOfConstant } from './constants.ts';
import { isScript, type Meanings } from './meanings.ts';
import { isInside, type SyntaxNode, textOf } from './node.ts';
import type { Call, Program } from './program.ts';

/** What the tools of a platform set in a release build. */
const IN_RELEASE: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['YES', true],
  ['NO', false],
  ['TRUE', true],
  ['FALSE', false],
  ['1', true],
  ['0', false],
  ['BuildConfig.DEBUG', false],
  ['__DEV__', false],
  ['_isDebugAssertConfiguration', false],
  ['Debugger.IsAttached', false],
  ['kDebugMode', false],
  ['kProfileMode', false],
  ['kReleaseMode', true],
  ['kIsWeb', false],
]);
/** The same, unless the tree declares it. */
const DEBUG = 'DEBUG';

/** Texts that are compared with a literal: what they are not, and what they are, in a release build of a phone's app. */
const TEXTS: ReadonlyMap<string, { not: readonly string[]; only?: string }> = new Map([
  ['BuildConfig.BUILD_TYPE', { not: ['debug'] }],
  ['process.env.NODE_ENV', { not: ['development', 'test'], only: 'production' }],
  ['Platform.OS', { not: ['web', 'windows', 'macos'] }],
]);

const DEEPEST = 16;

/** All of them; undefined if the program, or another build, decides. */
export function areMet(
  program: Program,
  meanings: Meanings,
  conditions: readonly SyntaxNode[],
  depth = 0,
): boolean | undefined {
  const all = conditions.map((one) => inRelease(program, meanings, one, depth));
  if (all.includes(false)) return false;
  return all.length > 0 && all.every(Boolean) ? true : undefined;
}

/** Undefined if the program, or another build, decides. */
export function inRelease(program: Program, meanings: Meanings, node: SyntaxNode, depth = 0): boolean | undefined {
  if (depth > DEEPEST) return undefined;
  const bare = unwrapped(program, node);
  const plain = plainText(bare);
  const known = IN_RELEASE.get(plain);
  if (known !== undefined) return known;
  const value = (one: SyntaxNode | undefined) => one && inRelease(program, meanings, one, depth + 1);
  const not = (one: boolean | undefined) => (one === undefined ? undefined : !one);
  const operator = operatorOf(bare);
  const [first] = bare.children;
  const last = bare.children.at(-1);
  if (operator === '&&' || operator === '||') {
    const sides = [value(first), value(last)];
    const decisive = operator === '||';
    if (sides.includes(decisive)) return decisive;
    return sides.every((side) => side === !decisive) ? !decisive : undefined;
  }
  if (operator && first && last) {
    const same = areEqual(program, [first, last], value);
    return operator.startsWith('!') ? not(same) : same;
  }
  if (textOf(bare).startsWith('!') && last) return not(value(last));
  const shape = program.shape(bare);
  if (shape?.is === 'call') {
    const [other] = shape.args;
    if (shape.name === 'not' && shape.of && other === undefined) return not(value(shape.of));
    if (EQUALS.has(shape.name) && shape.of && other) return areEqual(program, [shape.of, other.node], value);
    return value(resultOf(program, shape));
  }
  const named = meanings.namedBy(bare) ?? [];
  if (named.length === 0) {
    const member = memberOfConstant(program, meanings, bare);
    return member ? value(member) : plain === DEBUG ? false : undefined;
  }
  const [only, ...others] = named;
  if (only === undefined || others.length > 0) return undefined;
  const bound = meanings.boundTo(only);
  const set = bound ?? (isFixed(program, only) ? meanings.onlyValue(only) : undefined);
  if (set === undefined || isInside(bare, set)) return undefined;
  if (bound && isScript(bound) && program.bareShape(bound)?.is === 'null') return false;
  return value(set);
}

const EQUALS = new Set(['equals', 'Equals', 'contentEquals', 'isEqualToString']);

function areEqual(
  program: Program,
  sides: readonly [SyntaxNode, SyntaxNode],
  value: (node: SyntaxNode) => boolean | undefined,
): boolean | undefined {
  for (const [one, other] of [sides, [sides[1], sides[0]] as const]) {
    const text = program.bareShape(other);
    const known = text?.is === 'text' ? TEXTS.get(plainText(one)) : undefined;
    if (known === undefined || text?.is !== 'text') continue;
    if (known.only !== undefined) return known.only === text.value;
    return known.not.includes(text.value) ? false : undefined;
  }
  const [left, right] = sides.map(value);
  return left === undefined || right === undefined ? undefined : left === right;
}

/** What the tree's own function without parameters returns, as `isDebug()`. */
function resultOf(program: Program, call: Call): SyntaxNode | undefined {
  const [only, ...others] = program.functionsNamed(call.name);
  const isOwn = call.of === undefined || program.bareShape(call.of)?.is === 'self';
  if (only === undefined || others.length > 0 || call.args.length > 0 || !isOwn) return undefined;
  if (!RESULTS.has(only.node)) RESULTS.set(only.node, program.reader(only.node).result(only.what.body));
  return RESULTS.get(only.node);
}

const RESULTS = new WeakMap<SyntaxNode, SyntaxNode | undefined>();

/** Whether an expression is `null` in a release build: `x.takeIf { BuildConfig.DEBUG }`, and what is asked of it with `?.`. */
export function isNull(program: Program, meanings: Meanings, node: SyntaxNode, depth = 0): boolean {
  const shape = program.bareShape(node);
  if (depth > DEEPEST || shape === undefined) return false;
  if (shape.is === 'null') return true;
  if (shape.is !== 'call' || shape.of === undefined) return false;
  if (isAsked(shape.of) && isNull(program, meanings, shape.of, depth + 1)) return true;
  const keeps = shape.name === 'takeIf' ? true : shape.name === 'takeUnless' ? false : undefined;
  const lambda = shape.lambda && program.shape(shape.lambda);
  if (keeps === undefined || lambda?.is !== 'lambda') return false;
  const [result, ...others] = lambda.body.children;
  return result !== undefined && others.length === 0 && inRelease(program, meanings, result, depth + 1) === !keeps;
}

/** Whether `?.` follows. */
export function isAsked({ file, end }: SyntaxNode): boolean {
  return /^\s*\?\./u.test(file.text.slice(end, end + 200));
}

/** Without parentheses and spaces, and without the package of a name. */
function plainText(node: SyntaxNode): string {
  const text = textOf(node)
    .slice(0, 400)
    .replaceAll(/[()\s]/gu, '');
  return text.replace(/^[\w.]*\.(?=BuildConfig\.\w+$)/u, '').replace(/^\w+\.(?=k\w+(?:Mode|Web)$)/u, '');
}

/** Without parentheses, which some grammars leave to the node around a condition. */
function unwrapped(program: Program, node: SyntaxNode): SyntaxNode {
  const plain = (one: SyntaxNode) => textOf(one).replaceAll(/[()\s;]/gu, '');
  let found = program.bare(node);
  for (let depth = 0; depth < DEEPEST; depth++) {
    const [only, ...others] = found.children;
    if (only === undefined || others.length > 0 || plain(found) !== plain(only)) break;
    found = program.bare(only);
  }
  return found;
}

type Operator = '&&' | '||' | '==' | '===' | '!=' | '!==';
const OPERATORS: ReadonlySet<string> = new Set(['&&', '||', '==', '===', '!=', '!==']);

/** Between the two sides of an expression. */
export function operatorOf({ children, file }: SyntaxNode): Operator | undefined {
  const [left, right] = [children[0], children.at(-1)];
  // Some grammars have a node for the operator.
  if (left === undefined || right === undefined || children.length < 2 || children.length > 3) return undefined;
  const between = file.text.slice(left.end, Math.min(right.start, left.end + 100)).trim();
  return OPERATORS.has(between) ? (between as Operator) : undefined;
}
