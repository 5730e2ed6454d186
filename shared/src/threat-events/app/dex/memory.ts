/** What the methods of an app tell each other through fields, arguments and results. Lives longer than one .dex file. */
import { join, matters, newSite, put, type Site, type Value } from './values.ts';

/** A call that makes a filter receive broadcasts, and the filter. */
export interface Registration {
  filter: Site;
  owner: string;
  method: string;
  /** A LocalBroadcastManager: Appdome's broadcasts do not pass through it. */
  local: boolean;
}

export class Memory {
  readonly #cells = new Map<string, Value>();
  readonly #sites = new Map<string, Site>();
  readonly #wanted = new Set<string>();
  readonly #registrations = new Map<string, Registration[]>();
  /** Counts what was learnt. */
  learnt = 0;

  cell(key: string): Value | undefined {
    return this.#cells.get(key);
  }

  store(key: string, value: Value | undefined): void {
    if (value === undefined || value.constant) return;
    const before = this.#cells.get(key);
    const after = before === undefined ? value : join(before, value);
    if (after === before || after === undefined) return;
    this.#cells.set(key, after);
    this.learnt++;
  }

  site(key: string, type: string): Site {
    const known = this.#sites.get(key);
    if (known !== undefined) return known;
    const made = newSite(type);
    this.#sites.set(key, made);
    return made;
  }

  put(value: Value | undefined, content: Value | undefined): void {
    for (const site of value?.sites ?? []) if (put(site, content)) this.learnt++;
  }

  putFirst(value: Value | undefined, content: Value | undefined): void {
    for (const site of value?.sites ?? []) for (const name of content?.names ?? []) site.first.add(name);
  }

  /** Something reads this and needs to know who fills it. */
  want(key: string): void {
    if (this.#wanted.has(key)) return;
    this.#wanted.add(key);
    this.learnt++;
  }

  register(at: string, registration: Registration): void {
    const known = this.#registrations.get(at) ?? [];
    if (known.some(({ filter }) => filter === registration.filter)) return;
    this.#registrations.set(at, [...known, registration]);
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
