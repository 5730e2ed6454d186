/** What a member of a value is: a field, a getter, an entry of a map, the text of a constant. */

import { type Follow, type Item, type Items, texts } from './items.ts';
import type { Meanings } from './meanings.ts';
import type { SyntaxNode } from './node.ts';
import { type Declaration, is, type Program } from './program.ts';
import type { Argument } from './shape.ts';

const TEXT_MEMBERS = new Set(['rawValue', 'toString', 'ToString', 'intern']);
const CONSTANT_NAMES = new Set(['name', 'toString', 'ToString', 'rawValue']);

export class Members {
  readonly #program: Program;
  readonly #meanings: Meanings;
  readonly #follow: Follow;

  constructor(program: Program, meanings: Meanings, follow: Follow) {
    this.#program = program;
    this.#meanings = meanings;
    this.#follow = follow;
  }

  /** What a method without arguments gives of a value: `getAction()` what it returns, `name()` the name of a constant. */
  got(item: Item, name: string): Items {
    const type = item.is === 'constant' ? this.#program.typeAround(item.of.node) : this.#typeOf(item);
    const [method] = type ? this.#program.memberOf(type, name).filter((one) => is(one, 'function')) : [];
    if (!is(method, 'function')) return this.member(item, propertyOf(name));
    const result = this.#program.reader(method.node).result(method.what.body);
    const shape = result && this.#program.bareShape(result);
    // Anything else than a plain field may be a different text.
    const isField =
      shape?.is === 'name' ||
      (shape?.is === 'member' && shape.of !== undefined && this.#program.shape(shape.of)?.is === 'self');
    return isField ? this.member(item, shape.name) : undefined;
  }

  #typeOf(item: Item) {
    const shape = item.is === 'object' ? this.#program.shape(item.node) : undefined;
    const types = shape?.is === 'call' ? this.#program.typesNamed(shape.name) : [];
    return types.length === 1 ? types[0] : undefined;
  }

  /** A member of a value. */
  member(item: Item, name: string): Items {
    if (item.is === 'text') return TEXT_MEMBERS.has(name) ? [item] : undefined;
    if (item.is === 'constant') return this.#constantMember(item, name);
    const shape = this.#program.shape(item.node);
    if (shape?.is === 'map') {
      const [entry, ...others] = shape.entries.filter(
        ({ key, keyNode }) => (key ?? (keyNode && this.#key(keyNode))) === name,
      );
      // Another entry of that name, or one that a spread brings, replaces it.
      const isSpread = shape.entries.some(({ key, keyNode }) => key === undefined && keyNode === undefined);
      return others.length > 0 || isSpread ? undefined : entry?.value && this.#follow.of(entry.value);
    }
    if (shape?.is !== 'call') return undefined;
    const [type] = this.#program.typesNamed(shape.name);
    return this.#argumentNamed(shape.args, type?.what.fields ?? [], name);
  }

  /** The text of a map's key: a literal, or a plain word as JavaScript writes it. */
  #key(node: SyntaxNode): string | undefined {
    const found = texts(this.#follow.of(node));
    return found?.length === 1 ? found[0] : undefined;
  }

  #constantMember(item: Extract<Item, { is: 'constant' }>, name: string): Items {
    const { what, node } = item.of;
    const type = this.#program.typeAround(node);
    const fields = type?.what.fields ?? [];
    const own = type ? this.#program.memberOf(type, name) : [];
    const given = this.#constructed(item, own) ?? this.#argumentNamed(what.args, fields, name);
    if (given === 'unknown') return undefined;
    if (CONSTANT_NAMES.has(name) && !fields.includes(name) && own.length === 0) {
      // Swift's raw value is written, or the name itself.
      if (name === 'rawValue' && what.args.length > 0) return given;
      return [{ is: 'text', text: what.name }];
    }
    if (given) return given;
    const computed = own.find((one) => is(one, 'value'));
    const value = computed && this.#meanings.onlyValue(computed);
    return value && this.#follow.of(value, item);
  }

  /** What the constructor of an enum sets a field to: one of its parameters, or something that is not understood. */
  #constructed({ of }: Extract<Item, { is: 'constant' }>, own: readonly Declaration[]): Items | 'unknown' {
    const [field] = own.filter((one) => is(one, 'value'));
    const [set, ...others] = field ? this.#program.assignedTo(field) : [];
    if (set === undefined) return undefined;
    const shape = this.#program.bareShape(set);
    const [parameter] = shape?.is === 'name' ? this.#program.lookUp(shape.name, set) : [];
    const given = is(parameter, 'parameter') ? of.what.args[parameter.what.index]?.node : undefined;
    return (others.length === 0 && given && this.#follow.of(given)) || 'unknown';
  }

  /** The argument for a field: by its label, by its place, or because only one of them is a text. */
  #argumentNamed(args: readonly Argument[], fields: readonly string[], name: string): Items {
    const labelled = args.find(({ label }) => label === name);
    if (labelled) return this.#follow.of(labelled.node);
    const place = fields.indexOf(name);
    if (place >= 0)
      return args[place] && args[place].label === undefined ? this.#follow.of(args[place].node) : undefined;
    if (fields.length > 0) return undefined;
    const found = args.filter(({ label }) => label === undefined).map(({ node }) => this.#follow.of(node));
    const known = found.filter((one) => one?.every((item) => item.is === 'text'));
    return known.length === 1 ? known[0] : undefined;
  }
}

/** `action` of `getAction`. */
function propertyOf(method: string): string {
  return method.startsWith('get') && method.length > 3 ? method.charAt(3).toLowerCase() + method.slice(4) : method;
}
