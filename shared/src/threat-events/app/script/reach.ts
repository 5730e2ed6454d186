/** Which modules of a Metro bundle run: those that the end of the bundle names, and those that a module that runs requires. */
import type { CallExpression } from 'acorn';
import { Budget, UnreadablePart } from '../problem.ts';
import { BundleModules, type Chunk } from './bundle.ts';
import type { Parse } from './parse.ts';
import { Program } from './program.ts';
import { isNever, Runs } from './runs.ts';
import { Values } from './values.ts';

/** Text that is parsed to find who requires a module. One tree is kept at a time. */
const MAX_PARSED = 8 * 1024 * 1024;
const MAX_STEPS = 20_000_000;

/** Where the condition stands on which a module runs. */
export interface Reached {
  at?: number;
}

export class Reach {
  readonly #parents = new Map<string, Chunk[]>();
  readonly #required = new Map<Chunk, Map<string, Reached>>();
  readonly #roots: ReadonlySet<string>;
  readonly #parse: Parse;
  readonly #budget = new Budget(MAX_STEPS);
  #left = MAX_PARSED;

  constructor(chunks: readonly Chunk[], rest: string, parse: Parse) {
    this.#parse = parse;
    this.#roots = new Set(this.#calls(rest, rootOf).keys());
    const byId = new Map(chunks.map((chunk) => [chunk.id, chunk]));
    // By the lists alone, which spares most of the parsing.
    const listed = new Set(this.#roots);
    for (const id of listed) for (const each of byId.get(id)?.dependencies ?? []) listed.add(each);
    for (const chunk of chunks) {
      if (chunk.id === undefined || !listed.has(chunk.id)) continue;
      for (const id of new Set(chunk.dependencies)) {
        const known = this.#parents.get(id);
        if (known) known.push(chunk);
        else this.#parents.set(id, [chunk]);
      }
    }
  }

  /** @returns undefined if nothing is known to run the module */
  of(id: string): Reached | undefined {
    return this.#from(id, false) ?? this.#from(id, true);
  }

  /** From the module to those that require it, because they are few. */
  #from(id: string, conditional: boolean): Reached | undefined {
    const seen = new Map<string, Reached>([[id, {}]]);
    for (const [each, reached] of seen) {
      if (this.#roots.has(each)) return reached;
      for (const parent of this.#parents.get(each) ?? []) {
        if (parent.id === undefined || seen.has(parent.id)) continue;
        const by = this.#requiredBy(parent).get(each);
        if (by !== undefined && (conditional || by.at === undefined)) seen.set(parent.id, { ...by, ...reached });
      }
    }
    return undefined;
  }

  #requiredBy(chunk: Chunk): Map<string, Reached> {
    const known = this.#required.get(chunk);
    if (known !== undefined) return known;
    const found = this.#calls(chunk.text, (call, modules) => modules.run(call), chunk.at);
    this.#required.set(chunk, found);
    return found;
  }

  #calls(
    text: string,
    idOf: (call: CallExpression, modules: BundleModules) => string | undefined,
    offset = 0,
  ): Map<string, Reached> {
    const found = new Map<string, Reached>();
    this.#left -= text.length;
    const tree = this.#left < 0 ? undefined : this.#parse(text);
    if (tree === undefined) return found;
    try {
      const program = new Program(this.#budget);
      program.add(tree);
      const modules = new BundleModules(program, () => undefined);
      const runs: Runs = new Runs(program, new Values(program, modules, (call) => !isNever(runs.of(call))));
      for (const call of program.calls) {
        const id = call.type === 'CallExpression' ? idOf(call, modules) : undefined;
        const run = id === undefined ? undefined : runs.of(call);
        if (id === undefined || run === undefined || isNever(run) || run.calledBy !== undefined) continue;
        const [condition] = run.conditions;
        if (condition === undefined) found.set(id, {});
        else if (!found.has(id)) found.set(id, { at: offset + condition.node.start });
      }
    } catch (error) {
      // What was found until then stays found.
      if (!(error instanceof UnreadablePart || error instanceof RangeError)) throw error;
    }
    return found;
  }
}

/** `__r(0)` */
function rootOf({ callee, arguments: [id] }: CallExpression): string | undefined {
  return callee.type === 'Identifier' && callee.name === '__r' && id?.type === 'Literal' ? String(id.value) : undefined;
}
