/**
 * One strict parser per option type. Pure: no file is looked at here.
 *
 * A parser says what is wrong in words that fit after the option's name ("is not a boolean") and gives the allowed form.
 */
import { isJsonObject } from '../model/json-object.ts';
import { Secret } from '../model/secret.ts';
import { isUuid } from '../model/uuid.ts';
import { nearestNames } from '../text/nearest-name.ts';
import { formatDuration, parseDuration } from '../text/parse-duration.ts';
import { choicesOf } from './choices.ts';
import { isWrappedBase64, unwrapBase64 } from './file-source.ts';
import type { Choice, JsonInput, OptionDefinition, OptionType } from './option.ts';
import { parseProxyUrl, parseServerUrl } from './parse-url.ts';
import type { System } from './system.ts';

export type ParsedValue = string | number | boolean | string[] | JsonInput | Secret;

export type ValueParse = { ok: true; value: ParsedValue } | { ok: false; message: string; allowed: string };

const TRUE = ['true', 'yes', 'on', '1'];
const FALSE = ['false', 'no', 'off', '0'];

/** The value's text, so that the CLI knows whether the next word belongs to a boolean flag. */
export function isBooleanWord(text: string): boolean {
  return [...TRUE, ...FALSE].includes(text.toLowerCase());
}

function accept(value: ParsedValue): ValueParse {
  return { ok: true, value };
}

function refuse(message: string, allowed: string): ValueParse {
  return { ok: false, message, allowed };
}

function parseBoolean(text: string): ValueParse {
  if (!isBooleanWord(text)) return refuse('is not a boolean', 'true or false (also yes, no, on, off, 1, 0)');
  return accept(TRUE.includes(text.toLowerCase()));
}

function parseInteger(text: string, { min, max }: { min: number; max: number }): ValueParse {
  const allowed = `a whole number from ${min} to ${max}`;
  if (!/^[+-]?\d+$/.test(text)) return refuse('is not a whole number', allowed);
  const value = Number(text);
  return value < min || value > max ? refuse('is out of range', allowed) : accept(value);
}

function parseDurationValue(text: string, { min, max }: { min: number; max: number }): ValueParse {
  const allowed = `${formatDuration(min)} to ${formatDuration(max)}, with a unit: 90s, 55m, 1h30m`;
  if (/^\d+(\.\d+)?$/.test(text)) return refuse('is a duration without a unit', allowed);
  const value = parseDuration(text);
  if (value === undefined) return refuse('is not a duration', allowed);
  return value < min || value > max ? refuse('is out of range', allowed) : accept(value);
}

/**
 * New lines separate, and what separates items on that system. Empty and repeated items are dropped.
 * A JSON list of texts is taken item by item as it stands: for what has a comma or a line break in it.
 */
export function splitList(text: string, { inputs }: System): string[] {
  const verbatim = jsonList(text);
  if (verbatim) return [...new Set(verbatim.filter((item) => item.trim() !== ''))];
  const items = text.split(new RegExp(`[\\r\\n${inputs.separators}]`)).map((item) => item.trim());
  return [...new Set(items.filter((item) => item !== ''))];
}

function jsonList(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
  } catch {
    // A pattern begins with a bracket, too.
    return undefined;
  }
}

/** Files: base64 that a tool has wrapped is one item. */
function splitFiles(given: string, system: System): string[] {
  if (jsonList(given) !== undefined) return splitList(given, system);
  const text = unwrapBase64(given);
  const parts = text.split(new RegExp(`[${system.inputs.separators}]`));
  if (!parts.some(isWrappedBase64)) return splitList(text, system);
  const items = (part: string) => (isWrappedBase64(part) ? [part.replaceAll(/\s+/g, '')] : splitList(part, system));
  return [...new Set(parts.flatMap(items))];
}

function choiceKey(text: string): string {
  return text.toLowerCase().replaceAll(/[-_\s]/g, '');
}

