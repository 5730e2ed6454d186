/**
 * What a required name means: which protection it is, which printed names prove it, which listeners belong to it.
 *
 * Only a name that was seen on a certificate, or that has the same words, may prove presence (design, rule 6). A protection that was never
 * seen on a certificate is looked for under its own words. Names matched to it by meaning tell which protection is meant, and prove
 * nothing.
 */
import { defined } from '../model/defined.ts';
import type { Platform } from '../model/run-request.ts';
import { normaliseName } from '../text/normalise.ts';
import { type CatalogueEntry, catalogue, entryTitle, mayBeOn } from './catalogue.ts';
import { type IndexedName, lookUpChoice, lookUpName, type NameChoice, otherNames } from './name-index.ts';
import { COUNTERPARTS } from './synonyms.ts';

export { compactName, normaliseName } from '../text/normalise.ts';

/** What to look for to find a protection. Names are spelt as in the sources; compare them with `normaliseName`. */
export interface KnownProtection {
  kind: 'known';
  /** What to write for it, and its key if that is certain. */
  feature: { name: string; key?: string };
  /** Printed names that prove presence. */
  proofs: string[];
  /** Threat-Event names whose missing listener affects it. Every pairing counts: more listeners are stricter. */
  events: string[];
  /** Printed names from the same area. For messages only; they prove nothing. */
  related: string[];
  /**
   * Those of `related` that certificates may print for it while its Threat-Events are off. Excludes a key that another protection prints
   * for itself.
   */
  elsewhere: string[];
  /** Names whose denial counts against it: `proofs`, and those matched by meaning only. */
  mentions: string[];
  /** `seen` = a real certificate prints one of `proofs`. */
  printing: 'seen' | 'not-seen';
  /** A component: it only supports protections. */
  component: boolean;
  /** The requested name is not its own: a Threat-Event's, an older name, a synonym. */
  otherName: boolean;
  /** The only platforms it is known for; absent = any platform. */
  onlyOn?: OnlyOn;
  /** Seen only on certificates of the other platform, but nothing says that this one lacks it. */
  platformDoubt: boolean;
}

export interface OnlyOn {
  platforms: Platform[];
  /** The protection that does the same on the other platform. */
  counterpart?: string;
}

export type NameResolution =
  | KnownProtection
  /** `names` are those that may exist on the platform; empty if all belong to the other one. */
  | ({ kind: 'choice' } & NameChoice)
  | ({ kind: 'other-platform'; feature: { name: string } } & OnlyOn)
  | { kind: 'retired'; feature: { name: string }; date: string; successor?: string }
  /** `nearestProtections` suggests names to write instead. */
  | { kind: 'unknown' };

let ownKeys: ReadonlySet<string> | undefined;

/**
 * Whether a key belongs to a protection that certificates also print by its display name: such a key means only that protection. A
 * protection without Threat-Events has no line of its own, so its key may stand for others from its area.
 */
function isOwnKey(key: string): boolean {
  ownKeys ??= new Set(
    catalogue.entries
      .filter(({ keyPairing, events }) => keyPairing === 'lexical' && events.length > 0)
      .flatMap((entry) => entry.key ?? []),
  );
  return ownKeys.has(key);
}

function listenerNames(entry: CatalogueEntry): string[] {
  return entry.events.filter((event) => event.direction !== 'input').map((event) => event.name);
}

type WithoutWay = Omit<KnownProtection, 'otherName' | 'onlyOn' | 'platformDoubt'>;

function knownByName(entry: CatalogueEntry): WithoutWay {
  const name = entryTitle(entry);
  // A key that is paired with a display name by meaning stands only for itself.
  const inferredKey = entry.keyPairing === 'inferred' && entry.key !== undefined ? [entry.key] : [];
  const key = inferredKey.length > 0 ? undefined : entry.key;
  const proofs = key === undefined || key === name ? [name] : [name, key];
  const related = [...inferredKey, ...entry.relatedKeys];
  const words = entry.suggestedName === undefined ? [] : [entry.suggestedName];
  return {
    kind: 'known',
    feature: { name, ...defined({ key }) },
    proofs,
    events: listenerNames(entry),
    related,
    elsewhere: related.filter((one) => !isOwnKey(one)),
    mentions: [...proofs, ...words, ...inferredKey, ...entry.aliases, ...otherNames(entry)],
    printing: entry.confidence === 'certificate' ? 'seen' : 'not-seen',
    component: entry.component === true && inferredKey.length === 0,
  };
}

/** A key that is matched to a display name by meaning means the plugin or parameter itself, whatever protection that is. */
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

const PLATFORMS: readonly Platform[] = ['android', 'ios'];

const OWN: ReadonlySet<IndexedName['as']> = new Set(['display', 'key', 'suggested']);

/**
 * @param name a display name, an internal key, a Threat-Event name or a synonym; case, ™, hyphens, underscores and blanks do not matter
 * @param platform of the app, if known
 */
export function resolveName(name: string, platform?: Platform): NameResolution {
  const found = lookUpName(name);
  if (found === undefined) {
    const choice = lookUpChoice(name);
    if (choice === undefined) return { kind: 'unknown' };
    const names = choice.names.filter((one) => resolveName(one, platform).kind === 'known');
    return { kind: 'choice', ...choice, names };
  }
  const { entry } = found;
  if (entry.retired !== undefined) {
    const { date, successor } = entry.retired;
    return { kind: 'retired', feature: { name: entryTitle(entry) }, date, ...defined({ successor }) };
  }
  const known = found.as === 'key' ? knownByKey(entry, found.key) : knownByName(entry);
  const only = onlyOn(entry, known.feature.name);
  if (!mayBeOn(entry, platform) && only)
    return { kind: 'other-platform', feature: { name: known.feature.name }, ...only };
  const platformDoubt = platform !== undefined && entry.platforms?.includes(platform) === false;
  return { ...known, ...defined({ onlyOn: only }), otherName: !OWN.has(found.as), platformDoubt };
}

function onlyOn(entry: CatalogueEntry, title: string): OnlyOn | undefined {
  const platforms = PLATFORMS.filter((platform) => mayBeOn(entry, platform));
  if (platforms.length === PLATFORMS.length) return undefined;
  const counterpart = COUNTERPARTS.find((pair) => pair.includes(title))?.find((other) => other !== title);
  return { platforms, ...defined({ counterpart }) };
}

/** @returns display name and key of the protection that a printed name proves; undefined if the catalogue has none */
export function featureOfPrintedName(printed: string): { name: string; key?: string } | undefined {
  const known = resolveName(printed);
  const proves =
    known.kind === 'known' && known.proofs.some((proof) => normaliseName(proof) === normaliseName(printed));
  return proves ? known.feature : undefined;
}

/** Whether a name, written or printed, is that of a component, which only supports protections. */
export function isComponent(name: string): boolean {
  const known = resolveName(name);
  return known.kind === 'known' && known.component;
}

/**
 * What may tell how a printed name acts: the display names matched to it, by meaning too, and their listeners. A missing listener fails a
 * gate, so more pairings are stricter.
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
