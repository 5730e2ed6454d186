/**
 * Feature lists in the JSON, what they say together, and every value outside them.
 *
 * A list counts as proof if it is under a key that announces one, at the top level or in a part of the record one level down, and if all the
 * rest of the document consists of known facts: `"status": "revoked"` may apply to all of it, and so may `"build": { "result": ["FAIL"] }`.
 * Anywhere else, a name is only a mention.
 *
 * An object with a key twice is not understood, since most readers see only one of the two: what is under that key is neither a fact nor a list.
 */

import type { FeatureFact, Presence, Wording } from '../model/certificate.ts';
import { normaliseName } from '../text/normalise.ts';
import { freeTextOf, isKnownFact } from './json-facts.ts';
import { Mentions } from './json-mentions.ts';
import { foldName, isKnownName } from './json-names.ts';
import { isHeading, weaker } from './json-presence.ts';
import {
  dottedEntries,
  dottedName,
  doubted,
  type Entry,
  type FeatureList,
  isCategory,
  isPolicy,
  type JsonShape,
  MOST_STRANGERS,
  policyEntry,
  readCategory,
  readList,
  type Stranger,
  unreadOf,
} from './json-shapes.ts';
import {
  childrenOf,
  hasRepeatedKeys,
  type JsonChild,
  type JsonMember,
  JsonObject,
  jsonText,
  membersOf,
  repeatedKeys,
} from './json-tree.ts';
import { REHEARSAL_KEY } from './known-wording.ts';

export interface JsonFeatures {
  /** Empty = no list was recognised. */
  shapes: JsonShape[];
  /** A list was found one level down. */
  nested: boolean;
  features: FeatureFact[];
  mentions: Mentions;
}

/** Keys that announce a list of protections. Those in the second set count only if the list contains a known name. */
const LIST_KEYS = new Set(['features', 'plugins', 'protections', 'parameters']);
const GENERAL_LIST_KEYS = new Set(['security', 'services', 'items']);
/** Keys that wrap a part of the record (appdome-api.md §7.2). */
const WRAPPERS = new Set(['build', 'app', 'fusion_set', 'signing', 'certificate', 'info', 'details']);
/** Keys that say where something is. */
export const PLACE_KEYS: readonly string[] = [...LIST_KEYS, ...GENERAL_LIST_KEYS, ...WRAPPERS, REHEARSAL_KEY];

export function readJsonFeatures(root: JsonObject): JsonFeatures {
  const mentions = new Mentions();
  const { lists: found, strangers } = visit(root, '$', [], mentions);
  const entries = inCompany(found, strangers);
  for (const entry of entries) mentionDoubts(entry, mentions);
  return {
    shapes: [...new Set(found.map(({ shape }) => shape))].sort(),
    nested: found.some(({ nested }) => nested),
    features: settled(entries.filter(({ name }) => name.trim() !== '')),
    mentions,
  };
}

/**
 * A word in a list that is not a known name may be a heading (`Removed`) or apply to all that is listed (`all: off`), with an answer of its
 * own or without, and so may a value in no list: in their company no other entry is understood.
 */
function inCompany(lists: readonly FeatureList[], outside: readonly JsonChild[]): Entry[] {
  const strangers = lists.map(({ entries }) => entries.filter(({ name }) => !isKnownName(name)));
  const inNoList = outside.map(({ path: where, value }): Stranger => ({ where, text: jsonText(value) }));
  const told = strangers.map((some) =>
    some.map(({ fact, name, text }): Stranger => {
      const listed = fact.presence === 'present' ? { name } : {};
      return { where: fact.where, text, ...listed };
    }),
  );
  const all = [...inNoList, ...told.flat()];
  const [only] = all.length === 1 ? strangers.flat() : [];
  const whole = unreadOf(all);
  return lists.flatMap(({ entries }, index) => {
    const own = told[index] ?? [];
    // If there are too many to quote each, all lists share one text, which then contains their own too: otherwise many lists would cost too much.
    const others =
      all.length - own.length > MOST_STRANGERS
        ? whole
        : unreadOf([...inNoList, ...told.filter((_, other) => other !== index).flat()]);
    const unread = [...unreadOf(own), ...others.map((wording): Wording => ({ ...wording, elsewhere: true }))];
    return entries.map((entry) => (entry === only && entry.standsAlone ? entry : doubted(entry, unread)));
  });
}

interface Visited {
  lists: Array<FeatureList & { nested: boolean }>;
  /** Values in no list that are no known fact: any of them may take back what the lists say. */
  strangers: JsonChild[];
}

