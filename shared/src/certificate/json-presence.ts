/**
 * What a JSON value says about a protection: present, absent, or nothing that counts (design, rule 2).
 *
 * Present: `true`, `"true"`, `"enabled"`, `"on"`, or a known Threat-Events mode. Absent: `false`, `"false"`, `"disabled"`, `"off"`,
 * `"none"`. Case and outer blanks do not matter. Everything else is unknown: null, numbers (1 may be a count or an error code),
 * `"active"`, `"failed"`, objects. Nobody has seen the real values, so a word that only looks like yes must not open the gate.
 */
import type { Presence } from './certificate.ts';
import { JsonObject, type JsonValue } from './json-tree.ts';
import { knownMode } from './threat-event-modes.ts';

const ON_WORDS = new Set(['true', 'enabled', 'on']);
const OFF_WORDS = new Set(['false', 'disabled', 'off', 'none']);

export function presenceOfValue(value: JsonValue): Presence {
  if (typeof value === 'boolean') return value ? 'present' : 'absent';
  if (typeof value !== 'string') return 'unknown';
  const word = value.trim().toLowerCase();
  if (OFF_WORDS.has(word)) return 'absent';
  return ON_WORDS.has(word) || knownMode(value) !== undefined ? 'present' : 'unknown';
}

const STRENGTH: Record<Presence, number> = { absent: 0, unknown: 1, present: 2 };

/** Where sources disagree, "absent" wins over "unknown" and both over "present" (appdome-api.md §7.3: take false). */
export function weakest(votes: readonly Presence[]): Presence | undefined {
  return [...votes].sort((a, b) => STRENGTH[a] - STRENGTH[b])[0];
}

/** What an object says about the protection that it describes. */
export interface Statement {
  /** undefined = no member speaks of it. */
  presence: Presence | undefined;
  threatEvents?: string;
  rawValue?: string;
}

const ENABLED_KEYS = new Set([
  'enabled',
  'is_enabled',
  'active',
  'is_active',
  'on',
  'is_on',
  'value',
  'status',
  'state',
]);
const MODE_KEYS = new Set(['mode', 'server_mode', 'servermode', 'detection_mode', 'detectionmode']);
const EVENT_KEYS = new Set(['threat_events', 'threat_event', 'threatevents', 'threatevent', 'te', 'in_app_control']);
/** Say how, or where, a protection that is there reports; a "no" does not speak against it. */
const SCOPE_KEYS = new Set(['threat_scope', 'threatscope', 'ts']);
/** Flags that are no yes of their own, but whose "no" speaks against the protection. */
const MUST_NOT_BE_OFF =
  /^(?:is_?)?(?:included|applied|installed|implemented|present|selected|supported|available|success|built|fused)$/;
/** Flags whose "yes" speaks against the protection. */
const MUST_NOT_BE_ON = /missing|disabled|unsupported|removed|excluded|skipped|failed|failure|error/;

function keyWord(key: string): string {
  // `isEnabled` is `is_enabled`: a flag that goes unread in one spelling would be a protection that nobody switched on.
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
  return words.toLowerCase().replace(/[\s-]+/g, '_');
}

/** Whether the object has a member that says enabled or not: what makes it a policy's entry (shape E). */
export function speaksOfPresence(object: JsonObject): boolean {
  return object.members.some(({ key }) => ENABLED_KEYS.has(keyWord(key)) || MODE_KEYS.has(keyWord(key)));
}

/** Reads every member that speaks of presence; the weakest one decides. */
export function statementOf(object: JsonObject): Statement {
  const votes: Array<{ vote: Presence; value: JsonValue }> = [];
  let threatEvents: string | undefined;
  for (const { key, value } of object.members) {
    const word = keyWord(key);
    if (ENABLED_KEYS.has(word) || MODE_KEYS.has(word)) {
      votes.push({ vote: presenceOfValue(value), value });
      if (typeof value === 'string' && knownMode(value) !== undefined) threatEvents ??= knownMode(value);
    } else if (EVENT_KEYS.has(word)) {
      if (typeof value === 'string') threatEvents ??= knownMode(value) ?? value.slice(0, 80);
    } else if (speaksAgainst(word, value)) {
      votes.push({ vote: 'unknown', value });
    }
  }
  const presence = weakest(votes.map(({ vote }) => vote));
  const decisive = votes.find(({ vote }) => vote === presence);
  return {
    presence,
    ...(threatEvents === undefined ? {} : { threatEvents }),
    ...(presence === undefined || presence === 'present' || decisive === undefined
      ? {}
      : { rawValue: shown(decisive.value) }),
  };
}

/**
 * Whether an element that says nothing of its presence may count as listed, and so as there (appdome-api.md §7.3, shape A, inferred): a
 * name, and what describes it. A flag under a key that is not known may be the very one that says no.
 */
export function isBareListing(object: JsonObject): boolean {
  return object.members.every(({ key, value }) => {
    const word = keyWord(key);
    if (EVENT_KEYS.has(word) || SCOPE_KEYS.has(word)) return true;
    if (MUST_NOT_BE_ON.test(word)) return !speaksAgainst(word, value);
    if (MUST_NOT_BE_OFF.test(word)) return presenceOfValue(value) === 'present';
    if (typeof value === 'string') return !NEGATIVE_WORD.test(value);
    return Array.isArray(value) || (typeof value === 'number' && NUMBER_KEYS.test(word));
  });
}

/** Numbers under any other key may count what is there: 0 of something says no. */
const NUMBER_KEYS = /(?:^|_)(?:id|version|order|index|size|bytes)$/;
/** A word that says no, alone or first in a short phrase; longer texts describe. */
const NEGATIVE_WORD =
  /^\s*(?:no|not|none|never|false|off|disabled?|inactive|absent|missing|removed|skipped|excluded|failed|unsupported|unavailable|optional|recommended|n\/?a|0)(?:[\s_-]\w+)?\s*$/i;

function speaksAgainst(word: string, value: JsonValue): boolean {
  if (MUST_NOT_BE_ON.test(word))
    return !(value === false || value === null || value === '' || presenceOfValue(value) === 'absent');
  return MUST_NOT_BE_OFF.test(word) && presenceOfValue(value) !== 'present';
}

/** A value for a message: short, and no more than the type of what has parts. */
export function shown(value: JsonValue): string {
  if (Array.isArray(value)) return 'array';
  if (value instanceof JsonObject) return 'object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
