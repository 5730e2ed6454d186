/**
 * One JSON value as a feature list: the shapes A to G of appdome-api.md §7.3, all of them inferred. What is not exactly one of these
 * shapes is no list, and never a guess.
 */
import { isCategoryName, isEventName, isFeatureName } from '../catalogue/name-index.ts';
import { normaliseName } from '../catalogue/normalise.ts';
import type { FeatureFact, Presence } from './certificate.ts';
import { isBareListing, presenceOfValue, shown, speaksOfPresence, statementOf } from './json-presence.ts';
import { JsonObject, type JsonValue, step } from './json-tree.ts';

export type JsonShape = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G';

/** Keys that announce a list of protections by themselves; the second ones do only where a known name stands in the list. */
const LIST_KEYS = new Set(['features', 'plugins', 'protections', 'parameters']);
const GENERAL_LIST_KEYS = new Set(['security', 'services', 'items']);

/**
 * A list below such a key says what is not in the app, or could be, or should be, or was; or it lists events or people's words.
 * Searched anywhere in the key, so that `unavailable`, `notEnabled` and `missing_features` are caught too.
 */
const NEVER_COUNTS =
  /missing|disabled|unsupported|available|removed|recommend|inactive|excluded|failed|skipped|ignored|deprecated|suggest|optional|absent|unused|denied|expired|retired|planned|pending|candidate|licen[cs]|entitle|purchas|compatib|supported|required|expected|catalog|previous|history|archive|old|not_|^no_|(?:^|_)(?:off|non|un(?:protected|selected|applied|installed|secured|covered|checked)|gaps?|lost|lacks?|lacking|without|todo|upgrades?|waived|exempt[a-z]*)(?:_|$)|omit|drop|reject|declin|discontinu|withdrawn|deselect|event|listener|implementation|annotation|description|comment|note|label|tag|error|warning/;

const NAME_KEYS = ['name', 'key', 'id', 'feature', 'feature_name', 'plugin', 'title', 'display_name'];
const ATTRIBUTE = /^(.+)\.(serverMode|server_mode|mode|enabled|value)$/;
const LONGEST_NAME = 200;
/** The catalogue has 125 entries; what is so much longer is no list of protections. */
const LARGEST_LIST = 10_000;

export interface Place {
  value: JsonValue;
  /** The key under which it stands; undefined for the document itself. */
  key: string | undefined;
  path: string;
  /** 0 = the document. Lists are read down to 2, which is one level down. */
  depth: number;
  /** A key above it does not say that what is below belongs to the app: `upsell: { features: […] }`. */
  belowUnknownKey?: boolean;
}

/** A list, recognised. */
export interface Recognised {
  shape: JsonShape;
  features: FeatureFact[];
  /** The members that it was read from; absent = all that there are. */
  keys?: ReadonlySet<string>;
  /** Its names alone are known; what the key says of them is not, so that it proves nothing. */
  underUnknownKey?: true;
}

/** Whether nothing below this key may prove presence. */
export function neverCounts(key: string): boolean {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return NEVER_COUNTS.test(words.replace(/[^a-z0-9]+/g, '_'));
}

/** Whether a key announces a list of protections by itself. */
export function isListKey(key: string | undefined): boolean {
  return key !== undefined && LIST_KEYS.has(normaliseName(key));
}

/** Whether the place is a list of protections by its key; `names` are those that stand in it. */
function announces(key: string | undefined, names: readonly string[]): boolean {
  if (isListKey(key)) return true;
  if (key !== undefined && GENERAL_LIST_KEYS.has(normaliseName(key))) return names.some(isFeatureName);
  // Any other key: at least two names, and every one of them known. Such a list is reported, and proves nothing.
  return key !== undefined && names.length >= 2 && names.every(isFeatureName);
}

/** @returns the list that stands here; undefined = no allow-listed shape */
export function recognise(place: Place): Recognised | undefined {
  const size =
    place.value instanceof JsonObject
      ? place.value.members.length
      : Array.isArray(place.value)
        ? place.value.length
        : 0;
  if (size > LARGEST_LIST) return undefined;
  let recognised: Recognised | undefined;
  if (Array.isArray(place.value)) recognised = recogniseArray(place, place.value);
  else if (place.value instanceof JsonObject) recognised = recogniseObject(place, place.value);
  const proves = place.belowUnknownKey !== true && recognised !== undefined && isKnownPlace(place, recognised.shape);
  return recognised === undefined || proves ? recognised : { ...recognised, underUnknownKey: true };
}

/** Whether what stands below the place may prove presence: the document, a wrapper of the record, or a key that announces a list. */
export function leadsToLists({ key, belowUnknownKey }: Place): boolean {
  if (belowUnknownKey === true) return false;
  return key === undefined || isWrapper(key) || isAnyListKey(key);
}

