/**
 * One strict parser per option type. Pure: no file is looked at here.
 *
 * A parser says what is wrong in words that fit after the option's name ("is not a boolean") and gives the allowed form.
 */
import { Secret } from '../model/secret.ts';
import { nearestNames } from '../text/nearest-name.ts';
import { formatDuration, parseDuration } from '../text/parse-duration.ts';
import { isWrappedBase64 } from './file-source.ts';
import type { Choice, JsonValue, OptionDefinition, OptionType } from './option.ts';
import { parseProxyUrl, parseServerUrl } from './parse-url.ts';
import type { System } from './system.ts';

export type ParsedValue = string | number | boolean | string[] | JsonValue | Secret;

export type ValueParse = { ok: true; value: ParsedValue } | { ok: false; message: string; allowed: string };

const TRUE = ['true', 'yes', 'on', '1'];
const FALSE = ['false', 'no', 'off', '0'];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The value's text, so that the CLI knows whether the next word belongs to a boolean flag. */
export function isBooleanWord(text: string): boolean {
  return [...TRUE, ...FALSE].includes(text.toLowerCase());
}

function parseBoolean(text: string): ValueParse {
  const word = text.toLowerCase();
  if (TRUE.includes(word)) return { ok: true, value: true };
  if (FALSE.includes(word)) return { ok: true, value: false };
  return { ok: false, message: 'is not a boolean', allowed: 'true or false (also yes, no, on, off, 1, 0)' };
}

function parseInteger(text: string, { min, max }: { min: number; max: number }): ValueParse {
  const allowed = `a whole number from ${min} to ${max}`;
  if (!/^[+-]?\d+$/.test(text)) return { ok: false, message: 'is not a whole number', allowed };
  const value = Number(text);
  return value < min || value > max ? { ok: false, message: 'is out of range', allowed } : { ok: true, value };
}

function parseDurationValue(text: string, { min, max }: { min: number; max: number }): ValueParse {
  const allowed = `${formatDuration(min)} to ${formatDuration(max)}, with a unit: 90s, 55m, 1h30m`;
  if (/^\d+(\.\d+)?$/.test(text)) return { ok: false, message: 'is a duration without a unit', allowed };
  const value = parseDuration(text);
  if (value === undefined) return { ok: false, message: 'is not a duration', allowed };
  return value < min || value > max ? { ok: false, message: 'is out of range', allowed } : { ok: true, value };
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
function splitFiles(text: string, system: System): string[] {
  const parts = text.split(new RegExp(`[${system.inputs.separators}]`));
  return parts.some(isWrappedBase64) && jsonList(text) === undefined
    ? [
        ...new Set(
          parts.flatMap((part) => (isWrappedBase64(part) ? [part.replaceAll(/\s+/g, '')] : splitList(part, system))),
        ),
      ]
    : splitList(text, system);
}

function choiceKey(text: string): string {
  return text.toLowerCase().replaceAll(/[-_\s]/g, '');
}

function parseChoice(text: string, choices: readonly Choice[]): ValueParse {
  const allowed = choices.map(({ value }) => value).join(', ');
  const key = choiceKey(text);
  const found = choices.find((choice) =>
    [choice.value, ...(choice.synonyms ?? [])].some((each) => choiceKey(each) === key),
  );
  if (found) return { ok: true, value: found.value };
  const [near] = nearestNames(
    text,
    choices.map(({ value }) => value),
  );
  return { ok: false, message: `is not one of its values${near ? `; did you mean ${near}?` : ''}`, allowed };
}

function parseChoices(text: string, choices: readonly Choice[], system: System): ValueParse {
  const values: string[] = [];
  for (const item of splitList(text, system)) {
    const parsed = parseChoice(item, choices);
    if (!parsed.ok) return { ...parsed, message: `holds "${item}", which ${parsed.message}` };
    values.push(parsed.value as string);
  }
  return { ok: true, value: [...new Set(values)] };
}

/** SHA-1 or SHA-256, colons or none. Normal form: upper case, no colons, as the service's own samples (appdome-api.md §3.9). */
export function parseFingerprint(text: string): ValueParse {
  const allowed = '40 (SHA-1) or 64 (SHA-256) hexadecimal digits, with or without colons';
  const digits = text.replaceAll(/[:\s]/g, '');
  if (!/^[0-9A-F]*$/i.test(digits)) return { ok: false, message: 'holds characters that are not hexadecimal', allowed };
  if (text.includes(':') && !/^[0-9A-F]{2}(:[0-9A-F]{2})*$/i.test(text)) {
    return { ok: false, message: 'has colons at odd places', allowed };
  }
  if (digits.length !== 40 && digits.length !== 64) {
    return { ok: false, message: `has ${digits.length} hexadecimal digits`, allowed };
  }
  return { ok: true, value: digits.toUpperCase() };
}

function parseJson(text: string): ValueParse {
  if (!text.startsWith('{') && !text.startsWith('[')) return { ok: true, value: { path: text } };
  return parseJsonObject(text);
}

/** @returns the object as `{ inline }` */
export function parseJsonObject(text: string): ValueParse {
  const allowed = 'a JSON object, or the path of a file that holds one';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, message: 'is not valid JSON', allowed };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, message: 'is JSON, but not an object', allowed };
  }
  return { ok: true, value: { inline: value as Record<string, unknown> } };
}

