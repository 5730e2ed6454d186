/** Do the sources of an app listen to these Threat-Events? */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ListenerOutcome, ListenerPlace, ListenerReport } from '../outcome.ts';
import { findReceivers } from './android.ts';
import { findObservers } from './apple.ts';
import type { LeftOut } from './builds/build-files.ts';
import { filesLeftOut } from './builds/left-out.ts';
import { branchesAround, conditionsAround } from './conditions.ts';
import { findBroadcasts, findChannels, findEmitters } from './hybrid.ts';
import { type Family, type Language, REGISTRATION_WORDS } from './languages.ts';
import { belongsTo, isPackageOf, type Owners } from './layout.ts';
import { SOURCE_LIMITS, type SourceLimits } from './limits.ts';
import { type Mention, mentionsIn } from './mentions.ts';
import { Needles } from './needles.ts';
import { type ParsedFile, type SyntaxNode, textOf } from './node.ts';
import { Parsers } from './parse.ts';
import { packageOf } from './platform-types.ts';
import { Program, push } from './program.ts';
import { readSource, readText } from './read-source.ts';
import type { Registration, Registrations, Search } from './registrations.ts';
import { Values } from './values.ts';
import { type FoundFile, sourceFiles } from './walk.ts';

export interface SourceSearch {
  /** A folder. */
  root: string;
  /** Names of events. */
  events: readonly string[];
  /** Whose code is not the app's own: package prefixes (`com.withpersona`), or folders below the root. */
  foreign?: readonly string[];
  /** Whose code is the app's own, though it lies where others' code does. */
  own?: readonly string[];
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

const NO_WORDS = new Needles([]);
const REGISTRATIONS = Object.fromEntries(
  Object.entries(REGISTRATION_WORDS).map(([family, words]) => [family, new Needles(words)]),
) as Record<Family, Needles>;

interface ReadFile {
  parsed: ParsedFile;
  language: Language;
  foreign: boolean;
}

interface Tree {
  families: Map<Family, ReadFile[]>;
  leftOut: LeftOut;
}

/**
 * @throws {Error} with code ENOENT or ENOTDIR where the root is no folder that can be read
 * @throws the reason of the signal
 */
export async function findListenersInSource({
  root,
  events,
  foreign = [],
  own = [],
  limits: changed = {},
  signal,
}: SourceSearch): Promise<ListenerReport> {
  if (!(await stat(root)).isDirectory()) throw Object.assign(new Error(`${root} is not a folder`), { code: 'ENOTDIR' });
  const limits = { ...SOURCE_LIMITS, ...changed };
  const names = [...new Set(events)].filter((name) => name !== '');
  const evidence = new Evidence(names);
  const { families, leftOut } = await readTree({ root, owners: { foreign, own }, names, limits, signal }, evidence);
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

interface Reading {
  root: string;
  owners: Owners;
  names: readonly string[];
  limits: SourceLimits;
  signal: AbortSignal | undefined;
}

/** What the first look at a file was for. */
interface Look extends Reading {
  needles: Needles;
  parsers: Parsers;
  evidence: Evidence;
  expired: () => boolean;
}

async function readTree(reading: Reading, evidence: Evidence): Promise<Tree> {
  const { root, owners, limits, signal } = reading;
  const end = performance.now() + limits.totalMs;
  const expired = () => performance.now() > end || signal?.aborted === true;
  const needles = new Needles(reading.names);
  const look: Look = { ...reading, needles, parsers: new Parsers(limits), evidence, expired };
  const families = new Map<Family, ReadFile[]>();
  const others: Array<{ found: FoundFile; language: Language }> = [];
  const builds: string[] = [];
  const skipped = (folder: string, reason: string) => evidence.addUnreadable(folder, reason, undefined);
  const add = (family: Family, file: ReadFile) => push(families, family, file);
  try {
    for await (const found of sourceFiles(root, owners, limits, { skipped, expired })) {
      const { language } = found;
      if (found.isBuildFile) builds.push(found.path);
      if (language === undefined && found.isBuildFile) continue;
      if (language === undefined) {
        await lookInto(found.path, look);
        continue;
      }
      // Whether somebody else's code registers a name does not matter.
      const words = found.foreign ? NO_WORDS : REGISTRATIONS[language.family];
      const file = await readOne(found, language, words, look);
      if (file) add(language.family, file);
      else if (!found.foreign && !evidence.isUnreadable(found.path)) others.push({ found, language });
      evidence.countRead(found.path);
    }
    signal?.throwIfAborted();
    // A file that has neither a name nor a registration matters if it uses, or declares again, what those that do declare.
    const declared = new Map(
      [...families].map(([family, files]) => [family, new Needles(declaredNames(files, reading.names))]),
    );
    for (const { found, language } of others) {
      const words = declared.get(language.family);
      const file = words && (await readOne(found, language, words, look));
      if (file) add(language.family, file);
    }
  } finally {
    await look.parsers.end();
  }
  const leftOut = await filesLeftOut({ paths: builds, read: (file) => readText(path.join(root, file)) });
  return { families, leftOut };
}

const TIME_IS_UP = 'the time was up before it was read';

/** A file without a grammar. */
async function lookInto(name: string, { root, needles, limits, signal, evidence, expired }: Look): Promise<void> {
  signal?.throwIfAborted();
  if (expired()) {
    evidence.addUnreadable(name, TIME_IS_UP, undefined);
    return;
  }
  const read = readSource(path.join(root, name), { names: needles, words: NO_WORDS }, limits);
  if (read.is === 'text')
    evidence.addUnreadable(name, `Fusegate cannot parse ${path.extname(name).toLowerCase()} files`, read.names);
  else if (read.is === 'unreadable' && read.names) evidence.addUnreadable(name, read.reason, read.names);
}

async function readOne(
  { path: name, foreign }: FoundFile,
  language: Language,
  words: Needles,
  { root, owners, needles, limits, signal, parsers, evidence, expired }: Look,
): Promise<ReadFile | undefined> {
  signal?.throwIfAborted();
  if (expired()) {
    evidence.addUnreadable(name, TIME_IS_UP, undefined);
    return undefined;
  }
  const read = readSource(path.join(root, name), { names: needles, words }, limits);
  if (read.is === 'uninteresting') return undefined;
  if (read.is === 'unreadable') {
    evidence.addUnreadable(name, read.reason, read.names);
    return undefined;
  }
  const parsed = await parsers.parse(name, read.text, language, expired);
  signal?.throwIfAborted();
  if ('unreadable' in parsed) {
    evidence.addUnreadable(name, parsed.unreadable, read.names);
    return undefined;
  }
  const registering = parsed.file.nodes.filter((node) => isRegistering(node, language.family)).length;
  if (registering > limits.registrations && !foreign) {
    const reason = `it names what registers ${registering} times, and files are read up to ${limits.registrations}`;
    evidence.addUnreadable(name, reason, read.names);
    return undefined;
  }
  const owner = packageOf(parsed.file);
  const isForeign = isPackageOf(owners.foreign, owner) || (foreign && !isPackageOf(owners.own, owner));
  return { parsed: parsed.file, language, foreign: isForeign };
}

const WORDS: Partial<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  Object.entries(REGISTRATION_WORDS).map(([family, words]) => [family, new Set(words)]),
);

/** A word of the registration calls. Each may ask all others of its file what they do, so their number is limited. */
const isRegistering = (node: SyntaxNode, family: Family) =>
  node.children.length === 0 && WORDS[family]?.has(textOf(node)) === true;

/** The names of types in these files, and those of variables and constants whose value mentions an event. */
function declaredNames(files: readonly ReadFile[], names: readonly string[]): string[] {
  const found = new Set<string>();
  for (const { parsed, language, foreign } of files) {
    if (foreign) continue;
    for (const node of parsed.nodes)
      for (const what of language.reader.declared(node)) if (what.as === 'type') found.add(lastWord(what.name));
    for (const mention of mentionsIn(parsed, language.reader, names))
      for (let around: SyntaxNode | undefined = mention.node; around; around = around.parent)
        for (const what of language.reader.declared(around))
          if (what.as === 'value' || what.as === 'constant') found.add(what.name);
  }
  return [...found];
}

/** `Name` of `Notification.Name`. */
const lastWord = (name: string) => name.slice(name.lastIndexOf('.') + 1);

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
    for (const { name, node } of whole) {
      const condition = conditions.get(name)?.get(node);
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
