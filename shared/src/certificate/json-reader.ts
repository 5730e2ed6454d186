/**
 * Reads a Certified Secure JSON: the 13 proven identity keys at any depth (appdome-api.md §5.2), and protections in the inferred
 * shapes (§7.3). Both are allow-lists.
 */
import type {
  CertificateDocument,
  DocumentReading,
  Fact,
  Facts,
  RawCertificate,
  ReadingProblem,
  Wording,
} from '../model/certificate.ts';
import { JSON_FACT_NAMES } from './identity.ts';
import { isWrapper, readJsonFeatures } from './json-features.ts';
import { type Stranger, unreadOf } from './json-shapes.ts';
import {
  childrenOf,
  JsonObject,
  type JsonValue,
  jsonText,
  jsonType,
  parseJsonTree,
  repeatedKeys,
} from './json-tree.ts';
import { REHEARSAL_KEY } from './known-wording.ts';
import { ownFileName } from './own-files.ts';

/** Compact JSON of a real build is expected to have a few kilobytes. */
export const JSON_LIMIT = 5 * 2 ** 20;
const TOP_LEVEL_LIMIT = 100;
const KEY_LIMIT = 80;
/** More occurrences of a value add nothing. */
const FACTS_PER_NAME = 50;

/** Never throws for bad content. */
export function readJsonCertificate(raw: RawCertificate): DocumentReading {
  if (raw.state === 'absent') {
    return { ok: false, kind: 'json', problem: raw.notGiven ? 'not-given' : 'absent', message: raw.reason };
  }
  const { bytes, sha256 } = raw;
  const failure = (problem: ReadingProblem, message: string): DocumentReading => ({
    ok: false,
    kind: 'json',
    problem,
    message,
    sha256,
  });
  if (bytes.byteLength > JSON_LIMIT) return failure('too-large', `The file is larger than ${JSON_LIMIT} bytes`);
  // The decoder strips a byte order mark and rejects anything but UTF-8 (RFC 8259 §8.1).
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return failure('not-json', 'The file is not UTF-8 text');
  }
  if (text.trim() === '') return failure('empty', 'The file is empty');
  let root: JsonValue;
  try {
    root = parseJsonTree(text);
  } catch (error) {
    if (error instanceof RangeError) return failure('too-large', `The file ${error.message}`);
    return failure(
      'not-json',
      text.trimStart().startsWith('<') ? 'The file is HTML or XML, not JSON' : 'The file is not JSON',
    );
  }
  if (!(root instanceof JsonObject))
    return failure('not-object', `The file holds a JSON ${jsonType(root)}, not an object`);
  const own = ownFileName(root);
  if (own !== undefined)
    return failure(
      'own-result',
      `The file is ${own}, written by Fusegate itself, not a certificate. Give the certificate instead: certificate.pdf or certificate.json in private/ of the output folder, or --build-id ID, which asks the service`,
    );
  const document = toDocument(root, sha256);
  if (document === undefined)
    return failure(
      'too-large',
      'The file has more text that was not understood than can be searched for names of protections',
    );
  return { ok: true, document };
}

/** undefined = the places that may mention a name could not all be listed. */
function toDocument(root: JsonObject, sha256: string): CertificateDocument | undefined {
  const { shapes, nested, features, mentions } = readJsonFeatures(root);
  if (mentions.overflows) return undefined;
  const facts = readIdentity(root);
  return {
    kind: 'json',
    sha256,
    shape: shapes.length === 0 ? 'unknown' : `${shapes.join('+')}${nested ? ' nested' : ''}`,
    hasFeatureList: shapes.length > 0,
    bounded: false,
    complete: false,
    unread: [],
    listenerDoubts: [],
    mentions: mentions.list,
    facts,
    features,
    missingListeners: [],
    ...(isRehearsal(root, facts) ? { rehearsal: true } : {}),
    topLevel: root.members
      .slice(0, TOP_LEVEL_LIMIT)
      .map(({ key, value }) => ({ key: key.slice(0, KEY_LIMIT), type: jsonType(value) })),
  };
}

/** The embedded service states it twice (emulator/src/certificate/json.ts). */
function isRehearsal(root: JsonValue, { release_type: types = [] }: Facts): boolean {
  return hasRehearsalKey(root) || types.some(({ value }) => value === 'rehearsal');
}

function hasRehearsalKey(value: JsonValue): boolean {
  return childrenOf(value, '').some(({ key, value: inner }) => key === REHEARSAL_KEY || hasRehearsalKey(inner));
}

/**
 * Every value of the 13 keys, outer ones first. The vendor's own suite takes the first occurrence at any depth (§5.2); a second one with
 * another value is a contradiction, and picking one would be a guess.
 *
 * Only the record itself and the known parts of it are understood. A value anywhere else may be one that something takes back, and a list or
 * an object under such a key may do so with the others.
 */
function readIdentity(root: JsonObject): Facts {
  const names = new Set<string>(JSON_FACT_NAMES);
  const facts: Record<string, Fact[]> = Object.create(null);
  const objections = new Map<string, Stranger[]>();
  let level = [{ value: root as JsonValue, path: '$', inRecord: true }];
  while (level.length > 0) {
    const below: typeof level = [];
    for (const { value: container, path, inRecord } of level) {
      const repeated = container instanceof JsonObject ? repeatedKeys(container) : new Set();
      for (const child of childrenOf(container, path)) {
        const { key, value, path: where } = child;
        const isKnown = inRecord && !repeated.has(key);
        if (typeof value === 'object') {
          below.push({ value, path: where, inRecord: isKnown && isWrapper(child) });
          if (key !== undefined && names.has(key) && value !== null)
            objections.set(key, [...(objections.get(key) ?? []), { where, text: jsonText(value) }]);
        } else if (key !== undefined && names.has(key)) {
          addFact(facts, key, value, where, isKnown ? [] : unreadOf([{ where, text: jsonText(value) }]));
        }
      }
    }
    level = below;
  }
  for (const [name, values] of objections) {
    const [stated, unread] = [facts[name], unreadOf(values)];
    if (stated === undefined) continue;
    facts[name] = stated.map((fact) => ({ ...fact, unread: [...(fact.unread ?? []), ...unread] }));
  }
  return { ...facts };
}

function addFact(
  facts: Record<string, Fact[]>,
  name: string,
  value: string | number | boolean,
  where: string,
  unread: Wording[],
): void {
  const text = String(value).trim();
  if (text === '') return;
  const list = facts[name] ?? [];
  facts[name] = list;
  // The cap must not hide a different value behind many equal ones.
  const hidden = list.length === FACTS_PER_NAME && list.every((fact) => fact.value !== text);
  if (list.length < FACTS_PER_NAME || hidden)
    list.push({ value: text, document: 'json', where, ...(unread.length === 0 ? {} : { unread }) });
}
