/**
 * Reads one JSON value as a feature list: the shapes A to G of appdome-api.md §7.3, all of them inferred. Either every part of the value
 * fits exactly one of these shapes, or it is not a list.
 */
import { isEventName } from '../catalogue/name-index.ts';
import type { FeatureFact, Wording } from '../model/certificate.ts';
import { wordsIn } from './json-mentions.ts';
import { isKnownName, isPlainWords } from './json-names.ts';
import { answerOf, isHeading, type Statement, shown, speaks, statementOf } from './json-presence.ts';
import { childrenOf, type JsonChild, JsonObject, type JsonValue, jsonText } from './json-tree.ts';

export type JsonShape = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G';

/** One name in a list, what is stated about it, and the part of the tree that states it. */
export interface Entry {
  fact: FeatureFact;
  /** Its name verbatim, uncut. */
  name: string;
  /** The part that states it, verbatim, and the keys and texts in it. */
  text: string;
  words: string[];
  /** It has its own "yes" or "no" beside its name, so it is understood on its own. */
  standsAlone: boolean;
}

export interface FeatureList {
  shape: JsonShape;
  entries: Entry[];
}

const ATTRIBUTE = /^(.+)\.(serverMode|server_mode|mode|enabled|value)$/su;
const LONGEST_NAME = 200;

/** @returns the list below a key that announces one; undefined = no allow-listed shape */
export function readList(value: JsonValue, path: string): FeatureList | undefined {
  if (value instanceof JsonObject && value.members.length > 0) {
    const parts = childrenOf(value, path);
    if (parts.every(isCategory)) {
      const lists = parts.map(readCategory);
      return lists.every((list) => list !== undefined)
        ? { shape: 'C', entries: lists.flatMap(({ entries }) => entries) }
        : undefined;
    }
  }
  const list = readPlainList(value, path);
  return list && { ...list, entries: inCompany(list.entries) };
}

/**
 * A word in a list that is not a known name may be a heading (`Removed`) or apply to the whole list (`enabled: false`). In its company,
 * only an entry with its own answer is understood.
 */
function inCompany(entries: Entry[]): Entry[] {
  const strangers = entries.filter(({ name, standsAlone }) => !standsAlone && !isKnownName(name));
  const unread = unreadOf(strangers.map(({ fact, text }) => ({ where: fact.where, text })));
  return entries.map((entry) => (entry.standsAlone ? entry : doubted(entry, unread)));
}

/** Further ones become a single piece of wording, so that a long list costs no more than a short one. */
const MOST_STRANGERS = 20;

/** Unknown wording beside or above names. */
export function unreadOf(strangers: ReadonlyArray<{ where: string; text: string }>): Wording[] {
  const [first] = strangers;
  const texts =
    first !== undefined && strangers.length > MOST_STRANGERS
      ? [{ where: first.where, text: JSON.stringify(strangers.map(({ text }) => text)) }]
      : strangers;
  return texts.map(({ where, text }) => ({ kind: 'text', text, document: 'json', where }));
}

/** A "yes" holds only if the wording takes nothing back. A "no" stays a "no", and an entry without an answer needs no further doubt. */
export function doubted(entry: Entry, unread: Wording[]): Entry {
  const { fact } = entry;
  const isClear = fact.presence === 'present' || fact.unread !== undefined;
  if (unread.length === 0 || !isClear) return entry;
  return { ...entry, fact: { ...fact, presence: 'unknown', unread: [...(fact.unread ?? []), ...unread] } };
}

function readPlainList(value: JsonValue, path: string): FeatureList | undefined {
  const parts = childrenOf(value, path);
  if (Array.isArray(value)) {
    if (value.every((element) => typeof element === 'string')) return { shape: 'B', entries: parts.map(listedName) };
    const entries = parts.map(namedEntry);
    if (!entries.every((entry) => entry !== undefined)) return undefined;
    return { shape: value.every(isPair) ? 'G' : 'A', entries };
  }
  if (!(value instanceof JsonObject)) return undefined;
  if (parts.length > 0 && parts.every(({ key }) => ATTRIBUTE.test(key ?? '')))
    return { shape: 'F', entries: dottedEntries(parts) };
  if (parts.length > 0 && parts.every((part) => speaks(part.value)))
    return { shape: 'E', entries: parts.map(policyEntry) };
  if (parts.some((part) => typeof part.value === 'object' && part.value !== null)) return undefined;
  return { shape: 'D', entries: parts.map(flagEntry) };
}

