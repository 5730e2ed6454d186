/** What the readers of several languages need. */
import { type SyntaxNode, textOf } from '../node.ts';
import type { Argument, Shape } from '../shape.ts';

/** @returns nothing for a literal with an escape or something inserted: its text is not what is written */
export function literalText(node: SyntaxNode, ...parts: string[]): Shape | undefined {
  if (!node.children.every(({ type }) => parts.includes(type))) return undefined;
  return { is: 'text', value: node.children.map(textOf).join('') };
}

export function positional(list: SyntaxNode | undefined): Argument[] {
  return (list?.children ?? []).filter(({ type }) => !type.includes('comment')).map((node) => ({ node }));
}

/** What a function returns, or the value of a lambda; undefined where there are several, or none that stands alone. */
export function onlyResult(
  body: SyntaxNode,
  { blocks, returns, functions }: { blocks: string[]; returns: string[]; functions: string[] },
): SyntaxNode | undefined {
  if (!blocks.includes(body.type)) return body;
  const around = (node: SyntaxNode) => {
    let found = node.parent;
    while (found && !functions.includes(found.type)) found = found.parent;
    return found;
  };
  const own: SyntaxNode[] = [];
  const queue = [body];
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (returns.includes(node.type) && around(node) === around(body)) own.push(node);
    for (const child of node.children) queue.push(child);
  }
  const [only] = own;
  return own.length === 1 && only?.parent === body ? only.children[0] : undefined;
}