function isAnyListKey(key: string): boolean {
  return LIST_KEYS.has(normaliseName(key)) || GENERAL_LIST_KEYS.has(normaliseName(key));
}

function isWrapper(key: string): boolean {
  return WRAPPERS.has(normaliseName(key));
}

/**
 * Whether the key says that protections of the app stand there. `upsell: [root_detection, anti_debugging]` holds known names only and says
 * the opposite, and so does `upsell: { plugins: […] }`, which is a category (C) only where the heading has been seen; below a list key it
 * may be any. Names that carry their attributes (E, F) may stand in the document itself and in its wrappers.
 */
function isKnownPlace({ key }: Place, shape: JsonShape): boolean {
  if (key === undefined || isAnyListKey(key)) return true;
  if (shape === 'C') return isCategoryName(key);
  return (shape === 'E' || shape === 'F') && isWrapper(key);
}

// --- Arrays: G, A, B ---

function recogniseArray(place: Place, elements: readonly JsonValue[]): Recognised | undefined {
  if (elements.length === 0) return isListKey(place.key) ? { shape: 'B', features: [] } : undefined;
  if (elements.every((element) => element instanceof JsonObject)) return recogniseObjects(place, elements);
  if (!elements.every((element) => typeof element === 'string')) return undefined;
  if (!announces(place.key, elements)) return undefined;
  const features = elements.map((name, index) => fact(name, { presence: 'present' }, place.path + step(index)));
  return { shape: 'B', features };
}

function recogniseObjects(place: Place, elements: readonly JsonObject[]): Recognised | undefined {
  const named = elements.map((element) => nameOf(element));
  const names = named.filter((name) => name !== undefined);
  if (names.length === 0 || !announces(place.key, names)) return undefined;
  const features = elements.flatMap((element, index) => {
    const name = named[index];
    if (name === undefined) return [];
    const statement = statementOf(element);
    const category = textOf(element, 'category');
    const listed: Pick<Said, 'presence' | 'rawValue'> = isBareListing(element)
      ? { presence: 'present' }
      : { presence: 'unknown', rawValue: 'no value that is known' };
    const said = { ...statement, ...(statement.presence === undefined ? listed : { presence: statement.presence }) };
    return [fact(name, { ...said, ...(category === undefined ? {} : { category }) }, place.path + step(index))];
  });
  return { shape: elements.every(isPair) ? 'G' : 'A', features };
}

function isPair(element: JsonObject): boolean {
  const keys = element.members.map(({ key }) => key);
  return keys.length === 2 && keys.includes('value') && (keys.includes('key') || keys.includes('name'));
}

/** The first name-like member. Two different values under one key are no name. */
function nameOf(element: JsonObject): string | undefined {
  for (const wanted of NAME_KEYS) {
    const values = element.members.filter(({ key }) => key === wanted).map(({ value }) => value);
    if (values.length === 0) continue;
    const [name] = values;
    const isName = typeof name === 'string' && name.trim() !== '' && new Set(values).size === 1;
    if (isName) return name;
    return undefined;
  }
  return undefined;
}

function textOf(element: JsonObject, wanted: string): string | undefined {
  const value = element.members.find(({ key }) => key === wanted)?.value;
  return typeof value === 'string' ? value.slice(0, LONGEST_NAME) : undefined;
}

// --- Objects: C, F, E, D ---

function recogniseObject(place: Place, object: JsonObject): Recognised | undefined {
  const { members } = object;
  if (members.length === 0) return isListKey(place.key) ? { shape: 'D', features: [] } : undefined;
  return (
    readCategories(place, object) ??
    readDotted(place, object) ??
    readPolicies(place, object) ??
    readFlags(place, object)
  );
}

/** Keys that wrap a part of the record (appdome-api.md §7.2); what stands in them is one level down, and they are no category. */
const WRAPPERS = new Set(['build', 'app', 'fusion_set', 'signing', 'certificate', 'info', 'details']);

/** C: category → { plugins, parameters }. Below a list key all members are categories; elsewhere each is a place of its own. */
function readCategories(place: Place, object: JsonObject): Recognised | undefined {
  if (!isListKey(place.key)) {
    if (place.key === undefined || isWrapper(place.key) || !isCategory(object)) return undefined;
    const features = readCategory(place.key, object, place.path);
    return features.length === 0 ? undefined : { shape: 'C', features };
  }
  if (!object.members.every(({ value }) => isCategory(value))) return undefined;
  const features = object.members.flatMap(({ key: category, value }) =>
    neverCounts(category) || !(value instanceof JsonObject)
      ? []
      : readCategory(category, value, place.path + step(category)),
  );
  return { shape: 'C', features };
}