// --- A, B and G: arrays ---

function listedName(part: JsonChild): Entry {
  return entryOf(String(part.value), { presence: 'present', answers: false }, part);
}

function namedEntry(part: JsonChild): Entry | undefined {
  if (!(part.value instanceof JsonObject)) return undefined;
  const statement = statementOf(part.value, true);
  return statement.name === undefined ? undefined : entryOf(statement.name, statement, part);
}

function isPair(element: JsonValue): boolean {
  if (!(element instanceof JsonObject) || element.members.length !== 2) return false;
  const keys = element.members.map(({ key }) => key);
  return keys.includes('value') && (keys.includes('key') || keys.includes('name'));
}

// --- D, E and F: the keys are names ---

function flagEntry(part: JsonChild): Entry {
  const presence = answerOf(part.value);
  const said = presence === 'present' ? {} : { rawValue: shown(part.value) };
  return entryOf(part.key ?? '', { presence, answers: false, ...said }, part);
}

export function policyEntry(part: JsonChild): Entry {
  const statement = part.value instanceof JsonObject ? statementOf(part.value, false) : undefined;
  // The answer belongs to a key that is a name only by its place.
  return entryOf(part.key ?? '', { ...(statement ?? { presence: 'unknown' }), answers: false }, part);
}

/** The name before the dot of `root_detection.mode`; undefined for a key of any other form. */
export function dottedName(key: string): string | undefined {
  return ATTRIBUTE.exec(key)?.[1];
}

/** @param parts members whose keys are all names with an attribute */
export function dottedEntries(parts: readonly JsonChild[]): Entry[] {
  const groups = new Map<string, { statement: JsonObject; path: string }>();
  for (const part of parts) {
    const [, name = '', attribute = ''] = ATTRIBUTE.exec(part.key ?? '') ?? [];
    const group = groups.get(name) ?? { statement: new JsonObject(), path: part.path };
    group.statement.members.push({ key: attribute, value: part.value });
    groups.set(name, group);
  }
  return [...groups].map(([name, { statement, path }]) =>
    entryOf(name, { ...statementOf(statement, false), answers: false }, { key: name, value: statement, path }),
  );
}

// --- C: categories ---

/** Whether a member is a category with its lists: `"OS Integrity": { plugins: […], parameters: […] }`. */
export function isCategory({ value }: JsonChild): boolean {
  return (
    value instanceof JsonObject &&
    value.members.length > 0 &&
    value.members.every(({ key, value: list }) => (key === 'plugins' || key === 'parameters') && isContainer(list))
  );
}

function isContainer(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null;
}

/** Nothing is proven below an unknown heading. */
export function readCategory(part: JsonChild): FeatureList | undefined {
  const lists = childrenOf(part.value, part.path).map(({ value, path }) => readPlainList(value, path));
  if (!lists.every((list) => list !== undefined)) return undefined;
  const heading = part.key ?? '';
  const entries = inCompany(lists.flatMap((list) => list.entries)).map((entry) => ({
    ...entry,
    fact: { ...entry.fact, category: heading.slice(0, LONGEST_NAME) },
  }));
  const unread: Wording[] = [{ kind: 'heading', text: heading, document: 'json', where: part.path }];
  return {
    shape: 'C',
    entries: isHeading(heading) ? entries : entries.map((entry) => doubted(entry, unread)),
  };
}

function entryOf(name: string, statement: Statement, { key, value, path }: JsonChild): Entry {
  const { threatEvents, category, answers } = statement;
  // A Threat-Event's name says that something is reported, not that it is in the app.
  const isName = !isEventName(name) && (isKnownName(name) || isPlainWords(name));
  const presence = isName ? statement.presence : 'unknown';
  const text = jsonText(value);
  const rawValue = presence === 'unknown' ? text : statement.rawValue;
  return {
    name,
    text,
    words: [...(key === undefined ? [] : [key]), ...wordsIn(value)],
    standsAlone: answers,
    fact: {
      name: name.trim().slice(0, LONGEST_NAME),
      role: 'json',
      ...(category === undefined ? {} : { category: category.slice(0, LONGEST_NAME) }),
      presence,
      ...(rawValue === undefined ? {} : { rawValue }),
      ...(threatEvents === undefined ? {} : { threatEvents }),
      document: 'json',
      where: path,
    },
  };
}
