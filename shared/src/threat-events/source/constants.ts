/** Which variables certainly keep the value that they are declared with: nothing can write them, not even an object mapper or an injector. */
import { isScript, type Meanings } from './meanings.ts';
import { isInside, type SyntaxNode, textOf } from './node.ts';
import { type Declaration, is, type Program } from './program.ts';

/** The word of a declaration that is never written again, by the ending of the file. */
const WORDS: Readonly<Record<string, RegExp>> = {
  kt: /\bval\b/u,
  java: /\bfinal\b/u,
  swift: /\blet\b/u,
  m: /\bconst\b|^#\s*define\b/u,
  mm: /\bconst\b|^#\s*define\b/u,
  h: /\bconst\b|^#\s*define\b/u,
  dart: /\b(?:const|final)\b/u,
  cs: /\b(?:const|readonly)\b|=>\s*$|\{\s*get;\s*\}\s*=\s*$/u,
};
const SCRIPT = /\b(?:const|readonly)\b/u;
/** `var on: Bool { false }` of Swift. */
const COMPUTED = /\bvar\s+\w+\s*:\s*\w+\s*\{\s*(?:get\s*\{\s*)?(?:return\s+)?$/u;
/** Another class may say otherwise. */
const OVERRIDABLE = /\b(?:open|override|abstract|virtual|interface)\b/u;
/** Annotations that set nothing. */
const HARMLESS = /@(?:JvmField|JvmStatic|Suppress(?:Warnings)?\([^)]*\))\s*/gu;

/** Whether a variable is declared with its value, as a constant. A property wrapper or an annotation may have other plans. */
export function isFixed(program: Program, declaration: Declaration): boolean {
  if (!is(declaration, 'value') || declaration.what.value === undefined) return false;
  // With an `#ifndef` around it, a build may define it.
  if (program.branchAt(declaration.node) !== undefined) return false;
  const statement = statementOf(program, declaration.node);
  const { text, path } = statement.file;
  const head = text
    .slice(startOf(statement), Math.max(statement.start, declaration.what.value.start))
    .replaceAll(/\/\*.*?\*\/|\/\/[^\n]*/gsu, '')
    .replaceAll(HARMLESS, '')
    .trimStart();
  if (/^\[|@/u.test(head) || OVERRIDABLE.test(head) || isOfInterface(program, declaration)) return false;
  if (statement.type === 'constant_declaration') return true;
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  if (ending === 'swift' && COMPUTED.test(head)) return !/\bset\b/u.test(textOf(statement));
  return (isScript(statement) ? SCRIPT : WORDS[ending])?.test(head) === true;
}

/** The whole declaration, with its modifiers. */
function statementOf(program: Program, node: SyntaxNode): SyntaxNode {
  let found = node;
  for (let depth = 0; found.parent?.parent && depth < 6; depth++) {
    if (program.reader(node).scopes.has(found.parent.type) || program.isBody(found.parent)) break;
    found = found.parent;
  }
  return found;
}

/** Dart's grammar has the word before the declaration. */
function startOf({ file, start }: SyntaxNode): number {
  if (!file.path.endsWith('.dart')) return start;
  const before = file.text.slice(Math.max(0, start - 200), start);
  return start - before.length + Math.max(...[';', '{', '}'].map((mark) => before.lastIndexOf(mark))) + 1;
}

/** A property of an interface of Kotlin. */
function isOfInterface(program: Program, { node }: Declaration): boolean {
  const type = node.file.path.endsWith('.kt') ? program.typeAround(node) : undefined;
  return (
    type !== undefined && /^[^{]*\binterface\b/u.test(textOf(type.node).slice(0, 400).split(type.what.name)[0] ?? '')
  );
}

/** `config.threats.enabled` of a constant that is nowhere used but in conditions: the literal that it stands for. */
export function memberOfConstant(program: Program, meanings: Meanings, node: SyntaxNode): SyntaxNode | undefined {
  const names: string[] = [];
  let root = program.bare(node);
  for (let shape = program.shape(root); shape?.is === 'member' && shape.of && names.length < 8; ) {
    names.unshift(shape.name);
    root = program.bare(shape.of);
    shape = program.shape(root);
  }
  if (names.length === 0 || !isScript(node) || program.shape(root)?.is !== 'name') return undefined;
  const [only, ...others] = meanings.namedBy(root) ?? [];
  if (!only || others.length > 0 || !isFixed(program, only) || !isOnlyAsked(program, meanings, only)) return undefined;
  let value = meanings.onlyValue(only);
  for (const name of names) {
    const shape = value && program.bareShape(value);
    if (shape?.is !== 'map' || shape.entries.some(({ key }) => key === undefined)) return undefined;
    const [entry, ...more] = shape.entries.filter(({ key }) => key === name);
    if (more.length > 0) return undefined;
    value = entry?.value;
  }
  return value;
}

const ASKED = new WeakMap<Declaration, boolean>();

/** Whether each use of an object only asks one of its members in a condition, so that nothing can change it. */
function isOnlyAsked(program: Program, meanings: Meanings, declaration: Declaration): boolean {
  let found = ASKED.get(declaration);
  if (found === undefined) {
    found = true;
    for (const node of program.nodes()) {
      if (node.children.length > 0 || textOf(node) !== declaration.what.name) continue;
      if (isInside(node, declaration.node) && node.field === 'name') continue;
      if (program.shape(node)?.is === 'name' && !meanings.namedBy(node)?.includes(declaration)) continue;
      if (!isAskedAt(program, node)) found = false;
    }
    ASKED.set(declaration, found);
  }
  return found;
}

const CONDITIONS = new Set(['if_statement', 'unary_expression', 'binary_expression', 'ternary_expression']);

function isAskedAt(program: Program, node: SyntaxNode): boolean {
  // By this name alone, so that its uses in other files are found.
  const specifier = node.parent?.type.endsWith('_specifier') ? node.parent : undefined;
  if (specifier) return specifier.children.length === 1;
  let inner = node;
  let around = node.parent;
  while (around && ['member_expression', 'parenthesized_expression'].includes(around.type)) {
    if (around.type === 'member_expression' && around.children[0] !== inner) return false;
    inner = around;
    around = around.parent;
  }
  const isChain = inner !== node && program.shape(program.bare(inner))?.is === 'member';
  return (
    isChain && around !== undefined && CONDITIONS.has(around.type) && !/^(?:delete|typeof)\b/u.test(textOf(around))
  );
}
