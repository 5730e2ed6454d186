/**
 * Feature lists in the JSON, what they say together, and every key and text that is part of none of them.
 *
 * A list proves where it stands under a key that announces one, in the document itself or in a part of the record one level down. Everywhere
 * else a name is only mentioned.
 */

import { FACT_NAMES, type FeatureFact, type Presence } from '../model/certificate.ts';
import { normaliseName } from '../text/normalise.ts';
import { Mentions } from './json-mentions.ts';
import { foldName, isKnownName } from './json-names.ts';
import { isHeading, speaks, weaker } from './json-presence.ts';
import {
  dottedEntries,
  dottedName,
  type Entry,
  type FeatureList,
  isCategory,
  type JsonShape,
  policyEntry,
  readCategory,
  readList,
} from './json-shapes.ts';
import { childrenOf, type JsonChild, JsonObject } from './json-tree.ts';

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
/** What the embedded service says of itself. */
const REHEARSAL_MARK = 'synthetic_rehearsal';
/** Keys that say where something stands. */
export const PLACE_KEYS: readonly string[] = [...LIST_KEYS, ...GENERAL_LIST_KEYS, ...WRAPPERS, REHEARSAL_MARK];

export function readJsonFeatures(root: JsonObject): JsonFeatures {
  const found: FoundList[] = [];
  const mentions = new Mentions();
  visit(root, '$', 0, found, mentions);
  const entries = found.flatMap((list) => list.entries);
  for (const entry of entries) mentionDoubts(entry, mentions);
  return {
    shapes: [...new Set(found.map(({ shape }) => shape))].sort(),
    nested: found.some(({ nested }) => nested),
    features: settled(entries.filter(({ name }) => name.trim() !== '').map(({ fact }) => fact)),
    mentions,
  };
}

type FoundList = FeatureList & { nested: boolean };

function visit(object: JsonObject, path: string, depth: 0 | 1, found: FoundList[], mentions: Mentions): void {
  const dotted: JsonChild[] = [];
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
      found.push({ ...list, nested: depth === 1 });
    } else if (depth === 0 && WRAPPERS.has(foldName(key)) && value instanceof JsonObject) {
      visit(value, part.path, 1, found, mentions);
    } else {
      mentionPart(part, mentions);
    }
  }
  if (dotted.length > 0) found.push({ shape: 'F', entries: dottedEntries(dotted), nested: depth === 1 });
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

function mentionPart({ key, value, path }: JsonChild, mentions: Mentions): void {
  if (key !== undefined) mentions.add(key, path);
  mentions.addValue(value, path);
}

/** A name that is not known may hold one that is: `no_root_detection`. */
function mentionDoubts({ fact, name, parts }: Entry, mentions: Mentions): void {
  if (fact.presence === 'unknown') for (const part of parts) mentionPart(part, mentions);
  else if (!isKnownName(name)) mentions.add(name, fact.where);
}

/** One name said twice and differently is as strong as the weakest of them, in every place (appdome-api.md §7.3: take false). */
function settled(features: readonly FeatureFact[]): FeatureFact[] {
  const said = new Map<string, Presence>();
  for (const { name, presence } of features) {
    const key = normaliseName(name);
    said.set(key, weaker(presence, said.get(key) ?? presence));
  }
  return features.map((feature) => {
    const presence = said.get(normaliseName(feature.name)) ?? feature.presence;
    if (presence === feature.presence) return feature;
    return { ...feature, presence, rawValue: feature.rawValue ?? 'said differently elsewhere in the document' };
  });
}
