/** What a parameter of a function or of a lambda stands for. */
import type { Finders } from './changes.ts';
import { type Follow, type Items, known, type Part, passed } from './items.ts';
import { isScript } from './meanings.ts';
import type { SyntaxNode } from './node.ts';
import type { OwnCalls } from './own-calls.ts';
import type { Program } from './program.ts';
import { ITERATORS } from './selection.ts';
import type { Declared } from './shape.ts';

export class Parameters {
  readonly #program: Program;
  readonly #calls: OwnCalls;
  readonly #follow: Follow;

  constructor({ program, calls, follow }: Omit<Finders, 'meanings'>) {
    this.#program = program;
    this.#calls = calls;
    this.#follow = follow;
  }

  of(what: Extract<Declared, { as: 'parameter' }>): Items {
    const part = what.label === '[0]' ? 'key' : what.label === '[1]' ? 'value' : undefined;
    const user = this.#program.userOf(what.of);
    if (user) return this.ofLambda(what.of, what.index, part);
    const given = this.#calls.argumentsFor(what);
    return (
      given &&
      known(given.map(({ node, each }) => passed(each ? this.#follow.elements(node) : this.#follow.of(node), [node])))
    );
  }

  ofLambda(lambda: SyntaxNode, index: number, part?: Part): Items {
    const user = this.#program.userOf(lambda);
    if (user?.call.of === undefined) return undefined;
    const { name, of } = user.call;
    if (name === 'also' || name === 'let') return index === 0 ? this.#follow.of(of) : undefined;
    if (!ITERATORS.has(name)) return undefined;
    if (name === 'forEachIndexed') return index === 1 ? this.#follow.elements(of) : undefined;
    if (part) return this.#follow.elements(of, part);
    if (index === 0) return this.#follow.elements(of) ?? this.#follow.elements(of, 'key');
    // `map.forEach((key, value) …)`; of JavaScript's Map it is the other way round.
    return index === 1 && this.#follow.elements(of) === undefined && !isScript(lambda)
      ? this.#follow.elements(of, 'value')
      : undefined;
  }
}
