/** What a register, field, argument or result can hold, as far as event names go. */

/** An object by the place that makes it: a filter, an array, a list, an enum constant. */
export interface Site {
  /** Names that were put into it: actions of a filter, elements of an array, strings that a constructor was given. */
  readonly names: Set<string>;
  /** What the first argument of the constructor was: for an enum constant, its own name. */
  readonly first: Set<string>;
  /** Objects that were put into it. */
  readonly parts: Set<Site>;
  readonly type: string;
  /** The key of the method that makes it. */
  readonly madeIn: string;
  /** Lists whose elements were put into it. */
  readonly from: Set<Site>;
  /** Where each name was added to a filter. */
  readonly added: Map<string, Place[]>;
  /** Which instruction fills an element of an array. */
  readonly slots: Map<number, string>;
  /** Methods that a filter was handed to, and where. */
  readonly given: Map<string, Place>;
  /** Why what is in it is not all that matters, or not all there any more. */
  isChanged: boolean;
}

/** An instruction of a method, by the method's key and the offset. */
export interface Place {
  method: string;
  at: number;
}

export interface Value {
  readonly names: ReadonlySet<string>;
  readonly sites: ReadonlySet<Site>;
  /** A number or null that is known before the app runs: an index with such a value picks one element. */
  readonly constant?: boolean;
  /** Which number. */
  readonly number?: number;
  /** It can be something else, too: branches meet that do not agree. */
  readonly isUnsure?: boolean;
  /** The lists that the names are elements of. */
  readonly from?: ReadonlySet<Site>;
}

const NO_NAMES: ReadonlySet<string> = new Set();
const NO_SITES: ReadonlySet<Site> = new Set();

export const FILTER = 'Landroid/content/IntentFilter;';
export const CONSTANT: Value = { names: NO_NAMES, sites: NO_SITES, constant: true };

export const newSite = (type: string, madeIn = ''): Site => ({
  madeIn,
  names: new Set(),
  first: new Set(),
  parts: new Set(),
  type,
  from: new Set(),
  added: new Map(),
  slots: new Map(),
  given: new Map(),
  isChanged: false,
});

export function holding(names: Iterable<string>, sites: Iterable<Site> = NO_SITES): Value | undefined {
  const found = { names: new Set(names), sites: new Set(sites) };
  return found.names.size === 0 && found.sites.size === 0 ? undefined : found;
}

export const unsure = (value: Value): Value => (value.isUnsure ? value : { ...value, isUnsure: true });

/** Where branches meet: what is in either, and unsure unless they agree. A constant that meets anything else is no longer constant. */
export function join(one: Value | undefined, other: Value | undefined): Value | undefined {
  if (one === other) return one;
  if (one === undefined || other === undefined) {
    const only = one ?? other;
    return only === undefined || only.constant ? undefined : unsure(only);
  }
  if (one.constant && other.constant) return one.number === other.number ? one : CONSTANT;
  if (one.constant) return unsure(other);
  if (other.constant) return unsure(one);
  if (contains(one, other)) {
    const isSame = contains(other, one) && !other.isUnsure;
    return isSame ? one : unsure(one);
  }
  return { ...merge(one, other), isUnsure: true };
}

/** What several calls hand over, each of them one. */
export function merge(one: Value, other: Value): Value {
  if (contains(one, other) && (one.isUnsure || !other.isUnsure)) return one;
  return {
    names: new Set([...one.names, ...other.names]),
    sites: new Set([...one.sites, ...other.sites]),
    isUnsure: one.isUnsure === true || other.isUnsure === true,
    from: new Set([...(one.from ?? []), ...(other.from ?? [])]),
  };
}

function contains(one: Value, other: Value): boolean {
  for (const name of other.names) if (!one.names.has(name)) return false;
  for (const site of other.sites) if (!one.sites.has(site)) return false;
  return true;
}

/** What iterating over the value, or adding all of it, gives. */
export function elementsOf(value: Value | undefined): Value | undefined {
  if (value === undefined || value.constant) return undefined;
  const names = new Set<string>();
  const parts = new Set<Site>();
  for (const site of value.sites) {
    for (const name of site.names) names.add(name);
    for (const part of site.parts) parts.add(part);
  }
  const found = holding(names, parts);
  return found && { ...found, from: value.sites, isUnsure: value.isUnsure === true };
}

/** Whether it matters who reads it: a filter, or anything that holds a name. */
export function matters(value: Value): boolean {
  if (value.names.size > 0) return true;
  for (const site of value.sites) {
    if (site.type === FILTER || site.names.size > 0 || site.parts.size > 0) return true;
  }
  return false;
}

/** @returns whether the object has grown */
export function put(site: Site, value: Value | undefined): boolean {
  if (value === undefined || value.constant || value.isUnsure) return false;
  for (const list of value.from ?? []) site.from.add(list);
  const before = site.names.size + site.parts.size;
  for (const name of value.names) site.names.add(name);
  for (const part of value.sites) if (part !== site) site.parts.add(part);
  return site.names.size + site.parts.size > before;
}
