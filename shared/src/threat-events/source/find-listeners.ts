/** Do the sources of an app listen to these Threat-Events? */
import { stat } from 'node:fs/promises';
import type { Platform } from '../../model/run-request.ts';
import type { ListenerOutcome, ListenerPlace, ListenerReport } from '../outcome.ts';
import { findReceivers } from './android.ts';
import { findObservers } from './apple.ts';
import { findChannels } from './channels.ts';
import { branchesAround, conditionsAround } from './conditions.ts';
import { findBroadcasts, findEmitters } from './hybrid.ts';
import type { Family } from './languages.ts';
import { belongsTo } from './layout.ts';
import { SOURCE_LIMITS, type SourceLimits } from './limits.ts';
import { type Mention, mentionsIn } from './mentions.ts';
import type { SyntaxNode } from './node.ts';
import { Program, push } from './program.ts';
import { readTree } from './read-tree.ts';
import type { Registration, Registrations, Search } from './registrations.ts';
import { Values } from './values.ts';

export interface SourceSearch {
  /** A folder. */
  root: string;
  /** Names of events. */
  events: readonly string[];
  /** Whose code is not the app's own: package prefixes (`com.withpersona`), or folders below the root. */
  foreign?: readonly string[];
  /** Whose code is the app's own, though it lies where others' code does. */
  own?: readonly string[];
  /** Undefined = both. */
  platform?: Platform | undefined;
  limits?: Partial<SourceLimits>;
  signal?: AbortSignal | undefined;
}

const SEARCHES: Record<Family, Array<(search: Search) => void>> = {
  android: [findReceivers],
  apple: [findObservers],
  csharp: [findReceivers, findObservers],
  javascript: [findEmitters, findBroadcasts],
  dart: [findChannels],
};

/**
 * @throws {Error} with code ENOENT or ENOTDIR where the root is no folder that can be read
 * @throws the reason of the signal
 */
export async function findListenersInSource({
  root,
  events,
  foreign = [],
  own = [],
  platform,
  limits: changed = {},
  signal,
}: SourceSearch): Promise<ListenerReport> {
  if (!(await stat(root)).isDirectory()) throw Object.assign(new Error(`${root} is not a folder`), { code: 'ENOTDIR' });
  const limits = { ...SOURCE_LIMITS, ...changed };
  const names = [...new Set(events)].filter((name) => name !== '');
  const evidence = new Evidence(names);
  const reading = { root, owners: { foreign, own }, names, platform, limits, signal };
  const { families, leftOut } = await readTree(reading, evidence);
  for (const [family, files] of families) {
    const whyOut = new Map(
      files.map(({ parsed: { path: file } }) => [file, belongsTo(own, file) ? undefined : leftOut(file)]),
    );
    const ownFiles = files.filter((file) => !file.foreign && whyOut.get(file.parsed.path) === undefined);
    const program = new Program(ownFiles.map(({ parsed, language }) => ({ parsed, reader: language.reader })));
    const found: Registrations = { whole: [], half: [], untraced: [] };
    const search = { program, values: new Values(program), found, wanted: new Set(names) };
    for (const find of SEARCHES[family]) find(search);
    evidence.addRegistrations(found, program);
    for (const { parsed, language, foreign: isForeign } of files)
      for (const mention of mentionsIn(parsed, language.reader, names)) {
        const detail = whyOut.get(parsed.path) ?? mention.detail;
        evidence.addMention({ ...mention, ...(detail ? { detail } : {}) }, isForeign);
      }
  }
  return evidence.report();
}

/** Most places of one kind that a report names for one event. */
const MOST_PLACES = 50;

/** What was found for each event. */
class Evidence {
  readonly #places = new Map<string, ListenerPlace[]>();
  readonly #unreadable = new Map<string, string>();
  #filesRead = 0;
  /** Something that could hold any of the names was not read. */
  #gap: ListenerPlace | undefined;

  constructor(names: readonly string[]) {
    for (const name of names) this.#places.set(name, []);
  }

