/**
 * JSON with every member, in order, duplicates included.
 *
 * `JSON.parse` silently keeps the last of two equal keys, so a second `build_id` would hide the first. The packages that keep both build a
 * syntax tree of about 200 bytes per byte (5 MB took 0.9 GB). So `JSON.parse` decides whether the text is JSON, and the scanner below,
 * which relies on that, collects members as pairs. With pairs, `__proto__` is a key like any other.
 */

/** An object's members in document order; a key may come twice. */
export class JsonObject {
  readonly members: Array<{ key: string; value: JsonValue }> = [];
}

export type JsonValue = string | number | boolean | null | JsonObject | JsonValue[];

/** The certificate's own facts lie near the top (appdome-api.md §7.3: depth ≤ 12). Anything deeper could say anything, so it is refused. */
export const DEPTH_LIMIT = 32;
/** Keys included. A certificate is expected to have a few hundred; hundreds of thousands take minutes and more than 1 GB to judge. */
export const VALUE_LIMIT = 20_000;

/**
 * @returns the tree
 * @throws SyntaxError if the text is not JSON (RFC 8259); RangeError if it is nested deeper than DEPTH_LIMIT or has more values than
 * VALUE_LIMIT
 */
export function parseJsonTree(text: string): JsonValue {
  JSON.parse(text);
  return new Scanner(text).read();
}

interface Frame {
  container: JsonObject | JsonValue[];
  /** The key whose value comes next. */
  key: string | undefined;
}

/** Reads text that is known to be JSON. Uses a stack instead of recursion, because the sender chooses the depth. */
class Scanner {
  readonly #text: string;
  #at = 0;
  readonly #stack: Frame[] = [];
  #root: JsonValue = null;
  #values = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonValue {
    while (this.#at < this.#text.length) {
      const character = this.#text.charAt(this.#at);
      if (character === '{') this.#open(new JsonObject());
      else if (character === '[') this.#open([]);
      else if (character === '}' || character === ']') this.#close();
      else if (character === '"') this.#string();
      else if (/[-\dtfn]/.test(character)) this.#literal();
      else this.#at += 1;
    }
    return this.#root;
  }

  #count(): void {
    this.#values += 1;
    if (this.#values > VALUE_LIMIT) throw new RangeError(`has more than ${VALUE_LIMIT} keys and values`);
  }

  #open(container: JsonObject | JsonValue[]): void {
    this.#count();
    this.#at += 1;
    if (this.#stack.length >= DEPTH_LIMIT) throw new RangeError(`is nested deeper than ${DEPTH_LIMIT} levels`);
    this.#add(container);
    this.#stack.push({ container, key: undefined });
  }

  #close(): void {
    this.#at += 1;
    this.#stack.pop();
  }

  #string(): void {
    this.#count();
    const start = this.#at;
    this.#at += 1;
    while (this.#text[this.#at] !== '"') this.#at += this.#text[this.#at] === '\\' ? 2 : 1;
    this.#at += 1;
    const value = JSON.parse(this.#text.slice(start, this.#at)) as string;
    const frame = this.#stack.at(-1);
    if (frame?.container instanceof JsonObject && frame.key === undefined) frame.key = value;
    else this.#add(value);
  }

  #literal(): void {
    this.#count();
    const start = this.#at;
    while (/[-+.\w]/.test(this.#text.charAt(this.#at))) this.#at += 1;
    this.#add(JSON.parse(this.#text.slice(start, this.#at)) as JsonValue);
  }

  #add(value: JsonValue): void {
    const frame = this.#stack.at(-1);
    if (frame === undefined) {
      this.#root = value;
    } else if (frame.container instanceof JsonObject) {
      frame.container.members.push({ key: frame.key ?? '', value });
      frame.key = undefined;
    } else {
      frame.container.push(value);
    }
  }
}

/** @returns `string`, `number`, `boolean`, `null`, `array` or `object` */
export function jsonType(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

/** @returns a string as it is, everything else as compact JSON with every member */
export function jsonText(value: JsonValue): string {
  return typeof value === 'string' ? value : compact(value);
}

function compact(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(compact).join(',')}]`;
  if (!(value instanceof JsonObject)) return JSON.stringify(value);
  return `{${value.members.map(({ key, value: inner }) => `${JSON.stringify(key)}:${compact(inner)}`).join(',')}}`;
}

const LONGEST_KEY = 80;

/** One step of a JSON path to a member: `.key` or `["a key"]`. */
export function step(key: string): string {
  const shown = key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key;
  return /^[A-Za-z_]\w*$/.test(shown) ? `.${shown}` : `[${JSON.stringify(shown)}]`;
}

export interface JsonChild {
  /** undefined = an element of an array. */
  key: string | undefined;
  value: JsonValue;
  path: string;
}

export interface JsonMember extends JsonChild {
  key: string;
}

/** Members or elements, with their paths. */
export function childrenOf(container: JsonValue, path: string): JsonChild[] {
  if (Array.isArray(container))
    return container.map((value, index) => ({ key: undefined, value, path: `${path}[${index}]` }));
  return container instanceof JsonObject ? membersOf(container, path) : [];
}

export function membersOf(object: JsonObject, path: string): JsonMember[] {
  const seen = new Map<string, number>();
  return object.members.map(({ key, value }) => {
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    // A second member of the same name would have the same path; people must be able to tell them apart.
    return { key, value, path: `${path}${step(key)}${count > 1 ? ` (${count})` : ''}` };
  });
}

/** Keys that an object has more than once. */
export function repeatedKeys(object: JsonObject): Set<string | undefined> {
  const seen = new Set<string>();
  const repeated = new Set<string | undefined>();
  for (const { key } of object.members) (seen.has(key) ? repeated : seen).add(key);
  return repeated;
}

/** Whether any object in it has a key more than once. */
export function hasRepeatedKeys(value: JsonValue): boolean {
  if (value instanceof JsonObject && repeatedKeys(value).size > 0) return true;
  return childrenOf(value, '').some((child) => hasRepeatedKeys(child.value));
}
