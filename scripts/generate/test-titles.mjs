import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** `describe` opens a level, the others are tests. `.each(…)`, `.concurrent` and similar do not change the title. */
const LEVEL = 'describe';
const TESTS = ['it', 'test'];

/**
 * The titles of a test file, read from its source without running it: `describe > it`, titles of `.each` as written. Titles that are not
 * literals are left out.
 * @param {string} file
 * @returns {string[]}
 * @throws when the file cannot be read
 */
export function testTitles(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  /** @type {string[]} */
  const titles = [];
  /**
   * @param {import('typescript').Node} node
   * @param {string[]} levels
   */
  const walk = (node, levels) => {
    const named = ts.isCallExpression(node) ? namedCall(node) : undefined;
    if (named !== undefined && TESTS.includes(named.callee)) titles.push([...levels, named.title].join(' > '));
    const inner = named?.callee === LEVEL ? [...levels, named.title] : levels;
    ts.forEachChild(node, (child) => walk(child, inner));
  };
  walk(source, []);
  return titles;
}

/**
 * @param {import('typescript').CallExpression} call
 * @returns {{ callee: string, title: string } | undefined}
 */
function namedCall(call) {
  const [first] = call.arguments;
  if (first === undefined || !ts.isStringLiteralLike(first)) return undefined;
  const callee = rootName(call.expression);
  return callee === LEVEL || TESTS.includes(callee ?? '') ? { callee: callee ?? '', title: first.text } : undefined;
}

/**
 * `it`, of `it`, `it.each(rows)`, `it.concurrent.each(rows)`.
 * @param {import('typescript').Node} expression
 * @returns {string | undefined}
 */
function rootName(expression) {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression))
    return rootName(expression.expression);
  return undefined;
}
