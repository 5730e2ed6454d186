/** Whether a collection is only read after it was made. What changes it, aliases it or passes it on may take a name out of it. */
import type { SyntaxNode } from './node.ts';
import { type Call, type Declaration, is, type Program } from './program.ts';
import type { Argument } from './shape.ts';

export interface Meaning {
  namedBy(node: SyntaxNode): Declaration[] | undefined;
  /** Whether a call of this name leaves a collection as it is, or adds to it. */
  leaves(method: string): boolean;
  /** Whether a call only reads a collection that it gets. */
  reads(call: Call): boolean;
  /** The parameter of a function of the tree that gets this argument. */
  parameterOf(node: SyntaxNode, call: Call, argument: Argument): Declaration | undefined;
}

const EXPORTS = new Set(['export_specifier', 'export_clause', 'export_statement', 'import_specifier', 'import_clause']);

export class Uses {
  readonly #program: Program;
  readonly #meaning: Meaning;
  readonly #known = new Map<Declaration, boolean>();
  #places: Map<string, SyntaxNode[]> | undefined;

  constructor(program: Program, meaning: Meaning) {
    this.#program = program;
    this.#meaning = meaning;
  }

  areReads(declaration: Declaration): boolean {
    const known = this.#known.get(declaration);
    if (known !== undefined) return known;
    // For one that leads back to itself.
    this.#known.set(declaration, true);
    const places = this.#placesOf(declaration.what.name);
    const reads =
      places.length < 2000 &&
      places.every((node) => !this.#meaning.namedBy(node)?.includes(declaration) || this.#isRead(node));
    this.#known.set(declaration, reads);
    return reads;
  }

  #placesOf(name: string): SyntaxNode[] {
    if (this.#places === undefined) {
      this.#places = new Map();
      for (const node of this.#program.nodes()) {
        const shape = this.#program.shape(node);
        if (shape?.is !== 'name' && shape?.is !== 'member') continue;
        const list = this.#places.get(shape.name);
        if (list) list.push(node);
        else this.#places.set(shape.name, [node]);
      }
    }
    return this.#places.get(name) ?? [];
  }

  #isRead(node: SyntaxNode): boolean {
    const program = this.#program;
    const user = program.userOf(node);
    if (user) return this.#isReadBy(user.node, user.call, node);
    let inner = node;
    for (let around = node.parent; around; around = around.parent) {
      const { declared, assignment } = program.reader(around);
      if (around.children.some(({ type }) => type === 'cascade_section')) return false;
      const bound = declared(around);
      if (bound.some((what) => what.as === 'each' || what.as === 'taken')) return true;
      const alias = bound.find((what) => what.as === 'value');
      if (alias?.as === 'value' && alias.value) {
        if (program.bare(alias.value) !== node) return true;
        const [own] = program.lookUp(alias.name, around).filter((one) => one.node === around);
        return own !== undefined && this.areReads(own);
      }
      if (bound.length > 0 || EXPORTS.has(around.type)) return true;
      const set = assignment(around);
      if (set)
        return inner === set.value ? program.bare(set.value) !== node : inner === node && this.#isPlain(set.target);
      const shape = program.shape(around);
      if (shape?.is === 'call')
        return shape.of !== undefined && program.bare(shape.of) === node && this.#meaning.leaves(shape.name);
      if (shape?.is === 'method') return this.#meaning.leaves(shape.name);
      if (shape?.is === 'spread') return true;
      if (shape?.is === 'member' || shape?.is === 'item') {
        // The name may be a part of the expression that is looked at on its own.
        if (shape.is === 'member' && shape.of && program.bare(shape.of) !== node) return true;
        const [next] = around.parent ? [around.parent] : [];
        const called = next && program.shape(next);
        if (called?.is === 'call' && called.of && program.bare(called.of) === node)
          return this.#meaning.leaves(called.name);
        return !this.#isChanged(around);
      }
      inner = around;
      if (shape?.is === 'lambda' || program.isBody(around)) return true;
    }
    return true;
  }

  /** The variable itself is set, which is looked at where its value is. */
  #isPlain(target: SyntaxNode): boolean {
    const shape = this.#program.bareShape(target);
    return shape?.is === 'name' || shape?.is === 'member';
  }

  /** Of a member or an element: assigned, deleted, or counted up. */
  #isChanged(node: SyntaxNode): boolean {
    for (let around = node.parent, inner = node, depth = 0; around && depth < 6; around = around.parent, depth++) {
      const set = this.#program.reader(around).assignment(around);
      if (set) return set.target.start <= node.start && node.end <= set.target.end;
      if (/^(?:unary|update|augmented_assignment|delete)/u.test(around.type)) return around.children[0] === inner;
      const shape = this.#program.shape(around);
      if (shape !== undefined && shape.is !== 'member' && shape.is !== 'item' && shape.is !== 'same') return false;
      inner = around;
    }
    return false;
  }

  #isReadBy(node: SyntaxNode, call: Call, argument: SyntaxNode): boolean {
    if (this.#meaning.reads(call)) return true;
    const given = call.args.find((one) => this.#program.bare(one.node) === argument);
    const parameter = given && this.#meaning.parameterOf(node, call, given);
    return parameter !== undefined && is(parameter, 'parameter') && this.areReads(parameter);
  }
}
