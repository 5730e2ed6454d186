/** Text to syntax nodes, by tree-sitter's grammars as WebAssembly. Nothing is compiled or fetched. */

import type { Language as Grammar, Parser } from 'web-tree-sitter';
import { engineBytes, grammarBytes } from '#grammars';
import { useBaselineCompiler } from './baseline-compiler.ts';
import { flatten } from './flatten.ts';
import type { Language } from './languages.ts';
import type { SourceLimits } from './limits.ts';
import type { ParsedFile } from './node.ts';

const TOO_MUCH = 'it takes too much work to parse';
/** In characters. */
const CHUNK = 1024;

export type Parsed = { file: ParsedFile } | { unreadable: string };

/** Once in a process: WebAssembly takes memory and a part of its table for each that is loaded, and gives neither back. */
const grammars = new Map<string, Promise<Grammar>>();

function grammarOf(name: string): Promise<Grammar> {
  let grammar = grammars.get(name);
  if (grammar === undefined) {
    grammar = (async () => {
      const { Language } = await import('web-tree-sitter');
      return Language.load(await grammarBytes(name));
    })();
    grammars.set(name, grammar);
  }
  return grammar;
}

/** The work on one tree. What is counted, and not timed, has the same outcome on every machine. */
export class Parsers {
  readonly #limits: SourceLimits;
  #engine: Promise<Parser> | undefined;
  /** Of all files: what the parser did, and the nodes of the trees that it made. */
  #steps = 0;
  #nodes = 0;
  #failed = false;

  constructor(limits: SourceLimits) {
    this.#limits = limits;
  }

  async parse(path: string, text: string, language: Language, expired: () => boolean): Promise<Parsed> {
    const { grammar, otherGrammar } = language;
    const parsed = await this.#parseAs(grammar, path, text, language, expired);
    if (otherGrammar === undefined || ('file' in parsed && brokenIn(parsed.file) === 0)) return parsed;
    const other = await this.#parseAs(otherGrammar, path, text, language, expired);
    const isBetter = 'file' in other && (!('file' in parsed) || brokenIn(other.file) < brokenIn(parsed.file));
    return isBetter ? other : parsed;
  }

  async #parseAs(
    grammar: string,
    path: string,
    text: string,
    { reader }: Language,
    expired: () => boolean,
  ): Promise<Parsed> {
    if (this.#isSpent()) return { unreadable: this.#spent() };
    if (this.#failed) return { unreadable: 'the parser failed in a file before it' };
    const parser = await this.#parser();
    parser.setLanguage(await grammarOf(grammar));
    const readable = reader.readable?.(text) ?? text;
    try {
      return this.#parseBy(parser, readable, path, text, reader, expired);
    } catch (error) {
      // What an abort inside of WebAssembly throws.
      if (!(error instanceof Error && error.name === 'RuntimeError')) throw error;
      this.#failed = true;
      return { unreadable: `the parser failed (${error.message})` };
    }
  }

  #parseBy(
    parser: Parser,
    readable: string,
    path: string,
    text: string,
    reader: Language['reader'],
    expired: () => boolean,
  ): Parsed {
    const { parseSteps, nodes, treeNodes, nesting } = this.#limits;
    const before = this.#steps;
    const isTooMuch = () => this.#steps - before > parseSteps || this.#isSpent();
    const step = () => {
      this.#steps += 1;
      return isTooMuch();
    };
    // The parser may read the rest of the file for each of its tokens, and does not call back meanwhile.
    const read = (at: number) => (step() ? undefined : readable.slice(at, at + CHUNK));
    const tree = parser.parse(read, null, { progressCallback: () => step() || expired() });
    if (tree === null) {
      parser.reset();
      return { unreadable: this.#isSpent() ? this.#spent() : TOO_MUCH };
    }
    try {
      if (isTooMuch()) return { unreadable: this.#isSpent() ? this.#spent() : TOO_MUCH };
      const count = tree.rootNode.descendantCount;
      if (count > nodes) return { unreadable: `it has more than ${nodes} pieces of syntax` };
      if (this.#nodes + count > treeNodes) return { unreadable: this.#spent() };
      this.#nodes += count;
      const file = flatten(tree, path, text, nesting);
      if (file === undefined) return { unreadable: `it nests more than ${nesting} deep` };
      reader.prepare?.(file.nodes);
      return { file };
    } finally {
      tree.delete();
    }
  }

  #isSpent(): boolean {
    return this.#steps > this.#limits.treeSteps;
  }

  #spent(): string {
    return `the files before it are as much as Fusegate parses (${this.#nodes} pieces of syntax)`;
  }

  #parser(): Promise<Parser> {
    this.#engine ??= (async () => {
      useBaselineCompiler();
      const { Parser } = await import('web-tree-sitter');
      await Parser.init({ wasmBinary: await engineBytes() });
      return new Parser();
    })();
    return this.#engine;
  }

  async end(): Promise<void> {
    if (!this.#failed) (await this.#engine)?.delete();
  }
}

function brokenIn({ nodes }: ParsedFile): number {
  return nodes.reduce((count, { broken }) => count + (broken ? 1 : 0), 0);
}
