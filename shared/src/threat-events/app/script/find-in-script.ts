/** Event names in plain JavaScript: a Metro bundle of React Native, or the pages of a Cordova app. Reference: Threat-Events §2. */
import type { AnyNode } from 'acorn';
import { wholeHits } from '../bytes-search.ts';
import type { Finding, PartContent } from '../evidence.ts';
import { type NameHit, NameSearch } from '../name-search.ts';
import { Budget, UnreadablePart } from '../problem.ts';
import { BundleModules, type Chunk, chunksOf, reachedIn } from './bundle.ts';
import { Program } from './program.ts';
import { calledName, Values } from './values.ts';

/** Text that is parsed, of one file: its tree takes forty times as much memory. */
const MAX_PARSED = 4 * 1024 * 1024;
const MAX_STEPS = 20_000_000;
const MAX_PLACES = 20;
const NOT_REACHED = 'registered in a module that nothing in the bundle requires';
const REGISTERS = /registerForDevEvent|ADDevEvents|broadcaster/;

export async function findInScript(bytes: Buffer, file: string, names: readonly string[]): Promise<PartContent> {
  const search = new NameSearch(names);
  if (first(wholeHits(search, bytes)).length === 0) return { findings: [] };
  const { parse } = await import('acorn');
  // One character for each byte, so that offsets agree; names are ASCII.
  const script = new Script(bytes.toString('latin1'), file, search, (text) => parseEither(parse, text));
  return { findings: script.find() };
}

type Parse = typeof import('acorn').parse;

function parseEither(parse: Parse, text: string): AnyNode | undefined {
  for (const sourceType of ['script', 'module'] as const) {
    try {
      return parse(text, { ecmaVersion: 'latest', sourceType, allowReturnOutsideFunction: true, allowHashBang: true });
    } catch (error) {
      // A deeply nested expression uses up the stack.
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    }
  }
  return undefined;
}

class Script {
  readonly #text: string;
  readonly #file: string;
  readonly #search: NameSearch;
  readonly #parse: (text: string) => AnyNode | undefined;
  readonly #chunks: Chunk[];
  /** Modules that the bundle runs; undefined where it is no bundle. */
  readonly #reached: ReadonlySet<string> | undefined;
  readonly #program = new Program(new Budget(MAX_STEPS));
  readonly #trees = new Map<Chunk, AnyNode | undefined>();
  readonly #findings: Finding[] = [];
  /** How often each name was found. */
  readonly #noted = new Map<string, number>();
  readonly #registered = new Map<string, number>();
  #left = MAX_PARSED;

  constructor(text: string, file: string, search: NameSearch, parse: (text: string) => AnyNode | undefined) {
    this.#text = text;
    this.#file = file;
    this.#search = search;
    this.#parse = parse;
    this.#chunks = chunksOf(text);
    this.#reached = reachedIn(this.#chunks, text);
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
    const values = new Values(this.#program, modules);
    const told = new Map<string, AnyNode>();
    const heard = new Map<string, AnyNode>();
    try {
      for (let index = 0; index < this.#program.calls.length; index++) {
        const call = this.#program.calls[index];
        if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') continue;
        const name = calledName(call);
        const { object } = call.callee;
        const strings = () => (values.isSelected(call.arguments[0], call) ? [] : values.strings(call.arguments[0]));
        if (name === 'registerForDevEvent' && values.isMember(object, 'ADDevEvents')) {
          for (const each of strings()) told.set(each, call);
        } else if (!values.isCallable(call.arguments[1])) continue;
        else if (name === 'addListener' && isEmitter(values, object))
          for (const each of strings()) heard.set(each, call);
        else if (name === 'addEventListener' && isBroadcaster(values, object)) {
          for (const each of strings()) this.#register(each, call);
        }
      }
    } catch (error) {
      // What was found until then stays found.
      if (!(error instanceof UnreadablePart || error instanceof RangeError)) throw error;
    }
    for (const [name, call] of told) if (heard.has(name)) this.#register(name, call);
  }

  /** The function that defines a module. */
  #factoryOf(id: string): AnyNode | undefined {
    const chunk = this.#chunks.find((each) => each.id === id);
    const tree = chunk && this.#treeOf(chunk);
    const statement = tree?.type === 'Program' ? tree.body[0] : undefined;
    const call = statement?.type === 'ExpressionStatement' ? statement.expression : undefined;
    return call?.type === 'CallExpression' ? (call.arguments[0] as AnyNode | undefined) : undefined;
  }

  #register(name: string, call: AnyNode): void {
    let root = call;
    for (let parent = this.#program.parent(root); parent; parent = this.#program.parent(root)) root = parent;
    const chunk = [...this.#trees].find(([, tree]) => tree === root)?.[0];
    const count = this.#registered.get(name) ?? 0;
    if (chunk === undefined || count >= MAX_PLACES) return;
    this.#registered.set(name, count + 1);
    const place = this.#place(chunk, chunk.at + call.start);
    const isReached = this.#reached === undefined || chunk.id === undefined || this.#reached.has(chunk.id);
    const what = isReached ? { what: 'registration' as const } : { what: 'name' as const, detail: NOT_REACHED };
    this.#findings.push({ name, place: { ...place, ...what } });
  }

  #note(name: string, chunk: Chunk, at: number, detail?: string): void {
    const count = this.#noted.get(name) ?? 0;
    if (count >= MAX_PLACES) return;
    this.#noted.set(name, count + 1);
    const place = { ...this.#place(chunk, at), what: 'name' as const };
    this.#findings.push({ name, place: detail === undefined ? place : { ...place, detail } });
  }

  #place(chunk: Chunk, at: number) {
    let line = 1;
    for (let end = this.#text.indexOf('\n'); end >= 0 && end < at; end = this.#text.indexOf('\n', end + 1)) line++;
    return { file: this.#file, line, ...(chunk.id === undefined ? {} : { where: `module ${chunk.id}` }) };
  }
}

/** The first place of each name: text made to do harm has millions. */
function first(hits: Iterable<NameHit>): NameHit[] {
  const found = new Map<string, NameHit>();
  for (const hit of hits) if (!found.has(hit.name)) found.set(hit.name, hit);
  return [...found.values()];
}

/** `new NativeEventEmitter(NativeModules.ADDevEvents)`. */
function isEmitter(values: Values, node: AnyNode): boolean {
  const made = values.behind(node);
  const isNew = made.type === 'NewExpression' && calledName(made) === 'NativeEventEmitter';
  return isNew && values.isMember(made.arguments[0], 'ADDevEvents');
}

/** `window.broadcaster`. */
function isBroadcaster(values: Values, node: AnyNode): boolean {
  return values.isMember(node, 'broadcaster') || (node.type === 'Identifier' && node.name === 'broadcaster');
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
