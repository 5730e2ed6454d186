/** What happens to a collection after it was made: elements are added, or it is only read. */
import { ADDERS, LEAVING, LISTS, MAPS, READERS, VIEWS } from './collection-words.ts';
import { type Follow, type Item, passed } from './items.ts';
import { isTypeName, type Meanings } from './meanings.ts';
import type { SyntaxNode } from './node.ts';
import type { OwnCalls } from './own-calls.ts';
import type { Declaration, Program } from './program.ts';
import { Uses } from './uses.ts';

/** What elements are found with. */
export interface Finders {
  program: Program;
  meanings: Meanings;
  calls: OwnCalls;
  follow: Follow;
}

export class Changes {
  readonly #program: Program;
  readonly #meanings: Meanings;
  readonly #calls: OwnCalls;
  readonly #follow: Follow;

  constructor({ program, meanings, calls, follow }: Finders) {
    this.#program = program;
    this.#meanings = meanings;
    this.#calls = calls;
    this.#follow = follow;
  }

  /** Whether nothing takes an element away. */
  areReads(declaration: Declaration): boolean {
    return this.#uses.areReads(declaration);
  }

  /** `names.add("…")` */
  added(declaration: Declaration): Item[] {
    this.#adders ??= this.#indexAdders();
    return (this.#adders.get(declaration) ?? []).flatMap((node) => passed(this.#follow.of(node), [node]) ?? []);
  }
  #adders: Map<Declaration, SyntaxNode[]> | undefined;

  #indexAdders(): Map<Declaration, SyntaxNode[]> {
    const found = new Map<Declaration, SyntaxNode[]>();
    for (const name of ADDERS)
      for (const { call } of this.#program.callsOf(name)) {
        const [first] = call.args;
        if (call.of === undefined || first === undefined || call.args.length !== 1) continue;
        for (const one of this.#meanings.namedBy(call.of) ?? [])
          found.set(one, [...(found.get(one) ?? []), first.node]);
      }
    return found;
  }

  get #uses(): Uses {
    this.#usesMade ??= new Uses(this.#program, {
      namedBy: (node) => this.#meanings.namedBy(node),
      leaves: (method) => LEAVING.has(method) && !VIEWS.has(method),
      reads: ({ name, of }) => {
        const owner = of && this.#program.bareShape(of);
        if (of === undefined) return LISTS.has(name) || MAPS.has(name);
        return isTypeName(owner?.is === 'name' ? owner.name : undefined) && READERS.has(name);
      },
      parameterOf: (node, call, argument) => this.#calls.parameterOf(node, call, argument),
    });
    return this.#usesMade;
  }
  #usesMade: Uses | undefined;
}
