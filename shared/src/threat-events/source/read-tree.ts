/** The files of a tree that matter: those that name an event or register something, and those that share names with them. */
import path from 'node:path';
import type { Platform } from '../../model/run-request.ts';
import type { LeftOut } from './builds/build-files.ts';
import { filesLeftOut } from './builds/left-out.ts';
import { type Family, type Language, REGISTRATION_WORDS } from './languages.ts';
import { isPackageOf, type Owners } from './layout.ts';
import type { SourceLimits } from './limits.ts';
import { mentionsIn } from './mentions.ts';
import { Needles } from './needles.ts';
import { type ParsedFile, type SyntaxNode, textOf } from './node.ts';
import { Parsers } from './parse.ts';
import { packageOf } from './platform-types.ts';
import { push } from './program.ts';
import { type Allowance, readSource, readText } from './read-source.ts';
import { type FoundFile, sourceFiles } from './walk.ts';

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

interface Reading {
  root: string;
  owners: Owners;
  names: readonly string[];
  platform: Platform | undefined;
  limits: SourceLimits;
  signal: AbortSignal | undefined;
}

/** What hears of files that could not be read, and of those that were. */
interface Progress {
  /** @param names that occur in it; undefined if that is not known */
  addUnreadable(file: string, reason: string, names: readonly string[] | undefined): void;
  isUnreadable(file: string): boolean;
  countRead(file: string): void;
}

/** What the first look at a file was for. */
interface Look extends Reading {
  needles: Needles;
  parsers: Parsers;
  allowance: Allowance;
  /** Words of registration calls. */
  registered: { count: number };
  progress: Progress;
  expired: () => boolean;
}

/** @throws the reason of the signal */
export async function readTree(reading: Reading, progress: Progress): Promise<Tree> {
  const { root, owners, limits, signal } = reading;
  const end = performance.now() + limits.totalMs;
  const expired = () => performance.now() > end || signal?.aborted === true;
  const needles = new Needles(reading.names);
  const allowance = { left: limits.treeBytes, of: limits.treeBytes };
  const look: Look = {
    ...reading,
    needles,
    parsers: new Parsers(limits),
    allowance,
    registered: { count: 0 },
    progress,
    expired,
  };
  const families = new Map<Family, ReadFile[]>();
  const others: Array<{ found: FoundFile; language: Language }> = [];
  const builds: string[] = [];
  const scripts: string[] = [];
  const skipped = (folder: string, reason: string) => progress.addUnreadable(folder, reason, undefined);
  const add = (family: Family, file: ReadFile) => push(families, family, file);
  try {
    for await (const found of sourceFiles(root, owners, limits, { skipped, expired })) {
      const { language } = found;
      if (found.isBuildFile) builds.push(found.path);
      if (!found.foreign && isScript(found)) scripts.push(found.path);
      if (language === undefined && found.isBuildFile) continue;
      if (language === undefined) {
        await lookInto(found.path, look);
        continue;
      }
      // Whether somebody else's code registers a name does not matter.
      const words = found.foreign ? NO_WORDS : REGISTRATIONS[language.family];
      const file = await readOne(found, language, words, look);
      if (file) add(language.family, file);
      else if (!found.foreign && !progress.isUnreadable(found.path)) others.push({ found, language });
      progress.countRead(found.path);
    }
    signal?.throwIfAborted();
    // A file that has neither a name nor a registration matters if it uses, or declares again, what those that do declare, or if it
    // declares a type that they use: it tells what that is.
    let left = others;
    let found = families;
    for (let round = 0; round < ROUNDS && left.length > 0 && found.size > 0; round += 1) {
      const wanted = new Map(
        [...found].map(([family, files]) => {
          const names = round === 0 ? declaredNames(files, reading.names) : [];
          return [family, new Needles(names, { whole: true, types: usedTypes(files) })];
        }),
      );
      found = new Map();
      const rest: typeof others = [];
      for (const other of left) {
        const words = wanted.get(other.language.family);
        const file = words && (await readOne(other.found, other.language, words, look));
        if (file) push(found, other.language.family, file);
        else if (!progress.isUnreadable(other.found.path)) rest.push(other);
      }
      for (const [family, files] of found) for (const file of files) add(family, file);
      left = rest;
    }
  } finally {
    await look.parsers.end();
  }
  const buildAllowance = { left: limits.buildBytes, of: limits.buildBytes };
  const read = (file: string) => readText(path.join(root, file), buildAllowance);
  const leftOut = await filesLeftOut({ paths: builds, scripts, read, platform: reading.platform });
  return { families, leftOut };
}

/** What can import a script. */
const isScript = ({ path: name, language }: FoundFile) =>
  language?.family === 'javascript' || /\.(?:html?|vue|svelte)$/iu.test(name);

/** How often the types of types are looked for: a class, its base class, the base class of that. */
const ROUNDS = 4;

const TIME_IS_UP = 'the time was up before it was read';

/** A file without a grammar. */
async function lookInto(
  name: string,
  { root, needles, limits, signal, allowance, progress, expired }: Look,
): Promise<void> {
  signal?.throwIfAborted();
  if (expired()) {
    progress.addUnreadable(name, TIME_IS_UP, undefined);
    return;
  }
  const read = readSource(path.join(root, name), { names: needles, words: NO_WORDS }, limits, allowance);
  if (read.is === 'text')
    progress.addUnreadable(name, `Fusegate cannot parse ${path.extname(name).toLowerCase()} files`, read.names);
  else if (read.is === 'unreadable' && read.names) progress.addUnreadable(name, read.reason, read.names);
}

async function readOne(
  { path: name, foreign }: FoundFile,
  language: Language,
  words: Needles,
  { root, owners, needles, limits, signal, parsers, allowance, registered, progress, expired }: Look,
): Promise<ReadFile | undefined> {
  signal?.throwIfAborted();
  if (expired()) {
    progress.addUnreadable(name, TIME_IS_UP, undefined);
    return undefined;
  }
  const read = readSource(path.join(root, name), { names: needles, words }, limits, allowance);
  if (read.is === 'uninteresting') return undefined;
  if (read.is === 'unreadable') {
    progress.addUnreadable(name, read.reason, read.names);
    return undefined;
  }
  const parsed = await parsers.parse(name, read.text, language, expired);
  signal?.throwIfAborted();
  if ('unreadable' in parsed) {
    progress.addUnreadable(name, parsed.unreadable, read.names);
    return undefined;
  }
  const registering = parsed.file.nodes.filter((node) => isRegistering(node, language.family)).length;
  // Each may look at all others, whichever file they are in.
  if (!foreign && registered.count + registering > limits.registrations) {
    const reason = `it and the files before it name what registers more than ${limits.registrations} times`;
    progress.addUnreadable(name, reason, read.names);
    return undefined;
  }
  if (!foreign) registered.count += registering;
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

/** The names that can be of types: those that begin like one. */
function usedTypes(files: readonly ReadFile[]): string[] {
  const found = new Set<string>();
  for (const { parsed, foreign } of files) {
    if (foreign) continue;
    for (const node of parsed.nodes) {
      if (node.children.length > 0) continue;
      const text = textOf(node);
      if (/^\p{Lu}\w*$/u.test(text)) found.add(text);
    }
  }
  return [...found];
}

/** `Name` of `Notification.Name`. */
const lastWord = (name: string) => name.slice(name.lastIndexOf('.') + 1);
