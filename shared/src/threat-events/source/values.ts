/**
 * Which texts an expression certainly stands for. In a loop it stands for each of them. Whatever is not understood has no value: a name that
 * might be registered is not registered.
 */
import { Changes } from './changes.ts';
import { Elements } from './elements.ts';
import {
  type Evidence,
  evidenceOf,
  type Follow,
  type Item,
  type Items,
  known,
  type Part,
  passed,
  retagged,
  tagged,
  texts,
} from './items.ts';
import { isScript, Meanings } from './meanings.ts';
import { Members } from './members.ts';
import { ancestorOf, type SyntaxNode, textOf } from './node.ts';
import { OwnCalls } from './own-calls.ts';
import { Parameters } from './parameters.ts';
import type { Call, Declaration, Program } from './program.ts';
import { countsAll, isSelected } from './selection.ts';
import { Steps } from './steps.ts';

/** Calls with one argument whose value is that argument, as far as a name is concerned. */
const WRAPPERS = new Set(['Name', 'NSString', 'init', 'String', 'CFNotificationName']);
const WRAPPER_LABELS = new Set(['rawValue', 'string', 'value', 'stringLiteral']);

export class Values {
  readonly #program: Program;
  readonly meanings: Meanings;
  readonly calls: OwnCalls;
  readonly #steps = new Steps();
  readonly #members: Members;
  readonly #parameters: Parameters;
  readonly #changes: Changes;
  readonly #elements: Elements;

  constructor(program: Program) {
    this.#program = program;
    const follow: Follow = {
      of: (node, self) => this.of(node, self),
      elements: (node, part) => this.elements(node, part),
      common: (found, value) => this.#common(found, value),
      guarded: (work) => this.#steps.guarded(work),
    };
    const meanings = new Meanings(program);
    const calls = new OwnCalls(program, meanings);
    const members = new Members(program, meanings, follow);
    this.meanings = meanings;
    this.calls = calls;
    this.#members = members;
    this.#parameters = new Parameters({ program, calls, follow });
    this.#changes = new Changes({ program, meanings, calls, follow });
    this.#elements = new Elements({ program, meanings, calls, follow }, members, this.#changes);
  }

  /** The texts that an expression stands for. */
  names(node: SyntaxNode): string[] | undefined {
    return this.#from(node, () => texts(this.#asTexts(this.of(node))));
  }

  /** The names that a registration takes from this argument. */
  evidence(node: SyntaxNode, as?: 'channel' | 'stream'): Evidence[] | undefined {
    return this.#from(node, () => evidenceOf(this.#asTexts(this.of(node)), as));
  }

  /** The same for each element of a collection. */
  elementEvidence(node: SyntaxNode): Evidence[] | undefined {
    return this.#from(node, () => evidenceOf(this.#asTexts(this.elements(node))));
  }

