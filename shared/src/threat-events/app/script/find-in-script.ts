/** Event names in plain JavaScript: a Metro bundle of React Native, or the pages of a Cordova app. Reference: Threat-Events §2. */
import type { AnyNode } from 'acorn';
import { wholeHits } from '../bytes-search.ts';
import type { Finding, PartContent } from '../evidence.ts';
import { type NameHit, NameSearch } from '../name-search.ts';
import { Budget } from '../problem.ts';
import { BundleModules, type Chunk, chunksOf } from './bundle.ts';
import { type Parse, parser } from './parse.ts';
import { Program } from './program.ts';
import { Reach, type Reached } from './reach.ts';
import { conditionOf, type Registration, Registrations } from './registrations.ts';

/** Text that is parsed, of one file: its tree takes forty times as much memory. */
const MAX_PARSED = 4 * 1024 * 1024;
const MAX_STEPS = 20_000_000;
const MAX_PLACES = 20;
const NOT_REACHED = 'registered in a module that nothing is known to require';
const REGISTERS = /registerForDevEvent|ADDevEvents|broadcaster/;

/** @param inside the pieces of a page that are script, in place of the whole file */
export async function findInScript(
  bytes: Buffer,
  file: string,
  names: readonly string[],
  inside?: readonly Chunk[],
): Promise<PartContent> {
  const search = new NameSearch(names);
  if (first(wholeHits(search, bytes)).length === 0) return { findings: [] };
  // One character for each byte, so that offsets agree; names are ASCII.
  const script = new Script(bytes.toString('latin1'), file, search, await parser(), inside);
  return { findings: script.find() };
}

interface Counting extends Registration {
  chunk: Chunk;
  reached: Reached;
}

class Script {
  readonly #text: string;
  readonly #file: string;
  readonly #search: NameSearch;
  readonly #parse: Parse;
  readonly #chunks: readonly Chunk[];
  readonly #reach: Reach;
  readonly #program = new Program(new Budget(MAX_STEPS));
  readonly #trees = new Map<Chunk, AnyNode | undefined>();
  readonly #findings: Finding[] = [];
  /** How often each name was found. */
  readonly #noted = new Map<string, number>();
  #left = MAX_PARSED;

  constructor(text: string, file: string, search: NameSearch, parse: Parse, inside?: readonly Chunk[]) {
    this.#text = text;
    this.#file = file;
    this.#search = search;
    this.#parse = parse;
    const { chunks, rest } = chunksOf(text);
    this.#chunks = inside ?? chunks;
    this.#reach = new Reach(this.#chunks, rest, parse);
  }

