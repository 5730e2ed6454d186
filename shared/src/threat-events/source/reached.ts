/** Code that no release build of the app runs: behind a condition that is never true there, or after something that always leaves. */
import { leaves, loopCondition, partsOf } from './leaving.ts';
import { isScript, type Meanings } from './meanings.ts';
import { childrenOf, fieldOf, type SyntaxNode, textOf } from './node.ts';
import { isOfPlatform } from './platform-types.ts';
import type { Program } from './program.ts';
import { areMet, inRelease, isAsked, isNull, operatorOf } from './release.ts';
import { ITERATORS } from './selection.ts';

const NEVER_REACHED = new WeakMap<SyntaxNode, boolean>();

/** Whether a release build certainly never comes to this place. */
export function isNeverReached(program: Program, meanings: Meanings, at: SyntaxNode): boolean {
  if (meanings.isBound) return isBarred(program, meanings, at);
  let found = NEVER_REACHED.get(at);
  if (found === undefined) {
    found = isBarred(program, meanings, at);
    NEVER_REACHED.set(at, found);
  }
  return found;
}

function isBarred(program: Program, meanings: Meanings, at: SyntaxNode): boolean {
  let inner = at;
  let around = at.parent;
  for (; around && !program.isBody(around); around = around.parent) {
    if (isExcluded(program, meanings, around, inner) || isAssertion(program, around)) return true;
    if (isNeverRun(program, meanings, around, inner) || isUnavailable(around)) return true;
    if (isPreview(program, around)) return true;
    if (isSequence(program, around, inner) && leftAt(program, meanings, around) <= inner.start) return true;
    inner = around;
  }
  for (; around; around = around.parent) if (isUnavailable(around) || isPreview(program, around)) return true;
  return false;
}

/** Whether all that stands before `inner` runs before it. */
function isSequence(program: Program, around: SyntaxNode, inner: SyntaxNode): boolean {
  if (program.reader(around).conditions.has(around.type) || /^(?:try|do)_/u.test(around.type)) return false;
  // A function of JavaScript can be called before the place where it stands.
  return inner.type !== 'function_declaration' || !isScript(inner);
}

const LEFT_AT = new WeakMap<SyntaxNode, number>();

/** Where the first statement in a piece of syntax ends after which nothing runs. Kept, because very many may follow. */
function leftAt(program: Program, meanings: Meanings, around: SyntaxNode): number {
  let found = meanings.isBound ? undefined : LEFT_AT.get(around);
  if (found === undefined) {
    found = around.children.find((one) => leaves(program, meanings, one))?.end ?? Number.POSITIVE_INFINITY;
    if (!meanings.isBound) LEFT_AT.set(around, found);
  }
  return found;
}

/** Whether a condition never lets the branch run that `inner` is. */
function isExcluded(program: Program, meanings: Meanings, node: SyntaxNode, inner: SyntaxNode): boolean {
  const asked = loopCondition(node);
  if (asked) return inner.start >= asked.end && inRelease(program, meanings, asked) === false;
  if (node.type === 'when_entry') {
    const conditions = childrenOf(node, 'when_condition');
    const hasSubject = node.parent?.children.some(({ type }) => type === 'when_subject');
    if (hasSubject || conditions.length === 0 || conditions.includes(inner)) return false;
    return conditions.every((one) => inRelease(program, meanings, one) === false);
  }
  if (!program.reader(node).conditions.has(node.type)) return false;
  const operator = operatorOf(node);
  if (operator === '&&' || operator === '||') {
    const [left, right] = node.children;
    if (left === undefined || inner !== right) return false;
    return inRelease(program, meanings, left) === (operator === '||');
  }
  const { conditions, then, otherwise } = partsOf(node);
  if (inner !== then && inner !== otherwise) return false;
  return areMet(program, meanings, conditions) === (inner !== then);
}

const ASSERTIONS = new Set(['assert', 'NSAssert', 'NSCAssert', 'NSParameterAssert', 'NSCParameterAssert']);

/** What release builds leave out. */
function isAssertion(program: Program, node: SyntaxNode): boolean {
  if (node.type === 'assert_statement') return true;
  if (childrenOf(node, 'attribute_list').some(({ children }) => children.some(isConditional))) return true;
  const shape = program.shape(node);
  if (shape?.is !== 'call' || isScript(node)) return false;
  const owner = shape.of && program.bareShape(shape.of);
  if (owner) return owner.is === 'name' && owner.name === 'Debug' && node.file.path.endsWith('.cs');
  return ASSERTIONS.has(shape.name) && program.functionsNamed(shape.name).length === 0;
}

/** `[Conditional("DEBUG")]` of C#: the compiler drops every call of the method, unless the build defines the symbol. */
function isConditional(attribute: SyntaxNode): boolean {
  const name = fieldOf(attribute, 'name');
  return name !== undefined && /(?:^|\.)Conditional(?:Attribute)?$/u.test(textOf(name));
}

const EMPTY = new Set(['emptyList', 'emptySet', 'emptyArray', 'listOf', 'setOf', 'arrayOf']);

/** What stands in a lambda or a loop for which there is nothing: `null?.let { … }`, the `forEach` of an empty list. */
function isNeverRun(program: Program, meanings: Meanings, node: SyntaxNode, inner: SyntaxNode): boolean {
  const [each] = program.reader(node).declared(node);
  if (each?.as === 'each') return inner.start >= each.of.end && isEmpty(program, each.of);
  const shape = program.shape(node);
  if (shape?.is !== 'call' || shape.of === undefined || inner.start < shape.of.end) return false;
  if (ITERATORS.has(shape.name) && isEmpty(program, shape.of)) return true;
  return isAsked(shape.of) && isNull(program, meanings, shape.of);
}

function isEmpty(program: Program, node: SyntaxNode): boolean {
  const shape = program.bareShape(node);
  if (shape?.is === 'list') return shape.items.length === 0;
  return shape?.is === 'call' && shape.of === undefined && EMPTY.has(shape.name) && shape.args.length === 0;
}

/** `@available(iOS, unavailable)` and `@available(*, unavailable)` of Swift: nothing can call it. */
function isUnavailable(node: SyntaxNode): boolean {
  const attributes = childrenOf(node, 'modifiers').flatMap((one) => childrenOf(one, 'attribute'));
  return attributes.some((one) => /^@available\s*\(\s*(?:\*|iOS)\s*,\s*unavailable\b/u.test(textOf(one)));
}

/** `@Preview` of Compose: only the tools of Android Studio run such a function, unless the app calls it. */
function isPreview(program: Program, node: SyntaxNode): boolean {
  if (node.type !== 'function_declaration' || !node.file.path.endsWith('.kt')) return false;
  const annotations = childrenOf(node, 'modifiers').flatMap((one) => childrenOf(one, 'annotation'));
  if (!annotations.some((one) => /^@(?:[\w.]+\.)?Preview\b/u.test(textOf(one)))) return false;
  const [own] = program.reader(node).declared(node);
  return own !== undefined && isOfPlatform(node.file, 'Preview') && program.callsOf(own.name).length === 0;
}
