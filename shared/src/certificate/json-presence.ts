/**
 * What the JSON says about one protection. An allow-list decides: any other member or value makes the entry `unknown`, whatever else the
 * entry says, because it may be the one that takes the "yes" back. The real document has never been seen (appdome-api.md §5.1).
 */
import type { Presence } from '../model/certificate.ts';
import { isPlainWords } from './json-names.ts';
import { JsonObject, type JsonValue } from './json-tree.ts';
import { isKnownHeading } from './known-wording.ts';
import { knownMode } from './threat-event-modes.ts';

/** `true` and `"true"` are a yes, `false` and `"false"` a no. */
export function answerOf(value: JsonValue): Presence {
  if (value === true || value === 'true') return 'present';
  return value === false || value === 'false' ? 'absent' : 'unknown';
}

export function modeOf(value: JsonValue): string | undefined {
  return typeof value === 'string' && isPlainWords(value) ? knownMode(value) : undefined;
}

/** The emulator prints plain `Other` for what the PDF lists under `Other In "…" FUSION SET`. */
export function isHeading(text: string): boolean {
  return text === 'Other' || isKnownHeading(text);
}

const STRENGTH: Record<Presence, number> = { absent: 0, unknown: 1, present: 2 };

/** If sources disagree, "absent" wins over "unknown", and both win over "present" (appdome-api.md §7.3: take false). */
export function weaker(a: Presence, b: Presence): Presence {
  return STRENGTH[a] <= STRENGTH[b] ? a : b;
}

type Meaning = 'name' | 'answer' | 'mode' | 'category' | 'role';

/** The members that an entry may have (appdome-api.md §7.3). */
const MEANINGS = new Map<string, Meaning>([
  ...['name', 'key', 'id', 'feature', 'feature_name', 'plugin', 'title', 'display_name'].map(
    (key) => [key, 'name'] as const,
  ),
  ...['enabled', 'is_enabled', 'active', 'on', 'value', 'status', 'state'].map((key) => [key, 'answer'] as const),
  ...['threat_events', 'threat_event', 'threatEvents', 'te', 'in_app_control'].map((key) => [key, 'mode'] as const),
  ...['mode', 'server_mode', 'serverMode', 'detection_mode'].map((key) => [key, 'mode'] as const),
  ['category', 'category'],
  ['role', 'role'],
]);

export const ENTRY_KEYS: readonly string[] = [...MEANINGS.keys()];

/** What an entry states about its protection. */
export interface EntryStatement {
  presence: Presence;
  /** Whether it has its own yes or no; otherwise it is only listed. */
  answers: boolean;
  /** The text under its one name-like member. */
  name?: string;
  category?: string;
  threatEvents?: string;
  /** Its "no", verbatim. */
  rawValue?: string;
}

/** Whether an object has a member that says yes, no or how, which makes it a statement about the name above it (shape E). */
export function speaks(value: JsonValue): value is JsonObject {
  return (
    value instanceof JsonObject &&
    value.members.some(({ key }) => MEANINGS.get(key) === 'answer' || MEANINGS.get(key) === 'mode')
  );
}

/** @param named whether name, category and role may be members (shapes A and G), or are above it (E and F) */
export function statementOf(entry: JsonObject, named: boolean): EntryStatement {
  const statement: EntryStatement = { presence: 'present', answers: false };
  const seen = new Set<Meaning | undefined>();
  for (const { key, value } of entry.members) {
    const meaning = MEANINGS.get(key);
    const allowed = meaning !== undefined && (named || meaning === 'answer' || meaning === 'mode');
    const understood = allowed && !seen.has(meaning) ? take(statement, meaning, value) : false;
    seen.add(meaning);
    if (!understood) statement.presence = 'unknown';
  }
  return statement;
}

/** @returns whether the value is allowed for the member's meaning */
function take(statement: EntryStatement, meaning: Meaning, value: JsonValue): boolean {
  if (meaning === 'answer') {
    statement.answers = true;
    const answer = answerOf(value);
    if (answer === 'absent' && statement.presence === 'present') {
      statement.presence = 'absent';
      statement.rawValue = shown(value);
    }
    return answer !== 'unknown';
  }
  if (typeof value !== 'string' || value.trim() === '') return false;
  switch (meaning) {
    case 'name':
      statement.name = value;
      return true;
    case 'mode':
      statement.threatEvents = modeOf(value) ?? value.slice(0, 80);
      return modeOf(value) !== undefined;
    case 'category':
      statement.category = value;
      return isHeading(value);
    case 'role':
      return value === 'plugin' || value === 'parameter';
  }
}

/** A value for a message: shortened, and only the type of objects and arrays. */
export function shown(value: JsonValue): string {
  if (Array.isArray(value)) return 'array';
  if (value instanceof JsonObject) return 'object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