  find(): Finding[] {
    const found: Chunk[] = [];
    for (const chunk of this.#chunks) {
      const hits = first(wholeHits(this.#search, Buffer.from(chunk.text, 'latin1')));
      if (hits.length === 0 && !REGISTERS.test(chunk.text)) continue;
      const tree = this.#treeOf(chunk);
      if (tree !== undefined) found.push(chunk);
      else for (const { name, at } of hits) this.#note(name, chunk, chunk.at + at, 'its code could not be parsed');
    }
    this.#noteNames(found);
    this.#noteRegistrations();
    return this.#findings;
  }

  #treeOf(chunk: Chunk): AnyNode | undefined {
    if (this.#trees.has(chunk)) return this.#trees.get(chunk);
    const tree = chunk.text.length > this.#left ? undefined : this.#parse(chunk.text);
    this.#trees.set(chunk, tree);
    if (tree === undefined) return undefined;
    this.#left -= chunk.text.length;
    this.#program.add(tree);
    return tree;
  }

  /** Names in literals and keys, not in comments. */
  #noteNames(chunks: readonly Chunk[]): void {
    const whole = new Set(this.#search.names);
    for (const chunk of chunks) {
      const tree = this.#trees.get(chunk);
      for (const [node, text] of textsIn(tree)) {
        if (whole.has(text)) this.#note(text, chunk, chunk.at + node.start);
        else if (text.length > 8) {
          const bytes = Buffer.from(text, 'latin1');
          for (const { name } of wholeHits(this.#search, bytes)) {
            this.#note(name, chunk, chunk.at + node.start, 'only inside a longer string');
          }
        }
      }
    }
  }

  #noteRegistrations(): void {
    const modules = new BundleModules(this.#program, (id) => this.#factoryOf(id));
    const { told, heard, broadcast } = new Registrations(this.#program, modules).find();
    for (const name of this.#search.names) {
      const isOf = (each: Registration) => each.name === name;
      this.#register(this.#counting(broadcast.filter(isOf)));
      // React Native needs both.
      const [tells, hears] = [told.filter(isOf), heard.filter(isOf)];
      if (tells.length === 0 || hears.length === 0) continue;
      const telling = this.#counting(tells);
      if (telling.length > 0) this.#register(this.#counting(hears), telling);
    }
  }

  /** Those that count; the others are only names. */
  #counting(registrations: readonly Registration[]): Counting[] {
    return registrations.flatMap((each) => {
      const chunk = this.#chunkOf(each.call);
      if (chunk === undefined) return [];
      const reached = chunk.isModule ? chunk.id !== undefined && this.#reach.of(chunk.id) : {};
      const why = each.never ?? (reached ? undefined : NOT_REACHED);
      if (why !== undefined) this.#note(each.name, chunk, chunk.at + each.call.start, why);
      return why === undefined && reached ? [{ ...each, chunk, reached }] : [];
    });
  }

  #register(registrations: readonly Counting[], needed: readonly Counting[] = []): void {
    const depends = this.#conditionOf(registrations) ?? (needed.length > 0 ? this.#conditionOf(needed) : undefined);
    for (const each of registrations.slice(0, MAX_PLACES)) {
      const { name, chunk, call, calledBy } = each;
      const place = { ...this.#place(chunk, chunk.at + call.start), what: 'registration' as const };
      const at = depends === undefined ? undefined : (this.#conditionOf([each]) ?? depends);
      const detail = at === undefined ? {} : { detail: `inside a condition, line ${this.#lineOf(at)}` };
      this.#findings.push({ name, place: { ...place, ...detail }, ...(calledBy === undefined ? {} : { calledBy }) });
    }
  }

  /** Where the condition stands on which they all depend. */
  #conditionOf(registrations: readonly Counting[]): number | undefined {
    const condition = conditionOf(registrations);
    if (condition !== undefined) return (this.#chunkOf(condition.node)?.at ?? 0) + condition.node.start;
    const modules = registrations.map(({ reached }) => reached.at);
    return modules.includes(undefined) ? undefined : modules[0];
  }

  #chunkOf(node: AnyNode): Chunk | undefined {
    const root = this.#program.rootOf(node);
    return [...this.#trees].find(([, tree]) => tree === root)?.[0];
  }

  /** The function that defines a module. */
  #factoryOf(id: string): AnyNode | undefined {
    const chunk = this.#chunks.find((each) => each.id === id);
    const tree = chunk && this.#treeOf(chunk);
    const statement = tree?.type === 'Program' ? tree.body[0] : undefined;
    const call = statement?.type === 'ExpressionStatement' ? statement.expression : undefined;
    return call?.type === 'CallExpression' ? (call.arguments[0] as AnyNode | undefined) : undefined;
  }

  #note(name: string, chunk: Chunk, at: number, detail?: string): void {
    const count = this.#noted.get(name) ?? 0;
    if (count >= MAX_PLACES) return;
    this.#noted.set(name, count + 1);
    const place = { ...this.#place(chunk, at), what: 'name' as const };
    this.#findings.push({ name, place: detail === undefined ? place : { ...place, detail } });
  }

  #lineOf(at: number): number {
    let line = 1;
    for (let end = this.#text.indexOf('\n'); end >= 0 && end < at; end = this.#text.indexOf('\n', end + 1)) line++;
    return line;
  }

  #place(chunk: Chunk, at: number) {
    return {
      file: this.#file,
      line: this.#lineOf(at),
      ...(chunk.id === undefined ? {} : { where: `module ${chunk.id}` }),
    };
  }
}

/** The first place of each name: text made to do harm has millions. */
function first(hits: Iterable<NameHit>): NameHit[] {
  const found = new Map<string, NameHit>();
  for (const hit of hits) if (!found.has(hit.name)) found.set(hit.name, hit);
  return [...found.values()];
}

/** Literals and keys. By hand, because minified code is nested deeply. */
function* textsIn(root: AnyNode | undefined): Generator<[AnyNode, string]> {
  const open = root === undefined ? [] : [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'Literal' && typeof node.value === 'string') yield [node, node.value];
    if (node.type === 'TemplateElement') yield [node, node.value.raw];
    if (node.type === 'Property' && node.key.type === 'Identifier' && !node.computed) yield [node, node.key.name];
    if (node.type === 'MemberExpression' && node.property.type === 'Identifier' && !node.computed)
      yield [node, node.property.name];
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (typeof child === 'object' && child !== null && typeof child.type === 'string') open.push(child as AnyNode);
      }
    }
  }
}
