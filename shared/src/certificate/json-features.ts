/**
 * Feature lists in the JSON, at the top or one level down, and what they say together.
 */
import { normaliseName } from '../catalogue/normalise.ts';
import type { CertificateDocument, FeatureFact, Presence } from './certificate.ts';
import { weakest } from './json-presence.ts';
import { type JsonShape, leadsToLists, neverCounts, type Place, type Recognised, recognise } from './json-shapes.ts';
import { JsonObject, step } from './json-tree.ts';

export interface JsonFeatures {
  /** Of the lists under known keys. Empty = no list was recognised. */
  shapes: JsonShape[];
  /** A list was found one level down. */
  nested: boolean;
  features: FeatureFact[];
  unknownLists: NonNullable<CertificateDocument['unknownLists']>;
}

/** Looks for lists, reads them, and settles what they say differently. */
export function readJsonFeatures(root: JsonObject): JsonFeatures {
  const found: Array<Recognised & { depth: number; path: string }> = [];
  const denied: FeatureFact[] = [];
  const visit = (place: Place): void => {
    const recognised = recognise(place);
    if (recognised !== undefined) found.push({ ...recognised, depth: place.depth, path: place.path });
    if (!(place.value instanceof JsonObject)) return;
    denied.push(...deniedBeside(place, place.value, recognised));
    if (place.depth >= 2) return;
    const belowUnknownKey = !leadsToLists(place);
    for (const { key, value } of place.value.members) {
      // What stands beside the entries may be a list of its own, and may say no: entries do not hide it.
      const isRead = recognised !== undefined && (recognised.keys?.has(key) ?? true);
      if (isRead || neverCounts(key)) continue;
      visit({ value, key, path: place.path + step(key), depth: place.depth + 1, belowUnknownKey });
    }
  };
  visit({ value: root, key: undefined, path: '$', depth: 0 });
  const known = found.filter(({ underUnknownKey }) => underUnknownKey !== true);
  const unknown = found.filter(({ underUnknownKey }) => underUnknownKey === true);
  return {
    shapes: [...new Set(known.map(({ shape }) => shape))].sort(),
    nested: known.some(({ depth }) => depth === 2),
    features: withUnproven(namedIn(known), [...namedIn(unknown), ...denied]),
    unknownLists: unknown
      .map(({ path, features }) => ({ where: path, names: features.length }))
      .filter(({ names }) => names > 0),
  };
}

/** Two shapes in one object are no shape that is known, but a "no" in the second one is a "no". */
function deniedBeside(place: Place, { members }: JsonObject, first: Recognised | undefined): FeatureFact[] {
  const { keys } = first ?? {};
  if (keys === undefined) return [];
  const rest = new JsonObject();
  rest.members.push(...members.filter(({ key }) => !keys.has(key)));
  const second = recognise({ ...place, value: rest });
  return (second?.features ?? []).filter(({ name, presence }) => name !== '' && presence === 'absent');
}

function namedIn(lists: readonly Recognised[]): FeatureFact[] {
  return lists.flatMap(({ features }) => features).filter(({ name }) => name !== '');
}

/**
 * Adds what stands under unknown keys. A "no" speaks against a protection wherever it stands; all else proves nothing, and takes nothing
 * from what a known key says either.
 */
function withUnproven(known: readonly FeatureFact[], underUnknownKeys: readonly FeatureFact[]): FeatureFact[] {
  const proven = new Set(known.map(({ name }) => normaliseName(name)));
  const denied = underUnknownKeys.filter(({ presence }) => presence === 'absent');
  const unproven = underUnknownKeys
    .filter(({ name, presence }) => presence !== 'absent' && !proven.has(normaliseName(name)))
    .map(({ threatEvents: _, ...rest }): FeatureFact => {
      return { ...rest, presence: 'unknown', rawValue: 'listed under a key that is not known' };
    });
  return settled([...known, ...denied, ...unproven]);
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
