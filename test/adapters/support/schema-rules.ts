/**
 * Every rule of a JSON Schema with a way to break it in a document, so that a test can show of each rule that it refuses something. For the
 * keywords that test/fixtures/schemas use; conditions (`if`, `then`, `allOf`) are for a table of their own.
 */

export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string | string[];
  required?: string[];
  properties?: Record<string, JsonSchema | boolean>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  not?: JsonSchema;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  uniqueItems?: boolean;
  minimum?: number;
  exclusiveMinimum?: number;
  minProperties?: number;
  maxProperties?: number;
  [keyword: string]: unknown;
}

export interface Rule {
  /** Where the rule stands, as a JSON pointer. */
  at: string;
  keyword: string;
  /** The part of the schema that holds the keyword: Ajv's `parentSchema`, by identity. */
  part: JsonSchema;
  /** The property that `required` names. */
  missing?: string;
  /** A copy of the document in which this rule is broken, and perhaps others with it. */
  breakIn(document: unknown): unknown;
}

type Place = readonly (string | number)[];
type Json = Record<string | number, unknown>;

/** Any name: what an open object holds. */
const ANY_NAME = 'any-name';

/** A copy with the value at that place changed; what is missing on the way there is made. */
function changed(document: unknown, place: Place, change: (value: unknown) => unknown): unknown {
  const root: Json = { value: structuredClone(document) };
  let holder = root;
  let key: string | number = 'value';
  for (const next of place) {
    const here = holder[key];
    if (typeof here !== 'object' || here === null) holder[key] = typeof next === 'number' ? [] : {};
    holder = holder[key] as Json;
    key = next;
  }
  holder[key] = change(holder[key]);
  return root.value;
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function ofNoType(type: string | string[]): unknown {
  const types = [type].flat();
  const values: Array<[string[], unknown]> = [
    [['object'], {}],
    [['array'], []],
    [['boolean'], true],
    [['string'], 'words'],
    [['number', 'integer'], 7],
  ];
  return values.find(([names]) => !names.some((name) => types.includes(name)))?.[1];
}

function unlike(pattern: string): string {
  const found = ['', '!', '\n'].find((text) => !new RegExp(pattern, 'u').test(text));
  if (found === undefined) throw new RangeError(`no text at hand breaks ${pattern}`);
  return found;
}

/** How each keyword is broken, from its value and the value that the document has there. */
const BREAKS: Record<string, (keyword: never, value: unknown) => unknown> = {
  type: (type: string | string[]) => ofNoType(type),
  enum: () => 'none of them',
  const: () => 'something else',
  pattern: (pattern: string) => unlike(pattern),
  minLength: () => '',
  maxLength: (most: number) => 'x'.repeat(most + 1),
  minItems: () => [],
  uniqueItems: (_: true, value) => [...(value as unknown[]), (value as unknown[])[0]],
  minimum: (least: number) => least - 1,
  exclusiveMinimum: (limit: number) => limit,
  minProperties: () => ({}),
  maxProperties: (most: number, value) => ({
    ...object(value),
    ...Object.fromEntries(Array.from({ length: most + 1 }, (_, at) => [`more-${at}`, 'x'])),
  }),
  not: ({ const: refused }: JsonSchema) => refused,
};

/** @returns the rules of the schema, each once, where a document first meets them */
export function rulesOf(schema: JsonSchema): Rule[] {
  const rules = new Map<string, Rule>();
  const walk = (part: JsonSchema, at: string, place: Place): void => {
    const add = (keyword: string, breakValue: (value: unknown) => unknown, missing?: string) => {
      const breakIn = (document: unknown) => changed(document, place, breakValue);
      const rule = { at: `${at}/${keyword}`, keyword, part, breakIn };
      const id = `${rule.at} ${missing ?? ''}`;
      if (!rules.has(id)) rules.set(id, missing === undefined ? rule : { ...rule, missing });
    };
    for (const [keyword, breakWith] of Object.entries(BREAKS)) {
      if (part[keyword] !== undefined) add(keyword, (value) => breakWith(part[keyword] as never, value));
    }
    for (const name of part.required ?? []) {
      add(
        'required',
        (value) => Object.fromEntries(Object.entries(object(value)).filter(([key]) => key !== name)),
        name,
      );
    }
    if (part.additionalProperties === false)
      add('additionalProperties', (value) => ({ ...object(value), 'no-key': 1 }));
    else if (typeof part.additionalProperties === 'object') {
      walk(part.additionalProperties, `${at}/additionalProperties`, [...place, ANY_NAME]);
    }
    for (const [name, child] of Object.entries(part.properties ?? {})) {
      if (typeof child === 'object') walk(child, `${at}/properties/${name}`, [...place, name]);
    }
    if (part.items) walk(part.items, `${at}/items`, [...place, 0]);
    part.anyOf?.forEach((branch, index) => {
      walk(branch, `${at}/anyOf/${index}`, place);
    });
    const named = part.$ref?.replace('#/$defs/', '');
    const target = named === undefined ? undefined : schema.$defs?.[named];
    if (target) walk(target, `#/$defs/${named}`, place);
  };
  walk(schema, '#', []);
  return [...rules.values()];
}