function isCategory(value: JsonValue): boolean {
  return (
    value instanceof JsonObject &&
    value.members.some(
      ({ key, value: list }) => (key === 'plugins' || key === 'parameters') && typeof list === 'object',
    )
  );
}

function readCategory(category: string, branch: JsonObject, path: string): FeatureFact[] {
  return branch.members.flatMap(({ key, value }) => {
    if (key !== 'plugins' && key !== 'parameters') return [];
    const list = recognise({ value, key, path: path + step(key), depth: 0 });
    return (list?.features ?? []).map((feature) => ({ ...feature, category: category.slice(0, LONGEST_NAME) }));
  });
}

/** F: `root_detection.mode`. Outside a list key only known names, since any setting may have a dot. */
function readDotted(place: Place, object: JsonObject): Recognised | undefined {
  const groups = new Map<string, { statement: JsonObject; where: string }>();
  const keys = new Set<string>();
  for (const { key, value } of object.members) {
    const [, name, attribute] = ATTRIBUTE.exec(key) ?? [];
    if (name === undefined || attribute === undefined) {
      if (isListKey(place.key)) return undefined;
      continue;
    }
    if (!isListKey(place.key) && !isFeatureName(name)) continue;
    const group = groups.get(name) ?? { statement: new JsonObject(), where: place.path + step(key) };
    group.statement.members.push({ key: attribute, value });
    groups.set(name, group);
    keys.add(key);
  }
  if (groups.size === 0) return undefined;
  for (const { key, value } of object.members) groups.get(key)?.statement.members.push({ key: 'value', value });
  const features = [...groups].map(([name, { statement, where }]) => {
    const said = statementOf(statement);
    return fact(name, { ...said, presence: said.presence ?? 'unknown' }, where);
  });
  return { shape: 'F', features, keys };
}

/** E: name → { enabled, mode, … }. null stands for "nothing said". */
function readPolicies(place: Place, object: JsonObject): Recognised | undefined {
  const { members } = object;
  const entries = members.filter(({ value }) => value instanceof JsonObject && speaksOfPresence(value));
  if (entries.length === 0) return undefined;
  const announced = announcesPolicies(
    place.key,
    members,
    entries.map(({ key }) => key),
  );
  if (announced === undefined) return undefined;
  const features = announced.map(({ key, value }) => {
    const statement =
      value instanceof JsonObject ? statementOf(value) : { presence: undefined, rawValue: shown(value) };
    return fact(key, { ...statement, presence: statement.presence ?? 'unknown' }, place.path + step(key));
  });
  return { shape: 'E', features, keys: new Set(announced.map(({ key }) => key)) };
}

type Members = JsonObject['members'];

/** Below a list key every member must have the shape; in the document itself only known names are entries. */
function announcesPolicies(key: string | undefined, members: Members, names: readonly string[]): Members | undefined {
  if (isListKey(key) || announces(key, names)) {
    const alike = members.every(
      ({ value }) => value === null || (value instanceof JsonObject && speaksOfPresence(value)),
    );
    return alike ? members : undefined;
  }
  if (key !== undefined) return undefined;
  const known = members.filter(
    ({ key: name, value }) => isFeatureName(name) && value instanceof JsonObject && speaksOfPresence(value),
  );
  return known.length === 0 ? undefined : known;
}

/** D: name → boolean. Words for booleans and null are read under a list key only. */
function readFlags(place: Place, object: JsonObject): Recognised | undefined {
  const { members } = object;
  const scalar = members.every(({ value }) => value === null || typeof value !== 'object');
  const flags = isListKey(place.key) ? scalar : members.every(({ value }) => typeof value === 'boolean');
  if (
    !flags ||
    !announces(
      place.key,
      members.map(({ key }) => key),
    )
  )
    return undefined;
  const features = members.map(({ key, value }) => {
    const presence = presenceOfValue(value);
    return fact(
      key,
      presence === 'present' ? { presence } : { presence, rawValue: shown(value) },
      place.path + step(key),
    );
  });
  return { shape: 'D', features };
}

type Said = Pick<FeatureFact, 'presence' | 'rawValue' | 'threatEvents' | 'category'>;

function fact(
  name: string,
  said: { [K in keyof Said]: Said[K] | undefined } & { presence: Presence },
  where: string,
): FeatureFact {
  const { presence, rawValue, threatEvents, category } = said;
  const event = presence === 'present' && isEventName(name);
  const raw = event ? 'a Threat-Event name' : rawValue;
  return {
    name: name.trim().slice(0, LONGEST_NAME),
    role: 'json',
    ...(category === undefined ? {} : { category }),
    // A Threat-Event name says that something is reported, never that it is in the app (design, rule 2).
    presence: event ? 'unknown' : presence,
    ...(raw === undefined ? {} : { rawValue: raw }),
    ...(threatEvents === undefined ? {} : { threatEvents }),
    document: 'json',
    where,
  };
}