  #add(name: string, place: ListenerPlace): void {
    const places = this.#places.get(name);
    if (places === undefined) return;
    const same = places.find(
      ({ file, line, what }) => file === place.file && line === place.line && what === place.what,
    );
    if (same) {
      if (place.detail && !same.detail) same.detail = place.detail;
    } else if (places.filter(({ what }) => what === place.what).length < MOST_PLACES) places.push(place);
  }

  addRegistrations({ whole, half, untraced }: Registrations, program: Program): void {
    const byName = new Map<string, Registration[]>();
    for (const one of whole) {
      if (!one.node.broken) push(byName, one.name, one);
    }
    const conditions = new Map([...byName].map(([name, all]) => [name, conditionsAround(all, program)]));
    const branches = new Map(
      [...byName].map(([name, all]) => {
        const nodes = all.map(({ node }) => node);
        return [name, branchesAround(nodes, program)];
      }),
    );
    for (const { name, node, condition: own } of whole) {
      const condition = conditions.get(name)?.get(node) ?? own;
      const branch = branches.get(name)?.get(node);
      if (node.broken) this.#addBroken(name, node);
      else if (branch)
        this.#add(name, {
          ...placeOf(node),
          what: 'name',
          detail: `its registration is inside the preprocessor condition of line ${branch.line}`,
        });
      else
        this.#add(name, {
          ...placeOf(node),
          what: 'registration',
          ...(condition ? { detail: condition } : {}),
        });
    }
    for (const { name, node, why } of half) this.#add(name, { ...placeOf(node), what: 'name', detail: why });
    const [first] = untraced;
    if (first === undefined) return;
    this.#untraced.push(`${first.file.path}:${first.line}`);
  }
  readonly #untraced: string[] = [];

  addMention({ name, node, detail }: Mention, foreign: boolean): void {
    if (foreign) this.#add(name, { ...placeOf(node), what: 'foreign' });
    else if (node.broken) this.#addBroken(name, node);
    else this.#add(name, { ...placeOf(node), what: 'name', ...(detail ? { detail } : {}) });
  }

  #addBroken(name: string, node: SyntaxNode): void {
    const reason = 'the grammar does not understand it';
    this.#unreadable.set(node.file.path, `${reason} around line ${node.line}`);
    this.#add(name, { ...placeOf(node), what: 'unreadable', detail: reason });
  }

  /** @param names that occur in it; undefined if that is not known */
  addUnreadable(file: string, reason: string, names: readonly string[] | undefined): void {
    this.#unreadable.set(file, reason);
    const place: ListenerPlace = { file, what: 'unreadable', detail: reason };
    if (names === undefined) this.#gap ??= place;
    for (const name of names ?? []) this.#add(name, place);
  }

  isUnreadable(file: string): boolean {
    return this.#unreadable.has(file);
  }

  /** A file in a language that is read, unless it could not be. */
  countRead(file: string): void {
    if (!this.isUnreadable(file)) this.#filesRead += 1;
  }

  report(): ListenerReport {
    const unreadable = [...this.#unreadable].map(([file, reason]) => ({ file, reason }));
    const events = [...this.#places].map(([name, found]) => {
      const lines = new Set(
        found.filter(({ what }) => what === 'registration').map(({ file, line }) => `${file}:${line}`),
      );
      const places = found.filter(({ file, line, what }) => what !== 'name' || !lines.has(`${file}:${line}`));
      const outcome = outcomeOf(places, this.#gap !== undefined);
      if (outcome === 'unknown' && this.#gap && places.every(({ what }) => what !== 'unreadable'))
        places.push(this.#gap);
      if (outcome === 'named') this.#explain(places);
      return { name, outcome, places: places.sort(byKind) };
    });
    return { events, unreadable, filesRead: this.#filesRead };
  }

  /** Why none of the places is a registration. */
  #explain(places: ListenerPlace[]): void {
    if (places.some(({ what, detail }) => what === 'name' && detail !== undefined)) return;
    const [first] = this.#untraced;
    const why = first
      ? `no registration is tied to it; the name that ${first} registers could not be traced`
      : 'no registration is tied to it';
    for (const place of places) if (place.what === 'name') place.detail = why;
  }
}

function outcomeOf(places: readonly ListenerPlace[], gap: boolean): ListenerOutcome {
  const has = (kind: ListenerPlace['what']) => places.some(({ what }) => what === kind);
  if (has('registration')) return 'registered';
  if (has('unreadable')) return 'unknown';
  if (has('name')) return 'named';
  if (gap) return 'unknown';
  return has('foreign') ? 'foreign' : 'absent';
}

const ORDER: readonly ListenerPlace['what'][] = ['registration', 'unreadable', 'name', 'foreign'];

/** What depends on a condition comes after what does not. */
const byKind = (a: ListenerPlace, b: ListenerPlace) =>
  ORDER.indexOf(a.what) - ORDER.indexOf(b.what) || Number(a.detail !== undefined) - Number(b.detail !== undefined);

function placeOf(node: SyntaxNode): { file: string; line: number } {
  return { file: node.file.path, line: node.line };
}