/** @param keys the keys that lead to this part of the record; none for the document itself */
function visit(object: JsonObject, path: string, keys: readonly string[], mentions: Mentions): Visited {
  const visited: Visited = { lists: [], strangers: [] };
  const nested = keys.length > 0;
  const dotted: JsonMember[] = [];
  const repeated = repeatedKeys(object);
  for (const part of membersOf(object, path)) {
    const { key, value } = part;
    if (repeated.has(key)) {
      visited.strangers.push(part);
      mentions.addValue(value, part.path, [...keys, key]);
      continue;
    }
    if (isKnownFact(part)) {
      const text = freeTextOf(part);
      if (text !== undefined) mentions.add(part.path, text, [text]);
      continue;
    }
    if (key === REHEARSAL_KEY && value === true) continue;
    const name = dottedName(key);
    if (name !== undefined && isKnownName(name)) {
      dotted.push(part);
      continue;
    }
    const list = listAt(part);
    if (list !== undefined) {
      visited.lists.push({ ...list, nested });
    } else if (!nested && isWrapper(part)) {
      const inside = visit(part.value, part.path, [key], mentions);
      visited.lists.push(...inside.lists);
      visited.strangers.push(...inside.strangers);
    } else {
      visited.strangers.push(...strangersIn(part));
      mentions.addValue(value, part.path, [...keys, key]);
    }
  }
  if (dotted.length > 0) visited.lists.push({ shape: 'F', entries: dottedEntries(dotted), nested });
  return visited;
}

/** @returns whether it wraps a part of the record */
export function isWrapper<Part extends JsonChild>(part: Part): part is Part & { value: JsonObject } {
  const { key, value } = part;
  return value instanceof JsonObject && key !== undefined && WRAPPERS.has(foldName(key));
}

/**
 * The values inside, each with its own place. A fact is still one in a part of a part of the record.
 * @param inRecord whether only parts of the record are above it
 */
function strangersIn(part: JsonChild, inRecord = true): JsonChild[] {
  const children = childrenOf(part.value, part.path);
  if (children.length === 0) return [part];
  if (!inRecord || !isWrapper(part)) return children.flatMap((child) => strangersIn(child, false));
  const repeated = repeatedKeys(part.value);
  return children.flatMap((child) => {
    if (repeated.has(child.key)) return [child];
    return isKnownFact(child) ? [] : strangersIn(child);
  });
}

function listAt(part: JsonMember): FeatureList | undefined {
  const { key, value, path } = part;
  if (hasRepeatedKeys(value)) return undefined;
  const word = foldName(key);
  const general = GENERAL_LIST_KEYS.has(word);
  if (general || LIST_KEYS.has(word)) {
    const list = readList(value, path);
    return general && !list?.entries.some(({ name }) => isKnownName(name)) ? undefined : list;
  }
  if (isHeading(key) && isCategory(part)) return readCategory(part);
  return isKnownName(key) && isPolicy(part) ? { shape: 'E', entries: [policyEntry(part)] } : undefined;
}

/** An unknown name may contain a known one: `no_root_detection`. In an entry that says neither yes nor no, any part may. */
function mentionDoubts({ fact, name, text, words }: Entry, mentions: Mentions): void {
  const saysNothing = fact.presence === 'unknown' && fact.unread === undefined;
  if (saysNothing) mentions.add(fact.where, text, words);
  else if (!isKnownName(name)) mentions.add(fact.where, text, [name]);
}

/** A name that occurs twice with different answers counts as the weaker one in both places (appdome-api.md §7.3: take false). */
function settled(entries: readonly Entry[]): FeatureFact[] {
  const groups = new Map<string, FeatureFact[]>();
  for (const { fact } of entries) {
    const key = normaliseName(fact.name);
    const group = groups.get(key) ?? [];
    group.push(fact);
    groups.set(key, group);
  }
  const said = new Map([...groups].map(([key, facts]) => [key, together(facts)]));
  return entries.map(({ fact, text }) => {
    const { presence, unread } = said.get(normaliseName(fact.name)) ?? fact;
    if (presence === fact.presence) return fact;
    const { unread: _, ...bare } = fact;
    if (presence === 'unknown' && unread !== undefined) return { ...bare, presence, unread };
    const elsewhere = 'said differently elsewhere in the document';
    return { ...bare, presence, rawValue: presence === 'unknown' ? `${text} (${elsewhere})` : elsewhere };
  });
}

/** What all of them say together, and the wording it depends on, if it depends only on wording. */
function together(facts: readonly FeatureFact[]): { presence: Presence; unread?: Wording[] } {
  const presence = facts.map((fact) => fact.presence).reduce(weaker);
  const unread = facts.filter((fact) => fact.presence === 'unknown').map((fact) => fact.unread);
  return unread.every((wording) => wording !== undefined)
    ? { presence, unread: [...new Set(unread.flat())] }
    : { presence };
}
