/** What the methods of an app tell each other through fields, arguments and results. Lives longer than one .dex file. */
import type { MethodRef } from './dex-file.ts';
import { matters, merge, newSite, type Place, put, type Site, type Value } from './values.ts';

/** A call that makes a filter receive broadcasts, and the filter. */
export interface Registration {
  filter: Site;
  owner: string;
  method: string;
  callee: MethodRef;
  /** Whether it is certain that there is this filter and a receiver. */
  isSure: boolean;
  place: Place;
}

export class Memory {
  readonly #cells = new Map<string, Value>();
  readonly #sites = new Map<string, Site>();
  readonly #wanted = new Set<string>();
  readonly #doubted = new Map<string, Set<string>>();
  readonly #registrations = new Map<string, Registration[]>();
  /** Counts what was learnt. */
  learnt = 0;
  /** While the branches of a method are still followed, its calls do not count. */
  isClosed = false;

  cell(key: string): Value | undefined {
    return this.#cells.get(key);
  }

  store(key: string, value: Value | undefined): void {
    if (value === undefined || value.constant || this.isClosed) return;
    const before = this.#cells.get(key);
    const after = before === undefined ? value : merge(before, value);
    if (after === before) return;
    this.#cells.set(key, after);
    this.learnt++;
  }

  site(key: string, type: string): Site {
    const known = this.#sites.get(key);
    if (known !== undefined) return known;
    const made = newSite(type, key.slice(0, key.lastIndexOf('@')));
    this.#sites.set(key, made);
    return made;
  }

  put(value: Value | undefined, content: Value | undefined): void {
    if (this.isClosed || value?.isUnsure) return;
    for (const site of value?.sites ?? []) if (put(site, content)) this.learnt++;
  }

  putFirst(value: Value | undefined, content: Value | undefined): void {
    if (this.isClosed || content?.isUnsure) return;
    for (const site of value?.sites ?? []) for (const name of content?.names ?? []) site.first.add(name);
  }

  /** Names are added to a filter. */
  addActions(filter: Value | undefined, content: Value | undefined, place: Place): void {
    this.put(filter, content);
    if (this.isClosed || filter?.isUnsure || content?.isUnsure) return;
    for (const site of filter?.sites ?? []) {
      for (const name of content?.names ?? []) {
        const known = site.added.get(name) ?? [];
        if (!known.some((each) => each.method === place.method && each.at === place.at)) {
          site.added.set(name, [...known, place]);
        }
      }
    }
  }

  change(value: Value | undefined): void {
    if (this.isClosed) return;
    for (const site of value?.sites ?? []) site.isChanged = true;
  }

  /** An element that is replaced by another was there only for a while. */
  fillSlot(array: Value | undefined, index: number, place: string): void {
    if (this.isClosed) return;
    for (const site of array?.sites ?? []) {
      if ((site.slots.get(index) ?? place) !== place) site.isChanged = true;
      site.slots.set(index, place);
    }
  }

  give(value: Value | undefined, method: string, place: Place): void {
    if (this.isClosed) return;
    for (const site of value?.sites ?? []) if (!site.given.has(method)) site.given.set(method, place);
  }

  /** Whether an argument can be null, by what is known at a call. */
  doubt(key: string, call: string, isDoubtful: boolean): void {
    if (this.isClosed) return;
    const calls = this.#doubted.get(key) ?? new Set();
    if (calls.has(call) === isDoubtful) return;
    if (isDoubtful) calls.add(call);
    else calls.delete(call);
    this.#doubted.set(key, calls);
    this.learnt++;
  }

  isDoubted(key: string): boolean {
    return (this.#doubted.get(key)?.size ?? 0) > 0;
  }

  /** Something reads this and needs to know who fills it. */
  want(key: string): void {
    if (this.#wanted.has(key)) return;
    this.#wanted.add(key);
    this.learnt++;
  }

  register(at: string, registration: Registration): void {
    if (this.isClosed) return;
    const known = this.#registrations.get(at) ?? [];
    // What was learnt since can make it certain, or not.
    const others = known.filter(({ filter }) => filter !== registration.filter);
    this.#registrations.set(at, [...others, registration]);
  }

  registrations(): Registration[] {
    return [...this.#registrations.values()].flat();
  }

  /** Everything whose users have to be looked at, by the keys below. */
  topics(): Set<string> {
    const found = new Set(this.#wanted);
    for (const [key, value] of this.#cells) if (matters(value)) found.add(key);
    return found;
  }
}

/** Kinds of cells; what follows is the key of the field or method. */
export const FIELD = 'field ';
export const RESULT = 'result ';
/** The number of the argument stands between; the receiver is number 0, unless the method is static. */
export const ARGUMENT = 'argument ';
export const CALLERS = 'callers ';
