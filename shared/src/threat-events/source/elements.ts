/** The elements of a list, the keys and values of a map, the constants of an enum. */

import type { Changes, Finders } from './changes.ts';
import { EVERY_CONSTANT, INDEXED, KEYS, LISTS, MAPPERS, MAPS, SAME_ELEMENTS, VALUES } from './collection-words.ts';
import { type Follow, type Item, type Items, known, type Part, passed, tagged } from './items.ts';
import { isTypeName, type Meanings } from './meanings.ts';
import type { Members } from './members.ts';
import { type SyntaxNode, textOf } from './node.ts';
import type { OwnCalls } from './own-calls.ts';
import { type Call, type Declaration, is, type Program } from './program.ts';

export class Elements {
  readonly #program: Program;
  readonly #meanings: Meanings;
  readonly #calls: OwnCalls;
  readonly #members: Members;
  readonly #follow: Follow;
  readonly #changes: Changes;

  constructor({ program, meanings, calls, follow }: Finders, members: Members, changes: Changes) {
    this.#program = program;
    this.#meanings = meanings;
    this.#calls = calls;
    this.#members = members;
    this.#follow = follow;
    this.#changes = changes;
  }

  of(node: SyntaxNode, part: Part): Items {
    const shape = this.#program.shape(node);
    switch (shape?.is) {
      case 'same':
        return this.#follow.elements(shape.of, part);
      case 'list':
        return part ? this.#pairs(shape.items, part) : this.#all(shape.items);
      case 'map':
        return part ? this.#entries(shape.entries, part) : undefined;
      case 'name':
      case 'member': {
        if (shape.is === 'member' && shape.of) {
          const special = this.#specialElements(shape.of, shape.name, part);
          if (special) return special;
        }
        const found = this.#meanings.namedBy(node);
        if (found && found.length > 0) return this.#commonElements(found, part);
        return undefined;
      }
      case 'call':
        return this.#callElements(node, shape, part);
      default:
        return undefined;
    }
  }

