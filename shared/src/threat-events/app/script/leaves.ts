/** Which statements leave what they stand in, so that what follows them does not run. */
import type { AnyNode } from 'acorn';

/** What has to be so for something to run. */
export interface Condition {
  node: AnyNode;
  /** Of an `if` or `?:`: which of its branches it is. */
  side?: 'then' | 'else';
}

/** `never`: what follows runs. A condition: what follows runs if it holds. */
export type Leaving = 'always' | 'never' | Condition;

type TruthOf = (node: AnyNode) => boolean | undefined;

const DEEPEST = 100;

export function leavingOf(node: AnyNode, truthOf: TruthOf, depth = 0): Leaving {
  const next = (of: AnyNode): Leaving => leavingOf(of, truthOf, depth + 1);
  if (depth > DEEPEST) return { node };
  switch (node.type) {
    case 'ReturnStatement':
    case 'ThrowStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return 'always';
    case 'BlockStatement':
      return firstOf(node.body.map(next));
    case 'IfStatement': {
      const [then, otherwise] = [next(node.consequent), node.alternate ? next(node.alternate) : ('never' as const)];
      if (then === 'never' && otherwise === 'never') return 'never';
      const met = truthOf(node.test);
      if (met !== undefined) return met ? then : otherwise;
      if (then === otherwise && typeof then === 'string') return then;
      if (then === 'always' && otherwise === 'never') return { node, side: 'else' };
      if (then === 'never' && otherwise === 'always') return { node, side: 'then' };
      return { node };
    }
    case 'WhileStatement':
    case 'ForStatement':
    case 'DoWhileStatement':
    case 'ForOfStatement':
    case 'ForInStatement':
    case 'SwitchStatement':
    case 'TryStatement':
    case 'LabeledStatement':
    case 'WithStatement':
      return isEndless(node, truthOf) ? 'always' : holdsExit(node) ? { node } : 'never';
    default:
      return 'never';
  }
}

function firstOf(all: readonly Leaving[]): Leaving {
  if (all.includes('always')) return 'always';
  return all.find((one) => one !== 'never') ?? 'never';
}

function isEndless(node: AnyNode, truthOf: TruthOf): boolean {
  if (node.type !== 'WhileStatement' && node.type !== 'ForStatement') return false;
  const isTrue = node.test ? truthOf(node.test) === true : true;
  return isTrue && !holdsExit(node, true);
}

/** Whether there is a `return` or the like in it, not in a function of its own. */
function holdsExit(root: AnyNode, withBreak = false): boolean {
  const open: Array<[node: AnyNode, isInLoop: boolean, isInSwitch: boolean]> = [[root, false, false]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, isInLoop, isInSwitch] = next;
    if (/Function|^Class/.test(node.type)) continue;
    if (node.type === 'ReturnStatement' || node.type === 'ThrowStatement') return true;
    const jumps = node.type === 'BreakStatement' || node.type === 'ContinueStatement';
    if (jumps) {
      const staysInside = isInLoop || (isInSwitch && node.type === 'BreakStatement');
      if (node.label || !staysInside || (withBreak && node.type === 'BreakStatement')) return true;
    }
    const inLoop = isInLoop || /^(?:While|DoWhile|For\w*)Statement$/.test(node.type);
    const inSwitch = isInSwitch || node.type === 'SwitchStatement';
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (typeof child === 'object' && child !== null && /(?:Statement|Case|Clause)$/.test(child.type ?? ''))
          open.push([child as AnyNode, inLoop, inSwitch]);
      }
    }
  }
  return false;
}
