/**
 * Event names in the .dex files of an app: which class holds each name, and whether it becomes an action of a filter that a receiver is
 * registered with. Files are looked at one after the other, and again if what was learnt in one matters in another.
 */
import type { ListenerPlace } from '../../outcome.ts';
import type { NameSearch } from '../name-search.ts';
import { type Owner, type OwnerOf, placeBy } from '../owners.ts';
import { Budget, orUnreadable, UnreadablePart } from '../problem.ts';
import { type MethodCode, methodsWithCode, staticStrings } from './class-members.ts';
import { classNameOf, DexFile, type MethodRef, methodKey } from './dex-file.ts';
import { Hierarchy } from './hierarchy.ts';
import { ARGUMENT, CALLERS, FIELD, Memory, RESULT, type Registration } from './memory.ts';
import { type FlowContext, followMethod } from './method-flow.ts';
import { fieldStores, getterField, returnsOf, scanMethods } from './scan.ts';
import { holding, type Place, type Site } from './values.ts';

export interface DexFinding {
  name: string;
  place: ListenerPlace;
}

const LOCAL = 'registered with a LocalBroadcastManager, which Appdome does not send to';
const NOT_FRAMEWORK = "handed to a method that is not Android's registerReceiver";
const UNSURE = 'a registration may have it, but not in every case: a value, its receiver or its filter is not certain';
const RENAMED = 'registered in a class that was renamed, so that its package does not tell whose it is';

/** Whose classes are followed. */
const READ: ReadonlySet<Owner> = new Set<Owner>(['own', 'renamed']);

/** Steps per byte of a file: several looks at each instruction, and no more. */
const STEPS_PER_BYTE = 60;
const MAX_ROUNDS = 20;

export class DexFinder {
  readonly #search: NameSearch;
  readonly #ownerOf: OwnerOf;
  readonly #memory = new Memory();
  readonly #hierarchy = new Hierarchy();
  /** How many instructions fill each field. */
  readonly #stores = new Map<string, number>();
  readonly findings: DexFinding[] = [];
  /** Files whose stores are counted. */
  readonly #counted = new Set<string>();
  /** Where the class of a registration was found. */
  readonly #files = new Map<string, string>();

  constructor(search: NameSearch, ownerOf: OwnerOf) {
    this.#search = search;
    this.#ownerOf = ownerOf;
  }

  /**
   * @param again whether the file was looked at before
   * @returns whether anything was learnt that could matter in another file
   * @throws UnreadablePart
   */
  look(file: string, bytes: Buffer, again = false): boolean {
    return orUnreadable('.dex', () => {
      const hits = this.#search.all(bytes);
      if (hits.length === 0 && this.#memory.learnt === 0) {
        // Damage is told even where it hides nothing that could be searched for.
        const dex = new DexFile(bytes);
        if (!again) this.#hierarchy.add(dex, new Budget(STEPS_PER_BYTE * bytes.length));
        return false;
      }
      return this.#look(file, new DexFile(bytes), new Map(hits.map(({ at, name }) => [at, name])), again);
    });
  }

