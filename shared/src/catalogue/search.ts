/** `fusegate features [QUERY]` and the reference page: the catalogue as rows that say what the gate does with each name. */
import { defined } from '../model/defined.ts';
import type { Platform } from '../model/run-request.ts';
import { compactName, normaliseName } from '../text/normalise.ts';
import { type CatalogueConfidence, type CatalogueEntry, catalogue, entryTitle, mayBeOn } from './catalogue.ts';
import { otherNames } from './name-index.ts';
import { resolveName } from './names.ts';
import { mayMean, nameDistance } from './nearest-protections.ts';

/** One name that can be required. */
export interface CatalogueRow {
  /** What to write. */
  name: string;
  /** The key that proves it; absent if none is known for certain. */
  key?: string;
  /** Printed names that prove it. */
  lookedFor: string[];
  /** Keys that certificates print near it, or that match it by meaning only. They do not prove it. */
  seenNear: string[];
  /** Whether a real certificate prints it. */
  printing: 'seen' | 'not-seen';
  category?: string;
  /** Empty = the sources name no platform. */
  platforms: Platform[];
  /** It may exist on other platforms too; absent = only on the platforms named. */
  platformsOpen?: true;
  /** Threat-Event names. */
  events: string[];
  /** Names that lead to it. */
  alsoCalled: string[];
  confidence: CatalogueConfidence;
  /** A component that only supports protections: a policy with nothing but such names requires nothing. */
  component: boolean;
  /** When Appdome retired it; it cannot be required any more. */
  retired?: { date: string; successor?: string };
  /** Sentences about what is known of it. */
  note?: string;
}

/** Where a fact comes from, in words. */
export const CONFIDENCE_WORDS: Record<CatalogueConfidence, string> = {
  certificate: 'a real certificate',
  kb: "Appdome's documentation",
  'kb-mention': "a mention in Appdome's documentation",
  'kb-old': "old pages of Appdome's documentation",
  code: 'public code only',
};
const STRONGEST_FIRST = Object.keys(CONFIDENCE_WORDS);

/** Distance of a row that the query means by another name. */
const SAME = 0.05;
/** Distance of a row whose own name contains the query. */
const HOLDS = 0.1;
/** Components rank below protections that match about as well. */
const BEHIND = 0.2;
/** Beyond this distance a row has nothing to do with the query. */
const FAR = 0.45;

/** A key that is matched to a name by meaning is a row of its own. */
function namesToWrite(entry: CatalogueEntry): string[] {
  const { keyPairing, key } = entry;
  return keyPairing === 'inferred' && key !== undefined ? [entryTitle(entry), key] : [entryTitle(entry)];
}

function toRow(entry: CatalogueEntry, name: string): CatalogueRow {
  const found = resolveName(name);
  const known = found.kind === 'known' ? found : undefined;
  const isBareKey = name !== entryTitle(entry);
  const lookedFor = [...new Set([...(known?.proofs ?? []), normaliseName(name)])];
  const retired = found.kind === 'retired' ? found : undefined;
  const row: CatalogueRow = defined({
    name,
    key: known?.feature.key,
    lookedFor: known === undefined ? [] : lookedFor,
    seenNear: known?.elsewhere ?? [],
    printing: known?.printing ?? 'not-seen',
    category: entry.category,
    platforms: entry.platforms ?? [],
    platformsOpen: entry.platformsOpen,
    events: isBareKey ? [] : entry.events.map((event) => event.name),
    alsoCalled: isBareKey ? [] : otherNames(entry),
    confidence: entry.confidence,
    component: known?.component ?? false,
    retired: retired && defined({ date: retired.date, successor: retired.successor }),
  });
  const note = notes(row, isBareKey ? undefined : entry.note);
  return note === '' ? row : { ...row, note };
}

function notes(row: CatalogueRow, evidence: string | undefined): string {
  const { retired, component, seenNear, printing, lookedFor } = row;
  const said = retired
    ? [`Appdome retired it on ${retired.date}.`, retired.successor && `Its successor is ${retired.successor}.`]
    : [
        component && 'It supports protections and is not one.',
        printing === 'not-seen' &&
          `How certificates print it has not been seen: ${lookedFor.join(' and ')} are looked for.`,
        seenNear.length > 0 && `Certificates print ${seenNear.join(', ')} near it, which does not prove it.`,
      ];
  return [...said, evidence].filter(Boolean).join(' ');
}

const ROWS = new WeakMap<CatalogueEntry, readonly CatalogueRow[]>();

/** Made once, since no query changes them. */
function rowsOf(entry: CatalogueEntry): readonly CatalogueRow[] {
  let rows = ROWS.get(entry);
  if (rows === undefined) {
    rows = namesToWrite(entry).map((name) => toRow(entry, name));
    ROWS.set(entry, rows);
  }
  return rows;
}

/**
 * Distance of a row from a query: 0 = its own name, below 1 = it contains the query, else by words and edit distance. A query that is not a
 * component's own name asks for a protection.
 */
function rank(row: CatalogueRow, query: string): number {
  const far = farFrom(row, query);
  return row.component && far > 0 ? far + BEHIND : far;
}

function farFrom(row: CatalogueRow, query: string): number {
  const asked = compactName(query);
  const own = [row.name, ...row.lookedFor];
  const others = [...row.alsoCalled, ...row.events, ...row.seenNear];
  if (own.some((name) => compactName(name) === asked)) return 0;
  if (others.some((name) => compactName(name) === asked)) return SAME;
  if (own.some((name) => compactName(name).includes(asked))) return HOLDS;
  if (others.some((name) => compactName(name).includes(asked))) return 0.2;
  if (row.category !== undefined && compactName(row.category).includes(asked)) return 0.3;
  return Math.min(...[...own, ...others].map((name) => 0.3 + nameDistance(query, name)));
}

/**
 * A query that the gate refuses as ambiguous finds the possible protections in the same order, and otherwise only protections whose own
 * names contain the query.
 *
 * @param query words, a key or an event; empty = everything, best known first, then alphabetically
 * @param filter keeps protections that exist, or may exist, on this platform
 */
export function searchCatalogue(query = '', filter: { platform?: Platform } = {}): CatalogueRow[] {
  const { platform } = filter;
  const everything = compactName(query) === '';
  const meant = resolveName(query, platform);
  const chosen = meant.kind === 'choice' ? meant.names : undefined;
  const asked = query.slice(0, 100);
  const rankOf = (row: CatalogueRow, entry: CatalogueEntry) => {
    if (chosen === undefined) return mayMean(entry, asked) ? SAME : rank(row, asked);
    if (chosen.includes(row.name)) return chosen.indexOf(row.name) / 1000;
    const holds = !row.component && compactName(row.name).includes(compactName(query));
    return holds ? HOLDS : Number.POSITIVE_INFINITY;
  };
  return catalogue.entries
    .filter((entry) => mayBeOn(entry, platform))
    .flatMap((entry) => rowsOf(entry).map((row) => ({ row, far: everything ? 0 : rankOf(row, entry) })))
    .filter(({ far }) => far <= 0.3 + FAR)
    .sort(
      (a, b) =>
        a.far - b.far ||
        STRONGEST_FIRST.indexOf(a.row.confidence) - STRONGEST_FIRST.indexOf(b.row.confidence) ||
        a.row.name.localeCompare(b.row.name, 'en'),
    )
    .map(({ row }) => row);
}
