/** Did-you-mean for protections: the catalogue's names that are nearest in meaning and spelling. */
import type { Platform } from '../model/run-request.ts';
import { editDistance } from '../text/edit-distance.ts';
import { compactName, normaliseName } from '../text/normalise.ts';
import { type CatalogueEntry, catalogue, entryTitle, mayBeOn } from './catalogue.ts';
import { otherNames, vagueNames } from './name-index.ts';

/** Words that half of the catalogue shares: they say what is done, not against which threat. */
const COMMON_WORDS = new Set(
  `detect detected detection prevent prevention protect protection block enforce secure use allow anti defense defence app apps application
  mobile android ios appdome attack attacks the a an in of on and for to by with`.split(/\s+/u),
);

/** Synonyms by their stems; the first stands for all. */
const SAME_THING = [
  ['ssl', 'tls'],
  ['certificate', 'cert'],
  ['jailbreak', 'jailbroken'],
  ['fake', 'mock', 'spoof'],
  ['location', 'gps'],
  ['mitm', 'middle'],
];
const STANDS_FOR = new Map(SAME_THING.flatMap(([first = '', ...others]) => others.map((word) => [word, first])));

/** Beyond this distance, names have nothing to do with each other. 0 = the same, 1 = nothing in common. */
const FAR = 0.5;
/** Longer input is not a name, and edit distance is quadratic. */
const LONGEST = 100;

/** `debugging`, `debugger` and `debug` are one word. Only for comparing words, never whole names. */
function stem(word: string): string {
  const bare = word.replace(/(?:ies|s)$/u, (end) => (end === 'ies' ? 'y' : ''));
  const root = bare.replace(/(?<=\p{L}{3})(?:ing|ed|er|or|ion|able)$/u, '').replace(/(?<=\p{L}{2})(\p{L})\1$/u, '$1');
  return STANDS_FOR.get(word) ?? STANDS_FOR.get(root) ?? root;
}

/** What a name is about. */
function tellingWords(name: string): string[] {
  const all = normaliseName(name).split('_').filter(Boolean);
  const telling = all.filter((word) => !COMMON_WORDS.has(word));
  return [...new Set((telling.length > 0 ? telling : all).map(stem))];
}

/** A misspelt word still counts, but somewhat less than a correctly spelt one. */
const MISSPELT = 0.35;
/** Shorter words have too many neighbours. */
const SHORTEST_MISSPELT = 4;

function likeness(word: string, words: readonly string[]): number {
  if (words.includes(word)) return 1;
  if (word.length < SHORTEST_MISSPELT) return 0;
  const nearest = Math.min(...words.map((other) => unlikeness(word, other)));
  return nearest <= MISSPELT ? 1 - nearest : 0;
}

function wordDistance(a: readonly string[], b: readonly string[]): number {
  const shared = a.reduce((sum, word) => sum + likeness(word, b), 0);
  return shared === 0 ? 1 : 1 - shared / Math.min(a.length, b.length) + 0.1 * (Math.max(a.length, b.length) - shared);
}

/** The share of letters that differ. */
function unlikeness(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 1 : editDistance(a, b) / longest;
}

/** Names written as one word, or made of common words only, are compared letter by letter. */
function letterDistance(a: string, b: string): number {
  if (Math.max(a.length, b.length) < SHORTEST_MISSPELT) return a === b ? 0 : 1;
  const far = unlikeness(a, b);
  return far <= MISSPELT ? far : 1;
}

/** The distance between two names: 0 = they say the same, 1 or more = nothing in common. */
export function nameDistance(a: string, b: string): number {
  return wordsDistance(tellingWords(a), tellingWords(b));
}

/** Whether two names are about the same things, whatever the form and order of their words. */
function isAboutTheSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((word) => right.includes(word));
}

/** Whether people may mean this entry, among others, by the name. A name that merely shares a word with such a name may not be about it. */
export function mayMean(entry: CatalogueEntry, name: string): boolean {
  const asked = tellingWords(name);
  return vagueNames(entry).some((vague) => isAboutTheSame(asked, tellingWords(vague)));
}

function wordsDistance(left: readonly string[], right: readonly string[]): number {
  return Math.min(letterDistance(left.join(''), right.join('')), wordDistance(left, right));
}

const wordsOf = new Map<CatalogueEntry, string[][]>();

/** What the names of an entry are about; computed once, since they do not change. */
function wordsOfNames(entry: CatalogueEntry): string[][] {
  const found = wordsOf.get(entry);
  if (found) return found;
  const own = [entry.name, entry.key, entry.suggestedName].filter((name) => name !== undefined);
  const names = [...own, ...otherNames(entry), ...entry.events.map((event) => event.name)];
  const made = names.map((name) => tellingWords(spaced(name)));
  wordsOf.set(entry, made);
  return made;
}

/** `FridaDetected` as words. */
function spaced(name: string): string {
  return name.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ');
}

/**
 * @param platform leaves out protections known only for another platform
 * @returns at most `limit` names to write instead, nearest first. They need not have been seen on a certificate: the name that was meant is
 * better than a weaker one that can be proven.
 */
export function nearestProtections(query: string, platform?: Platform, limit = 3): string[] {
  if (normaliseName(query) === '' || query.length > LONGEST) return [];
  const asked = tellingWords(spaced(query));
  const ranked = catalogue.entries
    .filter(
      (entry) =>
        entry.retired === undefined &&
        (entry.component !== true || entry.keyPairing === 'inferred') &&
        mayBeOn(entry, platform),
    )
    .map((entry) => ({
      title: entryTitle(entry),
      far: mayMean(entry, query) ? 0 : Math.min(...wordsOfNames(entry).map((words) => wordsDistance(asked, words))),
      spelling: unlikeness(compactName(query), compactName(entryTitle(entry))),
    }))
    .filter(({ far }) => far <= FAR)
    .sort((a, b) => a.far - b.far || a.spelling - b.spelling || a.title.localeCompare(b.title, 'en'));
  return [...new Set(ranked.map(({ title }) => title))].slice(0, limit);
}
