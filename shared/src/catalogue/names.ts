/**
 * What a required name means: which protection, which printed names prove it, which listeners belong to it.
 *
 * Only what was seen on a certificate, or is the same words, may prove presence. A name that was joined by meaning is answered
 * with the name to write instead (design, rule 3).
 */
import type { Platform } from '../options/run-request.ts';
import { type CatalogueEntry, catalogue, entryTitle } from './catalogue.ts';
import { type IndexedName, lookUpName } from './name-index.ts';
import { nearestNames } from './nearest-names.ts';
import { normaliseName } from './normalise.ts';

export { compactName, normaliseName } from './normalise.ts';

export type NameResolution =
  | {
      kind: 'known';
      /** Display name, or the key itself where no display name may stand for it. */
      feature: { name: string; key?: string };
      /** Printed names that prove presence; compare them by `normaliseName`. */
      proofs: string[];
      /** Threat-Event names whose missing listener concerns this protection. Every pairing counts: more listeners are stricter. */
      events: string[];
      /** Printed names of the same area, which prove nothing; for messages. */
      related: string[];
      /** It was seen on other platforms only. Not proof that it does not exist on this one. */
      platformDoubt: boolean;
    }
  | {
      kind: 'inferred';
      /** Why the name cannot prove anything, one sentence without a full stop. */
      message: string;
      /** Names to write instead; empty where none has been seen printed. */
      suggestions: string[];
      events: string[];
    }
  | { kind: 'retired'; feature: { name: string }; date: string; successor?: string }
  | { kind: 'unknown'; suggestions: string[] };

function listenerNames(entry: CatalogueEntry): string[] {
  return entry.events.filter((event) => event.direction !== 'input').map((event) => event.name);
}

function platformDoubt(entry: CatalogueEntry, platform: Platform | undefined): boolean {
  return platform !== undefined && entry.platforms !== undefined && !entry.platforms.includes(platform);
}

/** A key whose pairing with a display name is by meaning stands for itself only. */
function ownKey(entry: CatalogueEntry): string | undefined {
  return entry.keyPairing === 'inferred' ? undefined : entry.key;
}

function knownByName(entry: CatalogueEntry, platform: Platform | undefined): NameResolution {
  const key = ownKey(entry);
  const name = entryTitle(entry);
  const inferredKey = key === undefined && entry.key !== undefined ? [entry.key] : [];
  return {
    kind: 'known',
    feature: key === undefined ? { name } : { name, key },
    proofs: key === undefined || key === name ? [name] : [name, key],
    events: listenerNames(entry),
    related: [...inferredKey, ...entry.relatedKeys],
    platformDoubt: platformDoubt(entry, platform),
  };
}

function knownByKey(entry: CatalogueEntry, key: string, platform: Platform | undefined): NameResolution {
  if (entry.name !== undefined && entry.keyPairing === 'lexical') return knownByName(entry, platform);
  return {
    kind: 'known',
    feature: { name: key, key },
    proofs: [key],
    // The listeners belong to the display name, which this key does not prove.
    events: entry.name === undefined ? listenerNames(entry) : [],
    related: entry.name === undefined ? [] : [entry.name],
    platformDoubt: platformDoubt(entry, platform),
  };
}

function inferred(asked: string, found: IndexedName): NameResolution {
  const { entry } = found;
  const { name } = entry;
  const events = listenerNames(entry);
  const suggestions = name === undefined ? (entry.key === undefined ? [] : [entry.key]) : [name];
  if (name === undefined) {
    const what =
      found.as === 'inferred-event' ? `is a Threat-Event, not a protection` : 'is known from public code only';
    const message = `'${asked}' ${what}; how a certificate prints its protection (${entry.suggestedName ?? asked}) has not been seen`;
    return { kind: 'inferred', message, suggestions, events };
  }
  const what =
    found.as === 'inferred-event'
      ? `is a Threat-Event, joined to '${name}'`
      : `is another name seen for '${name}', joined`;
  return {
    kind: 'inferred',
    message: `'${asked}' ${what} by meaning only, so it cannot prove it`,
    suggestions,
    events,
  };
}

/**
 * @param name a display name, an internal key or a Threat-Event name; case, ™, hyphens, underscores and blanks do not matter
 * @param platform of the app, where it is known
 */
export function resolveName(name: string, platform?: Platform): NameResolution {
  const found = lookUpName(name);
  if (found === undefined) return { kind: 'unknown', suggestions: nearestNames(name) };
  const { entry } = found;
  if (entry.retired !== undefined) {
    const { date, successor } = entry.retired;
    const feature = { name: entryTitle(entry) };
    return successor === undefined ? { kind: 'retired', feature, date } : { kind: 'retired', feature, date, successor };
  }
  switch (found.as) {
    case 'display':
    case 'event':
      return knownByName(entry, platform);
    case 'key':
      return knownByKey(entry, found.key, platform);
    default:
      return inferred(name, found);
  }
}

/** @returns display name and key of a name as a certificate prints it; undefined where the catalogue has none */
export function featureOfPrintedName(printed: string): { name: string; key?: string } | undefined {
  const resolution = resolveName(printed);
  return resolution.kind === 'known' ? resolution.feature : undefined;
}

/**
 * What may tell how a printed name acts: the display names that it is joined to, by meaning too, and their listeners. A listener that
 * is looked for in vain fails a gate, so that more pairings are stricter.
 */
export function actsUnderKey(printed: string): { names: string[]; events: string[] } {
  const form = normaliseName(printed);
  const entries = catalogue.entries.filter((entry) =>
    [entry.key, entry.name].some((name) => name !== undefined && normaliseName(name) === form),
  );
  return {
    names: entries.flatMap((entry) => [entry.name, entry.key].filter((name) => name !== undefined)),
    events: entries.flatMap(listenerNames),
  };
}
