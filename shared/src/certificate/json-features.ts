/**
 * Feature lists in the JSON, what they say together, and every value that is part of none of them.
 *
 * A list proves where it stands under a key that announces one, in the document itself or in a part of the record one level down, and where
 * every scalar beside it on the way down is a fact that we know: `"status": "revoked"` may speak of all of it. Everywhere else a name is only
 * mentioned.
 */

import { FACT_NAMES, type FeatureFact, type Presence, type Wording } from '../model/certificate.ts';
import { normaliseName } from '../text/normalise.ts';
import { Mentions } from './json-mentions.ts';
import { foldName, isKnownName } from './json-names.ts';
import { isHeading, speaks, weaker } from './json-presence.ts';
import {
  dottedEntries,
  dottedName,
  doubted,
  type Entry,
  type FeatureList,
  isCategory,
  type JsonShape,
  policyEntry,
  readCategory,
  readList,
  unreadOf,
} from './json-shapes.ts';
import { childrenOf, type JsonChild, JsonObject, jsonText } from './json-tree.ts';

export interface JsonFeatures {
  /** Empty = no list was recognised. */
  shapes: JsonShape[];
  /** A list was found one level down. */
  nested: boolean;
  features: FeatureFact[];
  mentions: Mentions;
}

/** Keys that announce a list of protections by themselves; the second ones do only where a known name stands in the list. */
const LIST_KEYS = new Set(['features', 'plugins', 'protections', 'parameters']);
const GENERAL_LIST_KEYS = new Set(['security', 'services', 'items']);
/** Keys that wrap a part of the record (appdome-api.md §7.2). */
const WRAPPERS = new Set(['build', 'app', 'fusion_set', 'signing', 'certificate', 'info', 'details']);
const FACT_KEYS = new Set<string>(FACT_NAMES);
/** What the embedded service says about itself. */
const REHEARSAL_MARK = 'synthetic_rehearsal';
/** Keys that say where something stands. */
export const PLACE_KEYS: readonly string[] = [...LIST_KEYS, ...GENERAL_LIST_KEYS, ...WRAPPERS, REHEARSAL_MARK];

export function readJsonFeatures(root: JsonObject): JsonFeatures {
  const mentions = new Mentions();
  const found = visit(root, '$', [], mentions);
  const entries = found.flatMap((list) => list.entries);
  for (const entry of entries) mentionDoubts(entry, mentions);
  return {
    shapes: [...new Set(found.map(({ shape }) => shape))].sort(),
    nested: found.some(({ nested }) => nested),
    features: settled(entries.filter(({ name }) => name.trim() !== '')),
    mentions,
  };
}

type FoundList = FeatureList & { nested: boolean };

/** @param keys those of the part of the record that it is; none for the document itself */
function visit(object: JsonObject, path: string, keys: readonly string[], mentions: Mentions): FoundList[] {
  const found: FoundList[] = [];
  const nested = keys.length > 0;
  const dotted: JsonChild[] = [];
  const strangers: JsonChild[] = [];
  for (const part of childrenOf(object, path)) {
    const { key = '', value } = part;
    const isScalar = typeof value !== 'object' || value === null;
    if (isScalar && FACT_KEYS.has(key)) continue;
    if (key === REHEARSAL_MARK && value === true) continue;
    if (isKnownName(dottedName(key) ?? '')) {
      dotted.push(part);
      continue;
    }
    const list = listAt(part);
    if (list !== undefined) {
      found.push({ ...list, nested });
    } else if (!nested && WRAPPERS.has(foldName(key)) && value instanceof JsonObject) {
      found.push(...visit(value, part.path, [key], mentions));
    } else {
      if (isScalar) strangers.push(part);
      mentions.addValue(value, part.path, [...keys, key]);
    }
  }
  if (dotted.length > 0) found.push({ shape: 'F', entries: dottedEntries(dotted), nested });
  const unread = unreadOf(strangers.map(({ path: where, value }) => ({ where, text: jsonText(value) })));
  return found.map((list) => ({ ...list, entries: list.entries.map((entry) => doubted(entry, unread)) }));
}

function listAt(part: JsonChild): FeatureList | undefined {
  const { key = '', value, path } = part;
  const word = foldName(key);
  const general = GENERAL_LIST_KEYS.has(word);
  if (general || LIST_KEYS.has(word)) {
    const list = readList(value, path);
    return general && !list?.entries.some(({ name }) => isKnownName(name)) ? undefined : list;
  }
  if (isHeading(key) && isCategory(part)) return readCategory(part);
  return isKnownName(key) && speaks(value) ? { shape: 'E', entries: [policyEntry(part)] } : undefined;
}

/** A name that is not known may hold one that is: `no_root_detection`. Of an entry that says nothing all of it may. */
function mentionDoubts({ fact, name, text, words }: Entry, mentions: Mentions): void {
  const saysNothing = fact.presence === 'unknown' && fact.unread === undefined;
  if (saysNothing) mentions.add(fact.where, text, words);
  else if (!isKnownName(name)) mentions.add(fact.where, text, [name]);
}

/** One name said twice and differently is as strong as the weakest of them, in every place (appdome-api.md §7.3: take false). */
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

/** What all of them say, and the wording that it depends on where it depends on wording alone. */
function together(facts: readonly FeatureFact[]): { presence: Presence; unread?: Wording[] } {
  const presence = facts.map((fact) => fact.presence).reduce(weaker);
  const unknown = facts.filter((fact) => fact.presence === 'unknown');
  const dependsOnWording = unknown.every(({ unread }) => unread !== undefined);
  return dependsOnWording
    ? { presence, unread: [...new Set(unknown.flatMap(({ unread = [] }) => unread))] }
    : { presence };
}
