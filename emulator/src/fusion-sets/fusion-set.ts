import {
  array,
  boolean,
  enum as enumeration,
  type infer as Infer,
  literal,
  optional,
  regex,
  strictObject,
  string,
  union,
} from 'zod/mini';

const text = string().check(regex(/\S/, 'must not be empty'));
const uuid = string().check(regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'must be a UUID'));

/** One line of a Fusion Set. The same key may come twice, with two display names: `secure_communication` prints two lines. */
export const fusionFeatureSchema = strictObject({
  /** Internal key, e.g. `root_detection`. */
  key: text,
  /** Heading on the certificate; `Other` = the block of shared parts at the end. */
  category: text,
  role: enumeration(['plugin', 'parameter']),
  /** Name of the threat intelligence line; without it the line is left out. */
  displayName: optional(text),
  /** Threat-Events mode; without it Threat-Events is off. */
  mode: optional(text),
  /** Name of the Threat-Event that it sends in this mode. */
  event: optional(text),
});

/** What POST /__emulator/fusion-sets takes. */
export const fusionSetSchema = strictObject({
  id: uuid,
  name: text,
  platform: enumeration(['android', 'ios']),
  annotation: optional(string()),
  /** ISO 8601. */
  modifiedAt: optional(string().check(regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, 'must be ISO 8601 in UTC'))),
  features: array(fusionFeatureSchema),
  /** Threat-Event names that the app allegedly does not listen for. `search`: those of the set that do not occur in the app. */
  missingListeners: optional(union([array(text), literal('search')])),
  /** The playground set of an account: refused by the API (appdome-api.md §1.5). */
  playground: optional(boolean()),
  /** The only team that may use it, as for a set that was released to a team (§3.19); absent = every team. */
  teamId: optional(text),
});

export type FusionFeature = Infer<typeof fusionFeatureSchema>;
export type FusionSet = Infer<typeof fusionSetSchema>;

/** The Threat-Events that the set switches on. */
export function eventsOf({ features }: Pick<FusionSet, 'features'>): string[] {
  return [...new Set(features.flatMap(({ mode, event }) => (mode === undefined ? [] : (event ?? []))))];
}

/** The set with this id that a team may use, playground sets included. */
export function usableSet(sets: readonly FusionSet[], id: string, teamId: string): FusionSet | undefined {
  return sets.find(
    (set) =>
      set.id.toLowerCase() === id.toLowerCase() && (set.teamId === undefined || set.teamId.toLowerCase() === teamId),
  );
}
