/** Gradle: which files of a module its source sets have. */
import path from 'node:path';
import { type BuildFiles, below, foldersOf, type LeftOut } from './build-files.ts';
import { type Glob, globOf } from './globs.ts';
import { LARGEST, MODULE, SOURCES, type Statement, statementsIn, type Token, textsIn } from './gradle-text.ts';

/** What a build file says about its sources. */
interface Sources {
  file: string;
  folder: string;
  excludes: Glob[];
  /** Each one on its own lets only these through. */
  includes: Glob[][];
  /** Source sets that have other folders than the usual ones. Undefined = any. */
  moved: Array<string | undefined>;
  /** That a statement on source sets names. */
  folders: string[];
  /** That any text can mean. */
  mentioned: string[];
  /** The line of a statement that cannot be read. */
  unread: number | undefined;
}

const USUAL = /(?:^|\/)src\/([^/]+)\/(?:java|kotlin)\//u;

export function gradleSources({ paths, read }: BuildFiles): LeftOut {
  const modules = new Map<string, Sources>();
  for (const file of paths.filter((one) => MODULE.includes(path.posix.basename(one)))) {
    const text = read(file);
    if (text !== undefined && text.length <= LARGEST) modules.set(path.posix.dirname(file), sourcesIn(file, text));
  }
  const isBelow = (file: string, folders: readonly string[]) =>
    folders.some((folder) => folder === '.' || file.startsWith(`${folder}/`));
  const isNamed = (file: string) => [...modules.values()].some(({ folders }) => isBelow(file, folders));
  return (file) => {
    if (!SOURCES.test(file)) return undefined;
    const module = foldersOf(file)
      .map((one) => modules.get(one))
      .find((one) => one !== undefined);
    if (module === undefined) return undefined;
    const { excludes, includes, moved, unread } = module;
    if (unread !== undefined) return `${module.file}:${unread} chooses the sources in a way that Fusegate cannot read`;
    const parts = below(module.folder, file).split('/');
    const ends = parts.map((_, at) => parts.slice(at).join('/'));
    const has = (patterns: readonly Glob[]) => patterns.some((one) => ends.some((end) => one.test(end)));
    if (has(excludes) || !includes.every(has)) return `${module.file} excludes it`;
    const [, set] = USUAL.exec(file) ?? [];
    const isMoved = set !== undefined && moved.some((one) => one === undefined || one === set);
    if (set !== undefined && !isMoved) return undefined;
    if (isNamed(file) || (!isMoved && [...modules.values()].some(({ mentioned }) => isBelow(file, mentioned))))
      return undefined;
    return `no source set in ${module.file} has its folder`;
  };
}

/** Blocks and tasks that choose what is compiled. `exclude` means something else in others. */
const CHOOSING = /^(?:sourceSets|JavaCompile|KotlinCompile|compile\w*(?:Java|Kotlin)\w*)$/u;
/** Parts of a source set that have no code. */
const NO_CODE = new Set(
  'res assets jniLibs jni aidl renderscript resources shaders mlModels baselineProfiles manifest proto'.split(' '),
);
const PLAIN = new Set('listOf setOf mutableListOf arrayOf files file project.file = += , ( ) [ ]'.split(' '));

function sourcesIn(file: string, text: string): Sources {
  const folder = path.posix.dirname(file);
  const mentioned = textsIn(text)
    .map((one) => folderOf(folder, one))
    .filter((one) => one !== undefined && !`${folder}/`.startsWith(`${one}/`) && one !== '.');
  const found: Sources = {
    file,
    folder,
    excludes: [],
    includes: [],
    moved: [],
    folders: [],
    mentioned: mentioned.filter((one) => one !== undefined),
    unread: undefined,
  };
  for (const statement of statementsIn(text)) addTo(found, statement);
  return found;
}

function addTo(found: Sources, { tokens, around }: Statement): void {
  const at = tokens.findIndex((one) => !one.isText && KINDS.has(lastPart(one)));
  const verb = tokens[at];
  if (verb === undefined) return;
  const before = [...around.flat(), ...tokens.slice(0, at + 1)];
  const words = before.flatMap((one) => (one.isText ? one.text : one.text.split('.'))).slice(0, -1);
  if (!words.some((one) => CHOOSING.test(one)) || words.some((one) => NO_CODE.has(one))) return;
  const kind = KINDS.get(lastPart(verb));
  const args = tokens.slice(at + 1);
  const texts = args.filter(({ isText }) => isText).map(({ text }) => text);
  const others = args.filter((one) => !one.isText && !PLAIN.has(one.text));
  if (kind === 'folders') {
    const folders = texts.map((one) => folderOf(found.folder, one));
    for (const one of folders) if (one !== undefined) found.folders.push(one);
    const isSet = args[0]?.text === '=' || lastPart(verb).startsWith('set');
    const keeps = others.some((one) => lastPart(one) === 'srcDirs');
    if (!isSet || keeps) return;
    found.moved.push(words.slice(words.findIndex((one) => CHOOSING.test(one)) + 1).find((one) => !NOT_A_SET.has(one)));
    if (folders.includes(undefined) || others.length > 0) found.unread ??= verb.line;
    return;
  }
  const patterns = texts.map((one) => globOf(one));
  if (texts.length === 0 || others.length > 0 || texts.some((one) => one.includes('$'))) found.unread ??= verb.line;
  else if (kind === 'exclude') found.excludes.push(...patterns);
  else found.includes.push(patterns);
}

const KINDS = new Map<string, 'exclude' | 'include' | 'folders'>([
  ...['exclude', 'excludes', 'setExcludes'].map((one) => [one, 'exclude'] as const),
  ...['include', 'includes', 'setIncludes'].map((one) => [one, 'include'] as const),
  ...['srcDir', 'srcDirs', 'setSrcDirs', 'setRoot'].map((one) => [one, 'folders'] as const),
]);

const NOT_A_SET = new Set(
  '( ) [ ] , getByName named maybeCreate create getting by with apply all each configureEach it java kotlin this'
    .split(' ')
    .concat(''),
);

const lastPart = ({ text }: Token) => text.slice(text.lastIndexOf('.') + 1);

/** Undefined if a variable decides. */
function folderOf(base: string, text: string): string | undefined {
  const [, root, rest = ''] = /^\$\{?(?:(root|project)(?:Dir|\.projectDir))\}?\/?(.*)$/u.exec(text) ?? [];
  const plain = root === undefined ? text : rest;
  if (plain.includes('$') || plain.length > 1000) return undefined;
  return path.posix.join(root === 'root' ? '.' : base, plain).replace(/\/$/u, '') || '.';
}
