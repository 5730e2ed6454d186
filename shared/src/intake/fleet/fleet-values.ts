/** The options of one map of a fleet file: each value as the parser of its option reads it. Pure. */
import { posix } from 'node:path';
import { isJsonObject } from '../../model/json-object.ts';
import { type Platform, platformName } from '../../model/run-request.ts';
import { decodeBase64, isUrl } from '../../options/file-source.ts';
import { parseValue } from '../../options/parse-value.ts';
import { shownValue } from '../../options/problem.ts';
import { variableOf } from '../../options/spelling.ts';
import { CLI } from '../../options/systems/cli.ts';
import type { Option, OptionId } from '../../options/table.ts';
import type { PolicyPath } from '../../policy/file/policy-yaml.ts';
import { SECRET_KEY } from '../../secrets/secret-overrides.ts';
import { fleetOption, takesVariable } from './fleet-options.ts';

/** What the file says of one option: the text that its parser takes, or the variable that has it. */
export interface Setting {
  id: OptionId;
  /** Where it stands. */
  path: PolicyPath;
  given: { text: string } | { variable: string };
  /** The platforms that it is for. */
  platforms?: readonly Platform[];
}

export interface ValueProblem {
  path: PolicyPath;
  message: string;
  value?: string;
  allowed?: string;
}

/** One map: options by their names, beside keys that are none. */
export type Section = Readonly<Record<string, unknown>>;

/**
 * @param base the folder of the fleet file, which its paths are relative to
 * @param platform of a section that is for one platform
 */
export function settingsOf(
  section: Section,
  at: PolicyPath,
  base: string,
  platform?: Platform,
): { settings: Setting[]; problems: ValueProblem[] } {
  const settings: Setting[] = [];
  const problems: ValueProblem[] = [];
  for (const [key, value] of Object.entries(section)) {
    const option = fleetOption(key);
    if (option === undefined || value === undefined) continue;
    const path = [...at, key];
    const { platforms } = option;
    const read = readValue(option, value, base);
    if ('message' in read) problems.push({ path, ...read });
    else if (platform !== undefined && platforms !== undefined && !platforms.includes(platform)) {
      problems.push({ path, message: `does not apply to ${platformName(platform)}`, allowed: 'leave it out' });
    } else settings.push({ id: option.id, path, given: read, ...(platforms === undefined ? {} : { platforms }) });
  }
  return { settings, problems };
}

type Read = Setting['given'] | Omit<ValueProblem, 'path'>;

function readValue(option: Option, value: unknown, base: string): Read {
  if (takesVariable(option) && isJsonObject(value)) return { variable: String(value.env) };
  const { kind } = option.type;
  if (kind === 'list' || kind === 'choice-list' || kind === 'path-list' || kind === 'file-list')
    return readList(option, value, base);
  if (kind === 'json' && isJsonObject(value)) return readJson(option, value);
  const text = String(value);
  const wrong = held(option, text);
  if (wrong !== undefined) return wrong;
  const parsed = parseValue(option, text, CLI);
  if (!parsed.ok) return { message: parsed.message, value: shownValue(text), allowed: parsed.allowed };
  const isPath = kind === 'path' || kind === 'file' || (kind === 'json' && !text.trim().startsWith('{'));
  return { text: isPath ? placed(text, base) : text };
}

/** As a JSON list, which is the same list on every system. */
function readList(option: Option, value: unknown, base: string): Read {
  const text = Array.isArray(value) ? JSON.stringify(value) : String(value);
  const parsed = parseValue(option, text, CLI);
  if (!parsed.ok) return { message: parsed.message, value: shownValue(text), allowed: parsed.allowed };
  const items = [parsed.value].flat().map(String);
  const { kind } = option.type;
  const isPath = kind === 'path-list' || kind === 'file-list';
  return { text: JSON.stringify(isPath ? items.map((item) => placed(item, base)) : items) };
}

function readJson(option: Option, value: Record<string, unknown>): Read {
  return heldIn(option, value) ?? { text: JSON.stringify(value) };
}

/** A credential that would lie in the repository with the file. */
function held(option: Option, text: string): Omit<ValueProblem, 'path'> | undefined {
  const { type } = option;
  if (type.kind === 'url' && /^[a-z][a-z0-9+.-]*:\/\/[^/]*@/i.test(text)) {
    return { message: 'holds a password and does not belong in a file', allowed: leftOut(option) };
  }
  if (type.kind === 'file' && type.secret && decodeBase64(text) !== undefined) {
    return { message: 'holds the content of a secret file', allowed: `a path, { env: NAME }, or ${leftOut(option)}` };
  }
  if (type.kind === 'file' && isUrl(text) && /[?@]/.test(text)) {
    const allowed = takesVariable(option) ? '{ env: NAME } with the name of a variable that holds it' : leftOut(option);
    return { message: 'is an address with credentials in it', allowed };
  }
  if (type.kind === 'json' && text.trim().startsWith('{')) {
    try {
      return heldIn(option, JSON.parse(text));
    } catch {
      // Its own parser says what is wrong.
    }
  }
  return undefined;
}

function heldIn(option: Option, value: unknown): Omit<ValueProblem, 'path'> | undefined {
  let secret: string | undefined;
  JSON.stringify(value, (key, each) => {
    if (SECRET_KEY.test(key)) secret ??= key;
    return each;
  });
  if (secret === undefined) return undefined;
  return { message: `holds "${shownValue(secret)}", which is a secret`, allowed: leftOut(option) };
}

function leftOut({ id }: Option): string {
  return `leave it out and set the variable ${variableOf(id)}`;
}

/** A path as the working directory sees it. Content in base64, and addresses, stay as they are. */
export function placed(text: string, base: string): string {
  const isElsewhere = posix.isAbsolute(text) || /^[a-z]:[\\/]|^\\\\/i.test(text);
  if (isElsewhere || isUrl(text) || /^data:/.test(text) || decodeBase64(text) !== undefined) return text;
  return posix.join(base.replaceAll('\\', '/'), text.replaceAll('\\', '/'));
}
