/** Which calls mean the tree's own functions, what they hand them and what they get back. */

import type { Meanings } from './meanings.ts';
import { isInside, type SyntaxNode } from './node.ts';
import type { Call, Declaration, Program } from './program.ts';
import { isNeverReached } from './reached.ts';
import { ITERATORS } from './selection.ts';
import type { Argument, Declared, Shape } from './shape.ts';

interface Handed {
  node: SyntaxNode;
  of: SyntaxNode;
  shape: Extract<Shape, { is: 'name' | 'method' | 'member' }>;
}

export class OwnCalls {
  readonly #program: Program;
  readonly #meanings: Meanings;

  constructor(program: Program, meanings: Meanings) {
    this.#program = program;
    this.#meanings = meanings;
  }

  /**
   * What the tree's own calls of a function give for a parameter; undefined if it is not certain which function they call. `each`: it gets
   * the elements of the node one by one.
   */
  argumentsFor(what: Extract<Declared, { as: 'parameter' }>): Array<{ node: SyntaxNode; each: boolean }> | undefined {
    const { of, index, label } = what;
    const owner = this.#program.ownerOf(of);
    const own = this.#program.functionsNamed(owner?.what.name ?? '').length === 0 ? owner : undefined;
    const declared = this.#functionAt(of);
    const name = declared?.what.name ?? own?.what.name;
    if (name === undefined) return undefined;
    const named = this.#program.functionsNamed(name);
    if (declared ? named.length !== 1 : this.#program.topNamed(name).length > 1) return undefined;
    const type = this.#program.typeAround(of);
    const sites = this.#program
      .callsOf(name)
      .filter(({ node, call }) => this.#callsOwn(node, call, type))
      .filter(({ node }) => !isNeverReached(this.#program, this.#meanings, node));
    const found = sites.flatMap(({ call }) => argumentAt(call, index, label) ?? []);
    const handed = this.#handedTo(name).flatMap(({ node, of, shape }) => {
      if (index !== 0) return [];
      const isOwn =
        shape.is === 'name' ||
        (shape.of !== undefined &&
          this.#program.shape(shape.of)?.is === 'self' &&
          this.#program.typeAround(node) === type);
      return isOwn ? [of] : [];
    });
    return [...found.map((node) => ({ node, each: false })), ...handed.map((node) => ({ node, each: true }))];
  }

  /** `names.forEach(listen)`: the collections that a function of this name is handed to. */
  #handedTo(name: string): Handed[] {
    if (this.#handed === undefined) {
      this.#handed = new Map();
      for (const { node, call } of this.#program.calls) {
        const [first] = call.args;
        if (call.of === undefined || first === undefined || !ITERATORS.has(call.name)) continue;
        const shape = this.#program.bareShape(first.node);
        if (shape?.is !== 'name' && shape?.is !== 'method' && shape?.is !== 'member') continue;
        this.#handed.set(shape.name, [...(this.#handed.get(shape.name) ?? []), { node, of: call.of, shape }]);
      }
    }
    return this.#handed.get(name) ?? [];
  }
  #handed: Map<string, Handed[]> | undefined;

  #functionAt(node: SyntaxNode) {
    const named = this.#program.reader(node).declared(node);
    const [what] = named.filter(({ as }) => as === 'function');
    return what && this.#program.functionsNamed(what.name).find((one) => one.node === node);
  }

  /** Whether a call means a function of the tree, other than the one that it stands in. */
  callsOwnFunction(node: SyntaxNode, call: Call): boolean {
    return this.#program
      .functionsNamed(call.name)
      .some((one) => !isInside(node, one.node) && this.#callsOwn(node, call, this.#program.typeAround(one.node)));
  }

  /** Whether a call without doubt means the tree's own function of that name. */
  #callsOwn(node: SyntaxNode, { of }: Call, type: Declaration | undefined): boolean {
    const around = this.#program.typeAround(node);
    if (of === undefined) return type === undefined || around === type || isNested(around, type);
    const shape = this.#program.bareShape(of);
    if (shape?.is === 'self') return around === type;
    if (type === undefined) return false;
    if (shape?.is === 'name' || shape?.is === 'call') {
      if (shape.name === type.what.name) return this.#program.typesNamed(shape.name).length === 1;
      if (shape.is === 'name') {
        const values = this.#meanings.declarations(shape.name, of).map((one) => this.#meanings.onlyValue(one));
        const made = values.length === 1 && values[0] ? this.#program.bareShape(values[0]) : undefined;
        return made?.is === 'call' && made.name === type.what.name && made.of === undefined;
      }
    }
    // `Listener.shared.listen(…)`
    if (shape?.is === 'member' && shape.of) {
      const owner = this.#program.bareShape(shape.of);
      return owner?.is === 'name' && owner.name === type.what.name;
    }
    return false;
  }

  /** What the tree's own function without parameters returns. */
  resultOf(node: SyntaxNode, call: Call): SyntaxNode | undefined {
    const named = this.#program.functionsNamed(call.name);
    const [only] = named;
    if (only === undefined || named.length !== 1 || call.args.length > 0 || call.lambda) return undefined;
    if (!this.#callsOwn(node, call, this.#program.typeAround(only.node))) return undefined;
    return this.#program.reader(only.node).result(only.what.body);
  }

  parameterOf(node: SyntaxNode, call: Call, argument: Argument): Declaration | undefined {
    const [only, ...others] = this.#program.functionsNamed(call.name);
    if (only === undefined || others.length > 0) return undefined;
    if (!this.#callsOwn(node, call, this.#program.typeAround(only.node))) return undefined;
    const index = call.args.indexOf(argument);
    return this.#program
      .parametersOf(only.node)
      .filter(({ what }) => what.member === undefined)
      .find(({ what }) => (argument.label !== undefined && what.label === argument.label) || what.index === index);
  }
}

function argumentAt({ args }: Call, index: number, label: string | undefined): SyntaxNode | undefined {
  const labelled = label === undefined ? undefined : args.find((one) => one.label === label);
  if (labelled) return labelled.node;
  return index >= 0 ? args[index]?.node : undefined;
}

function isNested(inner: Declaration | undefined, outer: Declaration | undefined): boolean {
  for (let node = inner?.node.parent; node; node = node.parent) if (node === outer?.node) return true;
  return false;
}