function parseChoice(text: string, choices: readonly Choice[]): ValueParse {
  const names = choices.map(({ value }) => value);
  const key = choiceKey(text);
  const found = choices.find(({ value, synonyms = [] }) =>
    [value, ...synonyms].some((each) => choiceKey(each) === key),
  );
  if (found) return accept(found.value);
  const [near] = nearestNames(text, names);
  return refuse(`is not one of its values${near ? `; did you mean ${near}?` : ''}`, names.join(', '));
}

function parseChoices(text: string, choices: readonly Choice[], system: System): ValueParse {
  const values: string[] = [];
  for (const item of splitList(text, system)) {
    const parsed = parseChoice(item, choices);
    if (!parsed.ok) return { ...parsed, message: `holds "${item}", which ${parsed.message}` };
    values.push(parsed.value as string);
  }
  return accept([...new Set(values)]);
}

/**
 * What keytool, apksigner, openssl, Gradle and Play Console write before a certificate's fingerprint. apksigner also prints the digest of
 * the public key: that is another number.
 */
const FINGERPRINT_LABEL =
  /^(?:(?:signer #\d+ |v[\d.]+ signer:? ?|signer \([\w=, ]+\) )?(?:certificate )?sha-?(?<kind>1|256)(?: certificate)?(?: fingerprint| digest| thumbprint)?|certificate fingerprint \(sha-?(?<kindInBrackets>1|256)\))\s*[:=]\s*/i;

const FINGERPRINT_DIGITS = { 1: 40, 256: 64 } as const;

const FINGERPRINT_FORM = '40 (SHA-1) or 64 (SHA-256) hexadecimal digits, with or without colons';

/**
 * SHA-1 or SHA-256 as tools print it: labelled or not, in quotes, after `0x`, with colons, dashes, spaces or nothing between the pairs, and
 * with the invisible marks that come along from a web page or a Windows dialog. Of a tool's whole output, the SHA-256 counts if it is the
 * only one.
 * Normal form: upper case, no colons, as the service's own samples (appdome-api.md §3.9).
 */
export function parseFingerprint(given: string): ValueParse {
  const text = given.replaceAll(/\p{Cf}/gu, '').trim();
  const whole = parseOneFingerprint(text);
  if (whole.ok) return whole;
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  const found = lines.filter((line) => labelOf(line).kind === '256').map(parseOneFingerprint);
  const values = new Set(found.flatMap((each) => (each.ok ? [each.value] : [])));
  if (values.size > 1) return refuse(`holds ${values.size} SHA-256 fingerprints`, `one of them: ${FINGERPRINT_FORM}`);
  return found.find((each) => !each.ok) ?? found[0] ?? whole;
}

function labelOf(text: string): { label: string; kind?: string | undefined } {
  const match = FINGERPRINT_LABEL.exec(text);
  return { label: match?.[0] ?? '', kind: match?.groups?.kind ?? match?.groups?.kindInBrackets };
}

function unquoted(text: string): string {
  return text.replace(/^(["'])([^"']*)\1$/, '$2').trim();
}

function parseOneFingerprint(text: string): ValueParse {
  const allowed = FINGERPRINT_FORM;
  const bare = unquoted(text);
  const { label, kind } = labelOf(bare);
  const value = unquoted(bare.slice(label.length))
    .replace(/^0x/i, '')
    .replaceAll(/\p{Pd}/gu, '-')
    .replaceAll(/\s+/g, '');
  const digits = value.replaceAll(/[:-]/g, '');
  if (/public key sha-?\d+ digest/i.test(text)) {
    return refuse("is the digest of the public key, not the certificate's", allowed);
  }
  if (!/^[0-9A-F]*$/i.test(digits)) return refuse('holds characters that are not hexadecimal', allowed);
  const pairs = /^[0-9A-F]{2}(?:(?::[0-9A-F]{2})*|(?:-[0-9A-F]{2})*)$/i;
  if (digits !== value && !pairs.test(value)) return refuse('has misplaced colons or dashes', allowed);
  if (![40, 64].includes(digits.length)) return refuse(`has ${digits.length} hexadecimal digits`, allowed);
  if ((kind === '1' || kind === '256') && digits.length !== FINGERPRINT_DIGITS[kind]) {
    return refuse(`is labelled SHA-${kind}, but has ${digits.length} hexadecimal digits`, allowed);
  }
  if (/^0+$/.test(digits)) return refuse('is all zeros, which is the fingerprint of no certificate', allowed);
  return accept(digits.toUpperCase());
}

function parseJson(text: string): ValueParse {
  return text.startsWith('{') || text.startsWith('[') ? parseJsonObject(text) : accept({ path: text });
}

/** @returns the object as `{ inline }` */
export function parseJsonObject(text: string): ValueParse {
  const allowed = 'a JSON object, or the path of a file that holds one';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('is not valid JSON', allowed);
  }
  return isJsonObject(value) ? accept({ inline: value }) : refuse('is JSON, but not an object', allowed);
}

/** A variable that the CI system did not replace because it does not exist. A password may well begin with a `$`: fewer forms there. */
const UNRESOLVED = {
  token: /^(\$\([\w.-]+\)|\$\{\{.*\}\}|\$\{\w+\}|\$[A-Z_][A-Z0-9_]*|%[A-Z_][A-Z0-9_]*%)$/,
  password: /^(\$\([\w.-]+\)|\$\{\{.*\}\})$/,
};

function parseSecret(text: string, form: 'token' | 'password'): ValueParse {
  const value = form === 'token' ? text.trim() : text;
  if (UNRESOLVED[form].test(value)) {
    const allowed = 'the secret itself, from a variable that this job has';
    return refuse('is a reference to a variable that was not replaced', allowed);
  }
  // A line break or a letter outside ASCII would break, or inject into, the header that it is sent in.
  if (form === 'token' && !/^[\x21-\x7e]+$/.test(value)) {
    return refuse('holds white space or characters that no key has', 'the key, nothing else');
  }
  return accept(new Secret(value));
}

function parseString(text: string, type: Extract<OptionType, { kind: 'string' }>): ValueParse {
  const { form, pattern, maxLength = 1000, verbatim } = type;
  const allowed = form ?? `one line of at most ${maxLength} characters`;
  if (verbatim ? text.includes('\0') : /\p{Cc}/u.test(text)) return refuse('holds control characters', allowed);
  if (text.length > maxLength) return refuse('is too long', allowed);
  return pattern && !pattern.test(text) ? refuse('has a wrong form', allowed) : accept(text);
}

function parseUuid(text: string): ValueParse {
  const allowed = 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx, hexadecimal';
  return isUuid(text) ? accept(text.toLowerCase()) : refuse('is not a UUID', allowed);
}

function parseUrl(text: string, form: 'server' | 'proxy'): ValueParse {
  const parsed = form === 'server' ? parseServerUrl(text) : parseProxyUrl(text);
  const allowed =
    form === 'server' ? 'https://HOST, or http://localhost:PORT' : 'http://HOST:PORT or https://HOST:PORT';
  return parsed.ok ? parsed : { ...parsed, allowed };
}

/**
 * @param text not empty; an empty text is "unset" and never comes here
 */
export function parseValue(option: OptionDefinition, text: string, system: System): ValueParse {
  const { type } = option;
  if (type.kind === 'secret') return parseSecret(text, type.form);
  const trimmed = text.trim();
  switch (type.kind) {
    case 'string':
      return parseString(type.verbatim ? text : trimmed, type);
    case 'boolean':
      return parseBoolean(trimmed);
    case 'integer':
      return parseInteger(trimmed, type);
    case 'duration':
      return parseDurationValue(trimmed, type);
    case 'list':
    case 'path-list':
      return accept(splitList(trimmed, system));
    case 'file-list':
      return accept(splitFiles(trimmed, system));
    case 'choice':
    case 'ci':
      return parseChoice(trimmed, choicesOf(type));
    case 'choice-list':
      return parseChoices(trimmed, type.choices, system);
    case 'path':
    case 'file':
      return trimmed.includes('\0') ? refuse('is not a path', 'the path of a file or folder') : accept(trimmed);
    case 'json':
      return parseJson(trimmed);
    case 'uuid':
      return parseUuid(trimmed);
    case 'url':
      return parseUrl(trimmed, type.form);
    case 'fingerprint':
      return parseFingerprint(trimmed);
  }
}