  /** Those that are understood: the others are elements as well, of which nothing is known. */
  #all(items: readonly SyntaxNode[]): Items {
    return items.flatMap((item) => {
      const shape = this.#program.shape(item);
      if (shape?.is === 'spread') return this.#follow.elements(shape.of) ?? [];
      return this.#follow.of(item) ?? [];
    });
  }

  #pairs(items: readonly SyntaxNode[], part: 'key' | 'value'): Items {
    return items.flatMap((item) => {
      const pair = this.listItems(item);
      const chosen = pair?.[part === 'key' ? 0 : 1];
      return (chosen && this.#follow.of(chosen)) ?? [];
    });
  }

  #entries(
    entries: ReadonlyArray<{ key?: string; keyNode?: SyntaxNode; value?: SyntaxNode }>,
    part: 'key' | 'value',
  ): Items {
    return entries.flatMap(({ key, keyNode, value }): Item[] => {
      if (part === 'value') return (value && this.#follow.of(value)) ?? [];
      if (key !== undefined) return [{ is: 'text', text: key }];
      return (keyNode && this.#follow.of(keyNode)) ?? [];
    });
  }

  #commonElements(found: readonly Declaration[], part: Part): Items {
    return this.#follow.common(found, (one) => {
      if (is(one, 'parameter')) {
        const given = this.#calls.argumentsFor(one.what);
        return (
          given &&
          known(given.map(({ node, each }) => (each ? undefined : passed(this.#follow.elements(node, part), [node]))))
        );
      }
      const value = this.#meanings.onlyValue(one);
      if (!this.#changes.areReads(one)) return undefined;
      const own = value && passed(this.#follow.elements(value, part), [value]);
      return own && [...own, ...this.#changes.added(one)];
    });
  }

  listItems(node: SyntaxNode): SyntaxNode[] | undefined {
    const shape = this.#program.bareShape(node);
    if (shape?.is === 'list') return shape.items;
    if (shape?.is === 'call' && LISTS.has(shape.name) && shape.args.length > 1)
      return shape.args.map((one) => one.node);
    const found = this.#meanings.namedBy(node);
    const value = found?.length === 1 && found[0] ? this.#meanings.onlyValue(found[0]) : undefined;
    return value && this.#follow.guarded(() => this.listItems(value));
  }

  /** The constants of an enum, or the keys or values of a map. */
  #specialElements(of: SyntaxNode, name: string, part: Part): Items {
    if (part === undefined && EVERY_CONSTANT.has(name)) {
      const constants = this.#constantsOf(of);
      if (constants) return constants;
    }
    if (part) return SAME_ELEMENTS.has(name) || name === 'entries' ? this.#follow.elements(of, part) : undefined;
    if (KEYS.has(name)) return this.#follow.elements(of, 'key');
    if (VALUES.has(name)) return this.#follow.elements(of, 'value');
    return SAME_ELEMENTS.has(name) ? this.#follow.elements(of) : undefined;
  }

  #constantsOf(node: SyntaxNode): Items {
    const shape = this.#program.bareShape(node);
    if (shape?.is !== 'name') return undefined;
    const near = this.#program.lookUp(shape.name, node);
    if (near.some((one) => !is(one, 'type') && !is(one, 'import'))) return undefined;
    const types = this.#program.typesNamed(shape.name).filter(({ what }) => what.isEnum);
    const [type] = types;
    if (type === undefined || types.length > 1) return undefined;
    if ([...EVERY_CONSTANT].some((name) => this.#program.memberOf(type, name).length > 0)) return undefined;
    return this.#program.membersOf(type).flatMap((of): Item[] => (is(of, 'constant') ? [{ is: 'constant', of }] : []));
  }

  #callElements(node: SyntaxNode, call: Call, part: Part): Items {
    const { name, of, args } = call;
    const [first] = args;
    const owner = of && this.#program.bareShape(of);
    const ownerName = owner?.is === 'name' ? owner.name : undefined;
    if (first && args.length === 1 && ownerName === 'Object') {
      const constants = name === 'values' && part === undefined ? this.#constantsOf(first.node) : undefined;
      if (constants) return constants;
      if (name === 'keys' && part === undefined) return this.#follow.elements(first.node, 'key');
      if (name === 'values' && part === undefined) return this.#follow.elements(first.node, 'value');
      if (name === 'entries') return part && this.#follow.elements(first.node, part);
    }
    if (first && ownerName === 'Enum' && name === 'GetValues') return this.#constantsOf(first.node);
    if (of && args.length === 0 && !call.lambda) {
      if (INDEXED.has(name)) return part === 'value' ? this.#follow.elements(of) : undefined;
      const special = this.#specialElements(of, name, part);
      if (special) return special;
    }
    if (of && MAPPERS.has(name) && part === undefined) return this.#mapped(of, call);
    if (part && MAPS.has(name)) {
      return args.flatMap((one) => this.#follow.elements(one.node, part) ?? []);
    }
    if (part === undefined && LISTS.has(name) && (of === undefined || isTypeName(ownerName))) {
      const whole = first && args.length === 1 ? this.#follow.elements(first.node) : undefined;
      return whole ?? this.#all(args.map((one) => one.node));
    }
    const result = this.#calls.resultOf(node, call);
    return result && this.#follow.elements(result, part);
  }

  #mapped(of: SyntaxNode, call: Call): Items {
    const given = call.lambda ?? call.args[0]?.node;
    const shape = given && this.#program.bareShape(given);
    if (shape?.is === 'lambda') {
      const result = this.#program.reader(of).result(shape.body);
      return result && this.#follow.of(result);
    }
    // `Notification.Name.init(rawValue:)` has the form of a call.
    if (shape?.is === 'call' && shape.name === 'init' && shape.args.every((one) => textOf(one.node).endsWith(':')))
      return this.#follow.elements(of);
    if (shape?.is === 'method' || shape?.is === 'member') {
      if (shape.name === 'init') return this.#follow.elements(of);
      const owner = shape.of && this.#program.bareShape(shape.of);
      if (shape.name === 'new' && owner?.is === 'name' && owner.name === 'EventChannel')
        return tagged(this.#follow.elements(of), 'channel');
      return this.#follow.elements(of)?.flatMap((item) => passed(this.#members.got(item, shape.name), item.via) ?? []);
    }
    return undefined;
  }
}
