/** `fusegate features [QUERY]`: the catalogue as ranked rows. */
import type { Platform } from '../options/run-request.ts';
import { type CatalogueConfidence, type CatalogueEntry, catalogue, entryTitle } from './catalogue.ts';
import { nameDistance } from './nearest-names.ts';
import { compactName } from './normalise.ts';

export interface CatalogueRow {
  /** Display name, else key, else words made for it (`provable` is then false). */
  name: string;
  key?: string;
  category?: string;
  /** Empty = no source names a platform. */
  platforms: Platform[];
  /** Threat-Event names. */
  events: string[];
  confidence: CatalogueConfidence;
  /** Whether the name can be required as it stands. */
  provable: boolean;
  /** ISO date on which the service ended it. */
  retired?: string;
  note?: string;
}

/** Beyond this a row has nothing to do with the query. */
const FAR = 0.45;

function toRow(entry: CatalogueEntry): CatalogueRow {
  const notes = [
    entry.keyPairing === 'inferred' ? `The key ${entry.key} is paired by meaning and does not prove it.` : undefined,
    entry.retired?.successor === undefined ? undefined : `Successor: ${entry.retired.successor}.`,
    entry.note,
  ].filter((note) => note !== undefined);
  return {
    name: entryTitle(entry),
    ...(entry.key === undefined ? {} : { key: entry.key }),
    ...(entry.category === undefined ? {} : { category: entry.category }),
    platforms: entry.platforms ?? [],
    events: entry.events.map((event) => event.name),
    confidence: entry.confidence,
    provable: (entry.name !== undefined || entry.key !== undefined) && entry.retired === undefined,
    ...(entry.retired === undefined ? {} : { retired: entry.retired.date }),
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  };
}

/** How far an entry is from a query: 0 = its own name, below 1 = it holds the query, else by words and edit distance. */
function rank(entry: CatalogueEntry, query: string): number {
  const asked = compactName(query);
  const own = [entry.name, entry.key, entry.suggestedName].filter((name) => name !== undefined);
  const others = [...entry.aliases, ...entry.events.map((event) => event.name)];
  if (own.some((name) => compactName(name) === asked)) return 0;
  if (others.some((name) => compactName(name) === asked)) return 0.05;
  if (own.some((name) => compactName(name).includes(asked))) return 0.1;
  if (others.some((name) => compactName(name).includes(asked))) return 0.2;
  if (entry.category !== undefined && compactName(entry.category).includes(asked)) return 0.3;
  return Math.min(...[...own, ...others].map((name) => 0.3 + nameDistance(query, name)));
}

/**
 * @param query words, a key or an event; empty = everything, in the order of the catalogue's confidence and the alphabet
 * @param filter keeps what was seen on this platform, or on none by name
 */
export function searchCatalogue(query = '', filter: { platform?: Platform } = {}): CatalogueRow[] {
  const { platform } = filter;
  const everything = compactName(query) === '';
  return catalogue.entries
    .filter((entry) => platform === undefined || entry.platforms === undefined || entry.platforms.includes(platform))
    .map((entry) => ({ row: toRow(entry), far: everything ? 0 : rank(entry, query.slice(0, 100)) }))
    .filter(({ far }) => far <= 0.3 + FAR)
    .sort(
      (a, b) =>
        a.far - b.far ||
        CONFIDENCE_ORDER[a.row.confidence] - CONFIDENCE_ORDER[b.row.confidence] ||
        a.row.name.localeCompare(b.row.name, 'en'),
    )
    .map(({ row }) => row);
}

const CONFIDENCE_ORDER: Record<CatalogueConfidence, number> = {
  certificate: 0,
  kb: 1,
  'kb-mention': 2,
  'kb-old': 3,
  code: 4,
};
