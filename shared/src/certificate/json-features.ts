/**
 * Feature lists in the JSON, at the top or one level down, and what they say together.
 */
import { normaliseName } from '../catalogue/normalise.ts';
import type { FeatureFact, Presence } from './certificate.ts';
import { weakest } from './json-presence.ts';
import { isListKey, type JsonShape, neverCounts, type Place, type Recognised, recognise } from './json-shapes.ts';
import { JsonObject, step } from './json-tree.ts';

export interface JsonFeatures {
  /** Empty = no list was recognised. */
  shapes: JsonShape[];
  /** A list was found one level down. */
  nested: boolean;
  features: FeatureFact[];
}

/** Looks for lists, reads them, and settles what they say differently. */
export function readJsonFeatures(root: JsonObject): JsonFeatures {
  const found: Array<Recognised & { depth: number }> = [];
  const visit = (place: Place): void => {
    const recognised = recognise(place);
    if (recognised !== undefined) {
      found.push({ ...recognised, depth: place.depth });
      return;
    }
    if (!(place.value instanceof JsonObject) || place.depth >= 2) return;
    for (const { key, value } of place.value.members) {
      if (!neverCounts(key)) visit({ value, key, path: place.path + step(key), depth: place.depth + 1 });
    }
  };
  visit({ value: root, key: undefined, path: '$', depth: 0 });
  // What stands in the document itself does not hide a list below it.
  if (found.some(({ depth }) => depth === 0)) {
    for (const { key, value } of root.members) {
      if (!neverCounts(key) && isListKey(key)) visit({ value, key, path: `$${step(key)}`, depth: 1 });
    }
  }
  return {
    shapes: [...new Set(found.map(({ shape }) => shape))].sort(),
    nested: found.some(({ depth }) => depth === 2),
    features: settled(found.flatMap(({ features }) => features).filter(({ name }) => name !== '')),
  };
}

/** One name said twice and differently is as strong as the weakest of them, in every place (appdome-api.md §7.3: take false). */
function settled(features: readonly FeatureFact[]): FeatureFact[] {
  const said = new Map<string, Presence>();
  for (const { name, presence } of features) {
    const key = normaliseName(name);
    said.set(key, weakest([presence, said.get(key) ?? presence]) ?? presence);
  }
  return features.map((feature) => {
    const presence = said.get(normaliseName(feature.name)) ?? feature.presence;
    if (presence === feature.presence) return feature;
    return { ...feature, presence, rawValue: feature.rawValue ?? 'said differently elsewhere in the document' };
  });
}
