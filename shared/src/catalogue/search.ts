/** `fusegate features [QUERY]` and the reference page: the catalogue as rows that say what the gate does with each name. */
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
  /** The key that proves it; absent where none is known for certain. */
  key?: string;
  /** The printed names that prove it. */
  lookedFor: string[];
  /** Keys that certificates print near it, or for it by meaning only. They do not prove it. */
  seenNear: string[];
  /** Whether a real certificate prints it. */
  printing: 'seen' | 'not-seen';
  category?: string;
  /** Empty = no source names a platform. */
  platforms: Platform[];
  /** It may exist on other platforms too; absent = on those named it exists, and on no other. */
  platformsOpen?: true;
  /** Threat-Event names. */
  events: string[];
  /** Names that lead to it. */
  alsoCalled: string[];
  confidence: CatalogueConfidence;
  /** It supports protections and is not one: a policy of such names alone requires nothing. */
  component: boolean;
  /** When the service ended it; it cannot be required. */
  retired?: { date: string; successor?: string };
  /** Sentences on what is known of it. */
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

/** How far a row is that the query means by another name. */
const SAME = 0.05;
/** How far a row is whose own name holds the query. */
const HOLDS = 0.1;
/** A component stands behind protections that match about as well. */
const BEHIND = 0.2;
/** Beyond this a row has nothing to do with the query. */
const FAR = 0.45;

/** A key that is joined to a name by meaning is a name of its own. */
function namesToWrite(entry: CatalogueEntry): string[] {
  return entry.keyPairing === 'inferred' && entry.key !== undefined
    ? [entryTitle(entry), entry.key]
    : [entryTitle(entry)];
}

function toRow(entry: CatalogueEntry, name: string): CatalogueRow {
  const found = resolveName(name);
  const known = found.kind === 'known' ? found : undefined;
  const isBareKey = name !== entryTitle(entry);
  const lookedFor = [...new Set([...(known?.proofs ?? []), normaliseName(name)])];
  const row: CatalogueRow = {
    name,
    ...(known?.feature.key === undefined ? {} : { key: known.feature.key }),
    lookedFor: known === undefined ? [] : lookedFor,
    seenNear: known?.elsewhere ?? [],
    printing: known?.printing ?? 'not-seen',
    ...(entry.category === undefined ? {} : { category: entry.category }),
    platforms: entry.platforms ?? [],
    ...(entry.platformsOpen ? { platformsOpen: true } : {}),
    events: isBareKey ? [] : entry.events.map((event) => event.name),
    alsoCalled: isBareKey ? [] : otherNames(entry),
    confidence: entry.confidence,
    component: known?.component ?? false,
    ...(found.kind === 'retired' ? { retired: retirement(found) } : {}),
  };
  const note = notes(row, isBareKey ? undefined : entry.note);
  return note === '' ? row : { ...row, note };
}

function retirement({ date, successor }: { date: string; successor?: string }) {
  return successor === undefined ? { date } : { date, successor };
}

function notes(row: CatalogueRow, evidence: string | undefined): string {
  const { retired, component, seenNear, printing, lookedFor } = row;
  const said = retired
    ? [
        `Appdome retired it on ${retired.date}.`,
        ...(retired.successor ? [`Its successor is ${retired.successor}.`] : []),
      ]
    : [
        ...(component ? ['It supports protections and is not one.'] : []),
        ...(printing === 'seen'
          ? []
          : [`How certificates print it has not been seen: ${lookedFor.join(' and ')} are looked for.`]),
        ...(seenNear.length > 0 ? [`Certificates print ${seenNear.join(', ')} near it, which does not prove it.`] : []),
      ];
  return [...said, ...(evidence === undefined ? [] : [evidence])].join(' ');
}

/**
 * How far a row is from a query: 0 = its own name, below 1 = it holds the query, else by words and edit distance. Who asks for anything but
 * a component's own name wants a protection.
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
 * A query that the gate refuses, because it could mean several protections, finds these in the same order, and besides them only
 * protections whose own names hold the query.
 *
 * @param query words, a key or an event; empty = everything, what is known best first, then by the alphabet
 * @param filter keeps what exists on this platform, or may
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
    .flatMap((entry) =>
      namesToWrite(entry).map((name) => {
        const row = toRow(entry, name);
        return { row, far: everything ? 0 : rankOf(row, entry) };
      }),
    )
    .filter(({ far }) => far <= 0.3 + FAR)
    .sort(
      (a, b) =>
        a.far - b.far ||
        STRONGEST_FIRST.indexOf(a.row.confidence) - STRONGEST_FIRST.indexOf(b.row.confidence) ||
        a.row.name.localeCompare(b.row.name, 'en'),
    )
    .map(({ row }) => row);
}
