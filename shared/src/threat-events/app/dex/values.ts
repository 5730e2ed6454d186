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
}

export interface Value {
  readonly names: ReadonlySet<string>;
  readonly sites: ReadonlySet<Site>;
  /** A number or null that is known before the app runs: an index with such a value picks one element. */
  readonly constant?: boolean;
}

const NO_NAMES: ReadonlySet<string> = new Set();
const NO_SITES: ReadonlySet<Site> = new Set();

export const FILTER = 'Landroid/content/IntentFilter;';
export const CONSTANT: Value = { names: NO_NAMES, sites: NO_SITES, constant: true };

export const newSite = (type: string): Site => ({ names: new Set(), first: new Set(), parts: new Set(), type });

export function holding(names: Iterable<string>, sites: Iterable<Site> = NO_SITES): Value | undefined {
  const found = { names: new Set(names), sites: new Set(sites) };
  return found.names.size === 0 && found.sites.size === 0 ? undefined : found;
}

/** What is in either. A constant that meets anything else is no longer constant. */
export function join(one: Value | undefined, other: Value | undefined): Value | undefined {
  if (one === other) return one;
  if (one === undefined || other === undefined) {
    const only = one ?? other;
    return only?.constant ? undefined : only;
  }
  if (one.constant && other.constant) return one;
  if (one.constant) return other;
  if (other.constant || contains(one, other)) return one;
  return { names: new Set([...one.names, ...other.names]), sites: new Set([...one.sites, ...other.sites]) };
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
  return holding(names, parts);
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
  if (value === undefined || value.constant) return false;
  const before = site.names.size + site.parts.size;
  for (const name of value.names) site.names.add(name);
  for (const part of value.sites) if (part !== site) site.parts.add(part);
  return site.names.size + site.parts.size > before;
}