  #from<T>(node: SyntaxNode, work: () => T): T {
    const before = this.#asked;
    this.#asked ??= node;
    try {
      return work();
    } finally {
      this.#asked = before;
    }
  }
  /** Where the value is needed. A build without this place needs no value, and one with it may lack code inside an `#if` elsewhere. */
  #asked: SyntaxNode | undefined;

  #asTexts(items: Items): Items {
    return items?.flatMap((item): Item[] => {
      if (item.is !== 'constant') return [item];
      // Only an enum of TypeScript is its text.
      if (!isScript(item.of.node)) return [item];
      return item.of.what.args.flatMap(({ node }) => passed(this.of(node), item.via) ?? []);
    });
  }

  of(node: SyntaxNode, self?: Item): Items {
    return this.#steps.guarded(() => this.#valueOf(node, self));
  }

  elements(node: SyntaxNode, part?: Part): Items {
    return this.#steps.guarded(() => this.#elements.of(node, part));
  }

  #valueOf(node: SyntaxNode, self: Item | undefined): Items {
    if (this.#asked && !this.#program.isBuiltWith(node, this.#asked)) return undefined;
    const shape = this.#program.shape(node);
    switch (shape?.is) {
      case 'text':
        return [{ is: 'text', text: shape.value }];
      case 'same':
        return this.of(shape.of, self);
      case 'map':
        return [{ is: 'object', node }];
      case 'self':
        return self && [self];
      case 'name': {
        const found = this.meanings.declarations(shape.name, node);
        if (found.some((one) => this.#isSelected(one, node))) return undefined;
        if (found.length > 0) return this.#common(found, (one) => this.#declared(one));
        const lambda = this.#program.implicitLambda(shape.name, node);
        if (lambda && isSelected(this.#program, shape.name, node, lambda)) return undefined;
        if (lambda) return this.#parameters.ofLambda(lambda, 0);
        // In a computed property of an enum, `rawValue` is that of the constant.
        return self && this.#members.member(self, shape.name);
      }
      case 'member':
        return this.#memberValue(node, shape.of, shape.name, self);
      case 'item':
        return this.#itemValue(node, shape.of, shape.index);
      case 'call':
        return this.#callValue(node, shape, self);
      default:
        return undefined;
    }
  }

  /** Whether a condition lets only some of a variable's values come to this place. */
  #isSelected(declaration: Declaration, at: SyntaxNode): boolean {
    const { what, scope } = declaration;
    if (scope.file !== at.file || !['each', 'parameter', 'value'].includes(what.as)) return false;
    if (what.as === 'value') {
      const isLocal = scope.parent !== undefined && !this.#program.isBody(scope);
      if (!isLocal || what.value === undefined || this.#program.bareShape(what.value)?.is === 'text') return false;
    }
    return isSelected(this.#program, what.name, at, scope);
  }

  /** Several declarations count only if they all say the same. */
  #common(found: readonly Declaration[], value: (one: Declaration) => Items): Items {
    const all = found.slice(0, 20).map((one) => this.#steps.once(one, () => value(one)));
    const [first] = all;
    if (first === undefined || found.length > 20) return undefined;
    const form = (items: Items) => JSON.stringify(texts(this.#asTexts(items)) ?? 'none');
    if (all.length > 1 && (form(first) === '"none"' || all.some((one) => form(one) !== form(first)))) return undefined;
    return first;
  }

  #declared(declaration: Declaration): Items {
    const { what } = declaration;
    switch (what.as) {
      case 'value': {
        const value = this.meanings.onlyValue(declaration);
        if (value === undefined) return undefined;
        const isObject = this.#program.bareShape(value)?.is === 'map';
        return isObject && !this.#changes.areReads(declaration) ? undefined : passed(this.of(value), [value]);
      }
      case 'each':
        if (this.#program.assignedTo(declaration).length > 0) return undefined;
        return this.#memberOf(this.elements(what.of, what.part), what.member);
      case 'constant':
        return [{ is: 'constant', of: declaration as Declaration<typeof what> }];
      case 'taken':
        return this.#ofEach(this.of(what.of), (item) => this.#members.member(item, what.member));
      case 'parameter':
        if (this.#program.assignedTo(declaration).length > 0) return undefined;
        return this.#memberOf(this.#parameters.of(what), what.member);
      default:
        return undefined;
    }
  }

  #memberValue(node: SyntaxNode, of: SyntaxNode | undefined, name: string, self: Item | undefined): Items {
    if (of === undefined) return this.#implicitMember(name);
    const owner = this.#program.bareShape(of);
    if (owner?.is === 'self') {
      if (self) return this.#members.member(self, name);
      const found = this.#program.ofSelf(name, node);
      return found.length > 0 ? this.#common(found, (one) => this.#declared(one)) : undefined;
    }
    const members = this.meanings.membersAt(of, name);
    if (members) return this.#common(members, (one) => this.#declared(one));
    return this.#ofEach(this.of(of, self), (item) => this.#members.member(item, name));
  }

  /** `({ member }) => …` */
  #memberOf(items: Items, member: string | undefined): Items {
    return member === undefined ? items : this.#ofEach(items, (item) => this.#members.member(item, member));
  }

  /** What came from a value passed the places that the value did. */
  #ofEach(items: Items, part: (item: Item) => Items): Items {
    return items?.flatMap((item) => passed(part(item), item.via) ?? []);
  }

  /** Swift's `.name`: of Notification.Name, or the only constant of that name. */
  #implicitMember(name: string): Items {
    const found = this.meanings.typeMember('Name', name);
    const constants = found.length > 0 ? [] : this.#program.constantsNamed(name);
    return this.#common([...found, ...constants], (one) => this.#declared(one));
  }

  #itemValue(node: SyntaxNode, of: SyntaxNode, index: SyntaxNode): Items {
    const at = Number(textOf(index));
    const list = this.#elements.listItems(of);
    if (Number.isInteger(at) && textOf(index).trim() !== '') return list?.[at] && this.of(list[at]);
    const keys = this.of(index);
    const objects = this.of(of)?.filter((item) => item.is === 'object');
    if (keys && objects && objects.length > 0) {
      const picked = this.#ofEach(keys, (key) =>
        key.is === 'text' ? this.#ofEach(objects, (item) => this.#members.member(item, key.text)) : undefined,
      );
      return known([picked]);
    }
    // An index that runs: it takes every element of the list only if it is counted in a loop around it.
    const shape = this.#program.bareShape(index);
    const loop = shape?.is === 'name' ? ancestorOf(node, 'for_statement') : undefined;
    if (loop === undefined || shape?.is !== 'name') return undefined;
    const [counter] = this.#program.lookUp(shape.name, node);
    if (counter?.scope !== loop || isSelected(this.#program, shape.name, node, loop)) return undefined;
    return countsAll(loop, shape.name, of) ? this.elements(of) : undefined;
  }

  #callValue(node: SyntaxNode, call: Call, self: Item | undefined): Items {
    const [first] = call.args;
    if (call.name === 'EventChannel' && call.of === undefined) return first && tagged(this.of(first.node), 'channel');
    if (call.name === 'receiveBroadcastStream' && call.of) return retagged(this.of(call.of), 'channel', 'stream');
    if (call.of === undefined && this.#program.typesNamed(call.name).some((one) => !isNameType(one.what.name)))
      return [{ is: 'object', node }];
    const isSelf = call.name === 'Self' && isNameType(this.#program.typeAround(node)?.what.name ?? '');
    const isPlain = first?.label === undefined || WRAPPER_LABELS.has(first.label);
    if ((WRAPPERS.has(call.name) || isSelf) && call.args.length === 1 && first && isPlain)
      return this.of(first.node, self);
    if (call.name === 'freeze' && first && call.args.length === 1) return this.of(first.node, self);
    const result = this.calls.resultOf(node, call);
    if (result) return this.of(result, self);
    if (call.of === undefined || call.args.length > 0 || call.lambda) return undefined;
    return this.#ofEach(this.of(call.of, self), (item) => this.#members.got(item, call.name));
  }
}

/** Notification.Name, which an extension declares again. */
function isNameType(name: string): boolean {
  return name === 'Name' || name.endsWith('.Name');
}