/** A variable that the CI system did not replace because it does not exist. A password may well begin with a `$`: fewer forms there. */
const UNRESOLVED = {
  token: /^(\$\([\w.-]+\)|\$\{\{.*\}\}|\$\{\w+\}|\$[A-Z_][A-Z0-9_]*|%[A-Z_][A-Z0-9_]*%)$/,
  password: /^(\$\([\w.-]+\)|\$\{\{.*\}\})$/,
};

function parseSecret(text: string, form: 'token' | 'password'): ValueParse {
  const value = form === 'token' ? text.trim() : text;
  if (UNRESOLVED[form].test(value)) {
    return {
      ok: false,
      message: 'is a reference to a variable that was not replaced',
      allowed: 'the secret itself, from a variable that this job has',
    };
  }
  // A line break or a letter outside ASCII would break, or inject into, the header that it is sent in.
  if (form === 'token' && !/^[\x21-\x7e]+$/.test(value)) {
    return { ok: false, message: 'holds white space or characters that no key has', allowed: 'the key, nothing else' };
  }
  return { ok: true, value: new Secret(value) };
}

function parseString(text: string, type: Extract<OptionType, { kind: 'string' }>): ValueParse {
  const allowed = type.form ?? `one line of at most ${type.maxLength ?? 1000} characters`;
  if (type.verbatim ? text.includes('\0') : /\p{Cc}/u.test(text)) {
    return { ok: false, message: 'holds control characters', allowed };
  }
  if (text.length > (type.maxLength ?? 1000)) return { ok: false, message: 'is too long', allowed };
  if (type.pattern && !type.pattern.test(text)) return { ok: false, message: 'has a wrong form', allowed };
  return { ok: true, value: text };
}

function parsePath(text: string): ValueParse {
  return text.includes('\0')
    ? { ok: false, message: 'is not a path', allowed: 'the path of a file or folder' }
    : { ok: true, value: text };
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
      return { ok: true, value: splitList(trimmed, system) };
    case 'file-list':
      return { ok: true, value: splitFiles(trimmed, system) };
    case 'choice':
      return parseChoice(trimmed, type.choices);
    case 'choice-list':
      return parseChoices(trimmed, type.choices, system);
    case 'path':
    case 'file':
      return parsePath(trimmed);
    case 'json':
      return parseJson(trimmed);
    case 'uuid':
      return UUID.test(trimmed)
        ? { ok: true, value: trimmed.toLowerCase() }
        : { ok: false, message: 'is not a UUID', allowed: 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx, hexadecimal' };
    case 'url': {
      const parsed = type.form === 'server' ? parseServerUrl(trimmed) : parseProxyUrl(trimmed);
      const allowed =
        type.form === 'server' ? 'https://HOST, or http://localhost:PORT' : 'http://HOST:PORT or https://HOST:PORT';
      return parsed.ok ? parsed : { ...parsed, allowed };
    }
    case 'fingerprint':
      return parseFingerprint(trimmed);
  }
}
