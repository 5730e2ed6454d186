/**
 * Reads one JSON value as a feature list: the shapes A to G of appdome-api.md §7.3, all of them inferred. Either every part of the value
 * fits exactly one of these shapes, or it is not a list.
 */
import { isEventName } from '../catalogue/name-index.ts';
import type { FeatureFact, Wording } from '../model/certificate.ts';
import { defined } from '../model/defined.ts';
import { wordsIn } from './json-mentions.ts';
import { isKnownName, isPlainWords } from './json-names.ts';
import { answerOf, type EntryStatement, isHeading, shown, speaks, statementOf } from './json-presence.ts';
import {
  childrenOf,
  type JsonChild,
  type JsonMember,
  JsonObject,
  type JsonValue,
  jsonText,
  membersOf,
} from './json-tree.ts';

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

const ATTRIBUTES = new Set(['serverMode', 'server_mode', 'mode', 'enabled', 'value']);
const LONGEST_NAME = 200;

/** @returns the list below a key that announces one; undefined = no allow-listed shape */
export function readList(value: JsonValue, path: string): FeatureList | undefined {
  if (value instanceof JsonObject && value.members.length > 0) {
    const parts = membersOf(value, path);
    if (parts.every(isCategory)) {
      const lists = parts.map(readCategory);
      return lists.every((list) => list !== undefined)
        ? { shape: 'C', entries: lists.flatMap(({ entries }) => entries) }
        : undefined;
    }
  }
  return readPlainList(value, path);
}

/** Further ones become a single piece of wording, so that a long list costs no more than a short one. */
export const MOST_STRANGERS = 20;

/** Unknown wording beside names. */
export interface Stranger {
  where: string;
  text: string;
  /** Verbatim, if it is listed like a protection. */
  name?: string;
}

export function unreadOf(strangers: readonly Stranger[]): Wording[] {
  const of = ({ where, text }: Stranger, names: Array<string | undefined>): Wording => ({
    ...{ kind: 'text', text, document: 'json', where },
    ...(names.every((name) => name !== undefined) ? { names } : {}),
  });
  const [first] = strangers;
  if (first === undefined || strangers.length <= MOST_STRANGERS) return strangers.map((one) => of(one, [one.name]));
  const text = JSON.stringify(strangers.map((one) => one.text));
  return [
    of(
      { ...first, text },
      strangers.map(({ name }) => name),
    ),
  ];
}

/** A "yes" holds only if the wording takes nothing back. A "no" stays a "no", and an entry without an answer needs no further doubt. */
export function doubted(entry: Entry, unread: Wording[]): Entry {
  const { fact } = entry;
  const isClear = fact.presence === 'present' || fact.unread !== undefined;
  if (unread.length === 0 || !isClear) return entry;
  return { ...entry, fact: { ...fact, presence: 'unknown', unread: [...(fact.unread ?? []), ...unread] } };
}

function readPlainList(value: JsonValue, path: string): FeatureList | undefined {
  if (Array.isArray(value)) {
    const elements = childrenOf(value, path);
    if (value.every((element) => typeof element === 'string')) return { shape: 'B', entries: elements.map(listedName) };
    const entries = elements.map(namedEntry);
    if (!entries.every((entry) => entry !== undefined)) return undefined;
    return { shape: elements.every(isPair) ? 'G' : 'A', entries };
  }
  if (!(value instanceof JsonObject)) return undefined;
  const parts = membersOf(value, path);
  if (parts.length > 0 && parts.every(({ key }) => dottedName(key) !== undefined))
    return { shape: 'F', entries: dottedEntries(parts) };
  if (parts.length > 0 && parts.every(isPolicy)) return { shape: 'E', entries: parts.map(policyEntry) };
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

function isPair(part: JsonChild): boolean {
  const keys = childrenOf(part.value, part.path).map(({ key }) => key);
  return keys.length === 2 && keys.includes('value') && (keys.includes('key') || keys.includes('name'));
}

// --- D, E and F: the keys are names ---

function flagEntry(part: JsonMember): Entry {
  const presence = answerOf(part.value);
  const said = presence === 'present' ? {} : { rawValue: shown(part.value) };
  return entryOf(part.key, { presence, answers: false, ...said }, part);
}

type Policy = JsonMember & { value: JsonObject };

/** Whether a member's value states something about its key. */
export function isPolicy(part: JsonMember): part is Policy {
  return speaks(part.value);
}

export function policyEntry(part: Policy): Entry {
  // The answer belongs to a key that is a name only by its place.
  return entryOf(part.key, { ...statementOf(part.value, false), answers: false }, part);
}

/** The name before the dot of `root_detection.mode`; undefined for a key of any other form. */
export function dottedName(key: string): string | undefined {
  const dot = key.lastIndexOf('.');
  return dot > 0 && ATTRIBUTES.has(key.slice(dot + 1)) ? key.slice(0, dot) : undefined;
}

/** @param parts members whose keys are all names with an attribute */
export function dottedEntries(parts: readonly JsonMember[]): Entry[] {
  const groups = new Map<string, { statement: JsonObject; path: string }>();
  for (const part of parts) {
    const dot = part.key.lastIndexOf('.');
    const name = part.key.slice(0, dot);
    const group = groups.get(name) ?? { statement: new JsonObject(), path: part.path };
    group.statement.members.push({ key: part.key.slice(dot + 1), value: part.value });
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
    value.members.every(({ key }) => key === 'plugins' || key === 'parameters')
  );
}

/** Nothing is proven below an unknown heading. */
export function readCategory(part: JsonMember): FeatureList | undefined {
  const lists = childrenOf(part.value, part.path).map(({ value, path }) => readPlainList(value, path));
  if (!lists.every((list) => list !== undefined)) return undefined;
  const entries = lists.flatMap((list) =>
    list.entries.map((entry) => ({ ...entry, fact: { ...entry.fact, category: part.key.slice(0, LONGEST_NAME) } })),
  );
  if (isHeading(part.key)) return { shape: 'C', entries };
  // With nothing below it, it could speak of something else.
  if (entries.length === 0) return undefined;
  const unread: Wording[] = [{ kind: 'heading', text: part.key, document: 'json', where: part.path }];
  return { shape: 'C', entries: entries.map((entry) => doubted(entry, unread)) };
}

function entryOf(name: string, statement: EntryStatement, { key, value, path }: JsonChild): Entry {
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
      ...defined({ category: category?.slice(0, LONGEST_NAME) }),
      presence,
      ...defined({ rawValue, threatEvents }),
      document: 'json',
      where: path,
    },
  };
}
