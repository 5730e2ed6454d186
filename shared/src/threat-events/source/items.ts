/** What an expression can stand for. */
import type { SyntaxNode } from './node.ts';
import type { Declaration } from './program.ts';
import type { Declared } from './shape.ts';

/** A text, a constant of an enum, or an object with members. `as`: a Flutter channel of this name, or its stream. */
export type Item = (
  | { is: 'text'; text: string; as?: 'channel' | 'stream' }
  | { is: 'constant'; of: Declaration<Extract<Declared, { as: 'constant' }>> }
  | { is: 'object'; node: SyntaxNode }
) & { via?: Via };

/** The places that a value passed on its way, such as `names.add("…")`. If one of them is never reached, the value never arrives. */
export type Via = readonly SyntaxNode[];

/** A name, and how it came. */
export interface Evidence {
  name: string;
  via: Via;
  /** Why the listener may not get every event, other than a condition around these places. */
  condition?: string;
}

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

/** Each name with each of its ways, up to a number that nobody writes. */
export function evidenceOf(items: Items, as?: 'channel' | 'stream'): Evidence[] | undefined {
  const found = new Map<string, Evidence[]>();
  for (const item of items ?? [])
    if (item.is === 'text' && item.as === as) addWay(found, { name: item.text, via: item.via ?? [] });
  return found.size > 0 ? [...found.values()].flat() : undefined;
}

export function fewWays(all: readonly Evidence[]): Evidence[] {
  const found = new Map<string, Evidence[]>();
  for (const one of all) addWay(found, one);
  return [...found.values()].flat();
}

function addWay(found: Map<string, Evidence[]>, one: Evidence): void {
  const ways = found.get(one.name);
  if (ways === undefined) found.set(one.name, [one]);
  else if (ways.length < MOST_WAYS) ways.push(one);
}

const MOST_WAYS = 32;

/** These values, which passed more places. */
export function passed(items: Items, via: Via | undefined): Items {
  if (via === undefined || via.length === 0) return items;
  return items?.map((item) => ({ ...item, via: [...(item.via ?? []), ...via] }));
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
