/** What a condition is in the release build of an app that Appdome has protected. */
import type { AnyNode } from 'acorn';
import type { Api } from './api.ts';
import type { Program } from './program.ts';

const DEEPEST = 16;

/** @returns undefined if only the running app knows */
export function truthOf(program: Program, api: Api, node: AnyNode, depth = 0): boolean | undefined {
  if (depth > DEEPEST) return undefined;
  const next = (of: AnyNode) => truthOf(program, api, of, depth + 1);
  switch (node.type) {
    case 'UnaryExpression': {
      if (node.operator === 'void') return false;
      const inner = node.operator === '!' ? next(node.argument) : undefined;
      return inner === undefined ? undefined : !inner;
    }
    case 'LogicalExpression': {
      if (node.operator === '??') return undefined;
      const sides = [next(node.left), next(node.right)];
      const decisive = node.operator === '||';
      if (sides.includes(decisive)) return decisive;
      return sides.every((side) => side === !decisive) ? !decisive : undefined;
    }
    case 'SequenceExpression':
      return node.expressions.length === 0 ? undefined : next(node.expressions.at(-1) as AnyNode);
    case 'BinaryExpression':
      return comparison(program, api, node);
    case 'ArrayExpression':
    case 'ObjectExpression':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return true;
    case 'ChainExpression':
      return next(node.expression);
  }
  const value = knownValue(program, node);
  if (value !== undefined) return Boolean(value.is);
  if (api.isPresent(node)) return true;
  const bound = node.type === 'Identifier' ? program.lookUp(node.name, node) : undefined;
  if (bound === undefined || bound.parameter || bound.memberOf || bound.elementsOf) return undefined;
  const [only, ...others] = bound.values;
  // A variable that gets its value later is undefined until then.
  return only !== undefined && others.length === 0 ? next(only) : undefined;
}

function comparison(program: Program, api: Api, node: AnyNode & { type: 'BinaryExpression' }) {
  if (!/^[!=]==?$/.test(node.operator)) return undefined;
  const isEqual = node.operator.startsWith('=');
  const [left, right] = [knownValue(program, node.left as AnyNode), knownValue(program, node.right)];
  if (left && right) return typeof left.is === typeof right.is ? (left.is === right.is) === isEqual : undefined;
  const [known, other] = left ? [left, node.right] : [right, node.left as AnyNode];
  // `window.broadcaster != null`
  return known !== undefined && (known.is === null || known.is === undefined) && api.isPresent(other)
    ? !isEqual
    : undefined;
}

/** What the text says, and what the tools of a platform put in. */
function knownValue(program: Program, node: AnyNode): { is: unknown } | undefined {
  if (node.type === 'Literal') return { is: node.value };
  if (node.type === 'UnaryExpression' && node.operator === 'void') return { is: undefined };
  if (node.type === 'UnaryExpression' && node.operator === '!' && node.argument.type === 'Literal')
    return { is: !node.argument.value };
  if (node.type === 'Identifier' && program.lookUp(node.name, node) === undefined) {
    if (node.name === '__DEV__') return { is: false };
    if (node.name === 'undefined') return { is: undefined };
  }
  return isNodeEnvironment(node) ? { is: 'production' } : undefined;
}

/** `process.env.NODE_ENV` */
function isNodeEnvironment(node: AnyNode): boolean {
  const keys: string[] = [];
  let at = node;
  for (; at.type === 'MemberExpression' && keys.length < 3; at = at.object) {
    if (at.computed || at.property.type !== 'Identifier') return false;
    keys.push(at.property.name);
  }
  return keys.join() === 'NODE_ENV,env' && at.type === 'Identifier' && at.name === 'process';
}
