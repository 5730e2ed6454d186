/** Text to syntax nodes, by tree-sitter's grammars as WebAssembly. Nothing is compiled or fetched. */

import type { Language as Grammar, Parser } from 'web-tree-sitter';
import { engineBytes, grammarBytes } from '#grammars';
import { useBaselineCompiler } from './baseline-compiler.ts';
import type { Language } from './languages.ts';
import type { SourceLimits } from './limits.ts';
import { flatten, type ParsedFile } from './node.ts';

export type Parsed = { file: ParsedFile } | { unreadable: string };

export class Parsers {
  readonly #limits: SourceLimits;
  readonly #grammars = new Map<string, Promise<Grammar>>();
  #engine: Promise<Parser> | undefined;

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
    const parser = await this.#parser();
    parser.setLanguage(await this.#grammar(grammar));
    const end = performance.now() + this.#limits.parseMs;
    const readable = reader.readable?.(text) ?? text;
    const tree = parser.parse(readable, null, { progressCallback: () => performance.now() > end || expired() });
    if (tree === null) {
      parser.reset();
      return { unreadable: 'it takes too long to parse' };
    }
    try {
      const file = flatten(tree, path, text, this.#limits.nodes);
      if (file === undefined) return { unreadable: `it has more than ${this.#limits.nodes} pieces of syntax` };
      reader.prepare?.(file.nodes);
      return { file };
    } finally {
      tree.delete();
    }
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

  #grammar(name: string): Promise<Grammar> {
    let grammar = this.#grammars.get(name);
    if (grammar === undefined) {
      grammar = (async () => {
        const { Language } = await import('web-tree-sitter');
        return Language.load(await grammarBytes(name));
      })();
      this.#grammars.set(name, grammar);
    }
    return grammar;
  }

  async end(): Promise<void> {
    (await this.#engine)?.delete();
  }
}

function brokenIn({ nodes }: ParsedFile): number {
  return nodes.reduce((count, { broken }) => count + (broken ? 1 : 0), 0);
}
