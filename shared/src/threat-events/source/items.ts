/** What an expression can stand for. */
import type { SyntaxNode } from './node.ts';
import type { Declaration } from './program.ts';
import type { Declared } from './shape.ts';

/** A text, a constant of an enum, or an object with members. `as`: a Flutter channel of this name, or its stream. */
export type Item =
  | { is: 'text'; text: string; as?: 'channel' | 'stream' }
  | { is: 'constant'; of: Declaration<Extract<Declared, { as: 'constant' }>> }
  | { is: 'object'; node: SyntaxNode };

/** Undefined = not understood. */
export type Items = Item[] | undefined;

/** Of a pair: the entries of a map, a list with its indices. */
export type Part = 'key' | 'value' | undefined;

/** Finds what other expressions stand for, on behalf of a part that has met them. */
export interface Follow {
  of(node: SyntaxNode, self?: Item): Items;
  elements(node: SyntaxNode, part?: Part): Items;
  /** Several declarations count only if they all say the same. */
  common(found: readonly Declaration[], value: (one: Declaration) => Items): Items;
  guarded<T>(work: () => T | undefined): T | undefined;
}

export function texts(items: Items, as?: 'channel' | 'stream'): string[] | undefined {
  const found = items?.flatMap((item) => (item.is === 'text' && item.as === as ? [item.text] : []));
  return found && found.length > 0 ? [...new Set(found)] : undefined;
}

/** What is known of several; undefined if nothing is. */
export function known(all: readonly Items[]): Items {
  const found = all.flatMap((items) => items ?? []);
  return found.length > 0 ? found : undefined;
}

export function tagged(items: Items, as: 'channel'): Items {
  return items?.flatMap((item) => (item.is === 'text' ? [{ ...item, as }] : []));
}

export function retagged(items: Items, from: 'channel', as: 'stream'): Items {
  return items?.flatMap((item) => (item.is === 'text' && item.as === from ? [{ ...item, as }] : []));
}
