/** Did-you-mean for protections: nearest catalogue names by words in common and by edit distance. */
import { distance } from 'fastest-levenshtein';
import { type CatalogueEntry, catalogue, entryTitle } from './catalogue.ts';
import { compactName, normaliseName } from './normalise.ts';

/** Words that half of the catalogue shares; alone they make two names no nearer. */
const COMMON_WORDS = new Set(
  'detect detection prevent prevention block enforce secure app apps mobile android ios attack attacks the in of and'.split(
    ' ',
  ),
);

/** Above this the names have nothing to do with each other. 0 = the same, 1 = nothing in common. */
const FAR = 0.5;
/** Longer input is not a name, and edit distance is quadratic. */
const LONGEST = 100;

function words(name: string): Set<string> {
  const all = normaliseName(name).split('_').filter(Boolean);
  const telling = all.filter((word) => !COMMON_WORDS.has(word));
  return new Set(telling.length > 0 ? telling : all);
}

/** A misspelt word still counts as the word, somewhat less than one that is spelt right. */
const MISSPELT = 0.35;
/** Shorter words have too many neighbours. */
const SHORTEST_MISSPELT = 4;

function likeness(word: string, words: Set<string>): number {
  if (words.has(word)) return 1;
  if (word.length < SHORTEST_MISSPELT) return 0;
  const nearest = Math.min(...[...words].map((other) => editDistance(word, other)));
  return nearest <= MISSPELT ? 1 - nearest : 0;
}

function wordDistance(a: Set<string>, b: Set<string>): number {
  const shared = [...a].reduce((sum, word) => sum + likeness(word, b), 0);
  return shared === 0 ? 1 : 1 - shared / Math.min(a.size, b.size) + 0.1 * (Math.max(a.size, b.size) - shared);
}

function editDistance(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 1 : distance(a, b) / longest;
}

/** How far two names are apart: 0 = the same, 1 or more = nothing in common. */
export function nameDistance(a: string, b: string): number {
  return Math.min(editDistance(compactName(a), compactName(b)), wordDistance(words(a), words(b)));
}

function namesOf(entry: CatalogueEntry): string[] {
  const own = [entry.name, entry.key, entry.suggestedName].filter((name) => name !== undefined);
  return [...own, ...entry.aliases, ...entry.events.map((event) => event.name)];
}

/** @returns at most `limit` names to write instead, nearest first; names that a certificate can prove come before the others */
export function nearestNames(query: string, limit = 3): string[] {
  if (normaliseName(query) === '' || query.length > LONGEST) return [];
  const ranked = catalogue.entries
    .map((entry) => ({
      title: entryTitle(entry),
      provable: entry.name !== undefined || entry.key !== undefined,
      far: Math.min(...namesOf(entry).map((name) => nameDistance(query, name))),
    }))
    .filter(({ far }) => far <= FAR)
    .sort((a, b) => Number(b.provable) - Number(a.provable) || a.far - b.far || a.title.localeCompare(b.title, 'en'));
  return [...new Set(ranked.map(({ title }) => title))].slice(0, limit);
}
