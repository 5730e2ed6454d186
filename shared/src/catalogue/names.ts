/**
 * What a required name means: which protection, which printed names prove it, which listeners belong to it.
 *
 * Only what was seen on a certificate, or is the same words, may prove presence (design, rule 6). A protection that was never seen printed
 * is looked for under its own words. Names that were joined to it by meaning say which one is meant, and prove nothing.
 */
import type { Platform } from '../model/run-request.ts';
import { normaliseName } from '../text/normalise.ts';
import { type CatalogueEntry, catalogue, entryTitle, mayBeOn } from './catalogue.ts';
import { type IndexedName, lookUpChoice, lookUpName, type NameChoice, otherNames } from './name-index.ts';
import { COUNTERPARTS } from './synonyms.ts';

export { compactName, normaliseName } from '../text/normalise.ts';

/** A protection as it is looked for. All names as the sources spell them; compare them by `normaliseName`. */
export interface KnownProtection {
  kind: 'known';
  /** What to write for it, and its key where that is certain. */
  feature: { name: string; key?: string };
  /** Printed names that prove presence. */
  proofs: string[];
  /** Threat-Event names whose missing listener concerns it. Every pairing counts: more listeners are stricter. */
  events: string[];
  /** Printed names of the same area, which prove nothing; for messages. */
  related: string[];
  /** Those of `related` that are keys: what certificates print for it, by meaning, where its Threat-Events are off. */
  elsewhere: string[];
  /** Names whose denial speaks against it: `proofs`, and those that are joined to it by meaning only. */
  mentions: string[];
  /** `seen` = a real certificate prints one of `proofs`. */
  printing: 'seen' | 'not-seen';
  /** It supports protections and is not one. */
  component: boolean;
  /** The name that was asked for is not its own: a Threat-Event's, an older one, what people say. */
  otherName: boolean;
  /** It was seen on certificates of another platform only, and nothing says that this one does not have it. */
  platformDoubt: boolean;
}

export type NameResolution =
  | KnownProtection
  | ({ kind: 'choice' } & NameChoice)
  | { kind: 'other-platform'; feature: { name: string }; platforms: Platform[]; counterpart?: string }
  | { kind: 'retired'; feature: { name: string }; date: string; successor?: string }
  /** `nearestNames` has names to write instead. */
  | { kind: 'unknown' };

function listenerNames(entry: CatalogueEntry): string[] {
  return entry.events.filter((event) => event.direction !== 'input').map((event) => event.name);
}

type WithoutWay = Omit<KnownProtection, 'otherName' | 'platformDoubt'>;

function knownByName(entry: CatalogueEntry): WithoutWay {
  const name = entryTitle(entry);
  // A key whose pairing with a display name is by meaning stands for itself only.
  const inferredKey = entry.keyPairing === 'inferred' && entry.key !== undefined ? [entry.key] : [];
  const key = inferredKey.length > 0 ? undefined : entry.key;
  const proofs = key === undefined || key === name ? [name] : [name, key];
  const elsewhere = [...inferredKey, ...entry.relatedKeys];
  const words = entry.suggestedName === undefined ? [] : [entry.suggestedName];
  return {
    kind: 'known',
    feature: key === undefined ? { name } : { name, key },
    proofs,
    events: listenerNames(entry),
    related: elsewhere,
    elsewhere,
    mentions: [...proofs, ...words, ...inferredKey, ...otherNames(entry)],
    printing: entry.confidence === 'certificate' ? 'seen' : 'not-seen',
    component: entry.component === true && inferredKey.length === 0,
  };
}

/** A key that is joined to a display name by meaning: it is the plugin or parameter itself, whatever protection that is. */
function knownByKey(entry: CatalogueEntry, key: string): WithoutWay {
  if (entry.name === undefined || entry.keyPairing === 'lexical') return knownByName(entry);
  return {
    kind: 'known',
    feature: { name: key, key },
    proofs: [key],
    // The listeners belong to the display name, which this key does not prove.
    events: [],
    related: [entry.name],
    elsewhere: [],
    mentions: [key],
    printing: 'seen',
    component: entry.component === true,
  };
}

const OWN: ReadonlySet<IndexedName['as']> = new Set(['display', 'key', 'suggested']);

/**
 * @param name a display name, an internal key, a Threat-Event name or what people say; case, ™, hyphens, underscores and blanks do not matter
 * @param platform of the app, where it is known
 */
export function resolveName(name: string, platform?: Platform): NameResolution {
  const found = lookUpName(name);
  if (found === undefined) {
    const choice = lookUpChoice(name);
    return choice ? { kind: 'choice', ...choice } : { kind: 'unknown' };
  }
  const { entry } = found;
  if (entry.retired !== undefined) {
    const { date, successor } = entry.retired;
    const feature = { name: entryTitle(entry) };
    return successor === undefined ? { kind: 'retired', feature, date } : { kind: 'retired', feature, date, successor };
  }
  const known = found.as === 'key' ? knownByKey(entry, found.key) : knownByName(entry);
  if (!mayBeOn(entry, platform)) {
    const { name: title } = known.feature;
    const counterpart = COUNTERPARTS.find((pair) => pair.includes(title))?.find((other) => other !== title);
    const platforms = entry.platforms ?? [];
    return {
      kind: 'other-platform',
      feature: { name: title },
      platforms,
      ...(counterpart === undefined ? {} : { counterpart }),
    };
  }
  const platformDoubt = platform !== undefined && entry.platforms?.includes(platform) === false;
  return { ...known, otherName: !OWN.has(found.as), platformDoubt };
}

/** @returns display name and key of the protection that a name proves where a certificate prints it; undefined where the catalogue has none */
export function featureOfPrintedName(printed: string): { name: string; key?: string } | undefined {
  const known = resolveName(printed);
  const proves =
    known.kind === 'known' && known.proofs.some((proof) => normaliseName(proof) === normaliseName(printed));
  return proves ? known.feature : undefined;
}

/** Whether a name, written or printed, is that of something which supports protections and is not one. */
export function isComponent(name: string): boolean {
  const known = resolveName(name);
  return known.kind === 'known' && known.component;
}

/**
 * What may tell how a printed name acts: the display names that it is joined to, by meaning too, and their listeners. A listener that
 * is looked for in vain fails a gate, so that more pairings are stricter.
 */
export function actsUnderKey(printed: string): { names: string[]; events: string[] } {
  const form = normaliseName(printed);
  const entries = catalogue.entries.filter((entry) =>
    [entry.key, entry.name, entry.suggestedName].some((name) => name !== undefined && normaliseName(name) === form),
  );
  return {
    names: entries.flatMap((entry) => [entry.name, entry.key].filter((name) => name !== undefined)),
    events: entries.flatMap(listenerNames),
  };
}