  #look(file: string, dex: DexFile, hits: ReadonlyMap<number, string>, again: boolean): boolean {
    const budget = new Budget(STEPS_PER_BYTE * dex.bytes.length + 100_000);
    const names = wholeStrings(dex, hits);
    const before = this.#memory.learnt;
    if (!again) this.#hierarchy.add(dex, budget);
    if (!again) this.#noteNames(file, dex, names, hits, budget);
    if (names.size > 0 || before > 0) {
      this.#follow(file, dex, names, budget);
    }
    return this.#memory.learnt > before;
  }

  #noteNames(
    file: string,
    dex: DexFile,
    names: ReadonlyMap<number, string>,
    hits: ReadonlyMap<number, string>,
    budget: Budget,
  ): void {
    const used = new Set<string>();
    const note = (name: string, owner: string, member: string) => {
      used.add(name);
      const place = { file, where: `${classNameOf(owner)}.${member}` };
      this.findings.push({ name, place: placeBy(this.#ownerOf(classNameOf(owner)), { ...place, what: 'name' }) });
    };
    if (names.size > 0) {
      for (const { code, name } of scanMethods(dex, { strings: names }, budget)) {
        if (name !== undefined) note(name, code.owner, dex.method(code.method).name);
      }
      for (const { field, owner, name } of staticStrings(dex, names, budget)) {
        note(name, owner, dex.field(field).name);
        this.#memory.store(`${FIELD}${owner}->${dex.field(field).name}`, holding([name]));
      }
    }
    for (const name of new Set(hits.values())) {
      if (used.has(name)) continue;
      const detail = [...names.values()].includes(name) ? 'no code loads it' : 'only inside a longer string';
      this.findings.push({ name, place: { file, what: 'name', detail } });
    }
  }

  #follow(file: string, dex: DexFile, names: ReadonlyMap<number, string>, budget: Budget): void {
    const memory = this.#memory;
    const read = new Map<string, boolean>();
    const isRead = (owner: string) => {
      let found = read.get(owner);
      if (found === undefined) {
        found = owner.startsWith('L') && READ.has(this.#ownerOf(classNameOf(owner)));
        read.set(owner, found);
      }
      return found;
    };
    const getters = new Map<number, number | undefined>();
    const codes = new Map<number, MethodCode>();
    for (const code of methodsWithCode(dex, budget)) if (isRead(code.owner)) codes.set(code.method, code);
    const getterOf = (method: number) => {
      if (!getters.has(method)) getters.set(method, getterField(dex, codes.get(method)));
      return getters.get(method);
    };
    const counts = fieldStores(dex, budget);
    if (!this.#counted.has(file)) {
      this.#counted.add(file);
      for (const [field, count] of counts) {
        const key = fieldOf(dex, field);
        this.#stores.set(key, (this.#stores.get(key) ?? 0) + count);
      }
    }
    const context: FlowContext = {
      dex,
      memory,
      budget,
      names,
      isRead,
      getterOf,
      isReceiver: (type) => this.#hierarchy.isReceiver(type),
      hasOneResult: (method) => returnsOf(dex, codes.get(method), budget) <= 1,
      storesOf: (field) => this.#stores.get(fieldOf(dex, field)) ?? 0,
    };
    const active = new Map<number, MethodCode>();
    const known = new Set<string>();
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const before = memory.learnt;
      const topics = [...memory.topics()].filter((topic) => !known.has(topic));
      for (const topic of topics) known.add(topic);
      for (const code of this.#users(dex, topics, round === 0 ? names : new Map(), codes, budget)) {
        active.set(code.method, code);
        this.#files.set(classNameOf(code.owner), file);
      }
      for (const code of active.values()) followMethod(code, context);
      if (memory.learnt === before && topics.length === 0) return;
    }
  }

  /** Methods of the app's own that load a name, read or fill a field, call a method, or are given an argument that matters. */
  *#users(
    dex: DexFile,
    topics: readonly string[],
    strings: ReadonlyMap<number, string>,
    codes: ReadonlyMap<number, MethodCode>,
    budget: Budget,
  ): Generator<MethodCode> {
    const of = (prefix: string) =>
      new Set(topics.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length)));
    const given = new Set([...of(ARGUMENT)].map((each) => each.slice(each.indexOf(' ') + 1)));
    const called = new Set([...of(RESULT), ...of(CALLERS)]);
    const fields = indexesOf(dex, 'fields', of(FIELD));
    const methods = indexesOf(dex, 'methods', called);
    if (strings.size + fields.size + methods.size > 0) {
      for (const { code } of scanMethods(dex, { strings, fields, methods }, budget)) {
        if (codes.has(code.method)) yield code;
      }
    }
    for (const index of indexesOf(dex, 'methods', given)) {
      const code = codes.get(index);
      if (code !== undefined) yield code;
    }
  }

  /** Ends the search: what is registered, by everything that was learnt. */
  finish(): DexFinding[] {
    const renamed = new Set<string>();
    for (const registration of this.#memory.registrations()) {
      const { filter, owner, method } = registration;
      const place = { file: this.#files.get(owner) ?? '', where: `${owner}.${method}` };
      for (const name of filter.names) {
        const detail = this.#doubt(name, registration);
        if (detail !== undefined) this.findings.push({ name, place: { ...place, what: 'name', detail } });
        else if (this.#ownerOf(owner) === 'own')
          this.findings.push({ name, place: { ...place, what: 'registration' } });
        else {
          renamed.add(name);
          this.findings.push({ name, place: { ...place, what: 'unreadable', detail: RENAMED } });
        }
      }
    }
    // What a renamed class registers it also names, and that says no more.
    return this.findings.filter(({ name, place: { what, where = '', detail } }) => {
      const owner = where.slice(0, where.lastIndexOf('.'));
      return what !== 'name' || detail !== undefined || !renamed.has(name) || this.#ownerOf(owner) !== 'renamed';
    });
  }

  /** Why a registration does not prove that the app listens to the event. */
  #doubt(name: string, { filter, callee, isSure, place }: Registration): string | undefined {
    const target = this.#hierarchy.target(callee);
    if (target === 'local') return LOCAL;
    if (target === 'other') return NOT_FRAMEWORK;
    const isChanged = sourcesOf(filter).some((each) => each.isChanged);
    return isSure && !isChanged && isAddedBefore(name, filter, place) ? undefined : UNSURE;
  }
}

/** The filter, the lists that filled it, and the lists that filled those. */
function sourcesOf(filter: Site): Site[] {
  const found = new Set([filter]);
  for (const each of found) for (const list of each.from) found.add(list);
  return [...found];
}

/** Whether the name is in the filter when it is registered: added where the filter is made, or before in the method that registers it. */
function isAddedBefore(name: string, filter: Site, registered: Place): boolean {
  return (filter.added.get(name) ?? []).some((added) => {
    const place = filter.given.get(added.method) ?? added;
    if (place.method === registered.method) return place.at < registered.at;
    return place !== added || /-><(?:cl)?init>\(/.test(place.method) || filter.madeIn === place.method;
  });
}

/** Names that are strings of their own, by their index. */
function wholeStrings(dex: DexFile, hits: ReadonlyMap<number, string>): Map<number, string> {
  const found = new Map<number, string>();
  if (hits.size === 0) return found;
  for (let index = 0; index < dex.strings.count; index++) {
    const start = dex.stringStart(index);
    const name = hits.get(start);
    if (name === undefined || dex.bytes[start + name.length] !== 0) continue;
    found.set(index, name);
    if (found.size > hits.size) throw new UnreadablePart('lists one string more than once');
  }
  return found;
}

function indexesOf(dex: DexFile, table: 'fields' | 'methods', keys: ReadonlySet<string>): Set<number> {
  const found = new Set<number>();
  if (keys.size === 0) return found;
  const owners = new Set([...keys].map((key) => key.slice(0, key.indexOf('->'))));
  for (let index = 0; index < dex[table].count; index++) {
    if (!owners.has(dex.ownerOf(table, index))) continue;
    const key = table === 'fields' ? fieldOf(dex, index) : methodKey(dex.method(index) as MethodRef);
    if (keys.has(key)) found.add(index);
  }
  return found;
}

function fieldOf(dex: DexFile, index: number): string {
  const { owner, name } = dex.field(index);
  return `${owner}->${name}`;
}
