/** Which strings an expression stands for: literals, constants, members of lists and enums, also those of another module of a bundle. */
import type { AnyNode, CallExpression } from 'acorn';
import { type Binding, isFunction, keyOf, type Program } from './program.ts';

/** The other modules of a bundle. */
export interface Modules {
  /** The module that a call requires, if it is one. */
  required(call: CallExpression): string | undefined;
  /** What the module exports by a name. */
  exported(module: string, key: string): AnyNode[];
}

const MAX_DEPTH = 24;
const READING = new Set(
  'forEach map flatMap filter some every find findIndex includes indexOf slice concat join entries values keys reduce at has get'.split(
    ' ',
  ),
);
const ADDING = new Set(['push', 'unshift', 'add', 'set']);
const ITERATING = new Set(['forEach', 'map', 'flatMap', 'filter']);
const SAME_ELEMENTS = new Set(['concat', 'reverse', 'sort', 'flat', 'values']);
/** Give back what they are given. */
const PASSING = new Set(['freeze', 'seal', 'from']);

export class Values {
  readonly #program: Program;
  readonly #modules: Modules;
  readonly #isLive: (call: AnyNode) => boolean;

  /** @param isLive whether a call may run */
  constructor(program: Program, modules: Modules, isLive: (call: AnyNode) => boolean) {
    this.#program = program;
    this.#modules = modules;
    this.#isLive = isLive;
  }

  /** What the expression certainly is; every one of them, where it runs in a loop. */
  strings(node: AnyNode | null | undefined, depth = 0): string[] {
    if (!node || depth > MAX_DEPTH) return [];
    const next = depth + 1;
    switch (node.type) {
      case 'Literal':
        return typeof node.value === 'string' ? [node.value] : [];
      case 'TemplateLiteral':
        return node.expressions.length === 0 ? [node.quasis[0]?.value.cooked ?? ''] : [];
      case 'Identifier':
        return this.#ofBinding(this.#program.lookUp(node.name, node), next);
      case 'MemberExpression': {
        const key = keyOf(node.property, node.computed);
        if (key !== undefined) return this.members(node.object, key, next).flatMap((each) => this.strings(each, next));
        return this.elements(node.object, next);
      }
      case 'SequenceExpression':
        return this.strings(node.expressions.at(-1), next);
      case 'AssignmentExpression':
        return this.strings(node.right, next);
      case 'CallExpression':
        return isNamed(node, 'toString') && node.callee.type === 'MemberExpression'
          ? this.strings(node.callee.object, next)
          : [];
      default:
        return [];
    }
  }

  /** The strings in a list, a set, or the values of an object. */
  elements(node: AnyNode | Binding | null | undefined, depth = 0): string[] {
    if (!node || depth > MAX_DEPTH) return [];
    const next = depth + 1;
    if (!('type' in node)) {
      if (node.elementsOf) return [];
      if (node.memberOf) return this.#members(node.memberOf, next).flatMap((each) => this.elements(each, next));
      return node.values.length === 1 ? this.elements(node.values[0], next) : [];
    }
    switch (node.type) {
      case 'ArrayExpression':
        return node.elements.flatMap((each) =>
          each?.type === 'SpreadElement' ? this.elements(each.argument, next) : this.strings(each, next),
        );
      case 'Identifier':
        return this.#isKept(node, [READING, ADDING]) ? this.elements(this.#program.lookUp(node.name, node), next) : [];
      case 'MemberExpression': {
        const key = keyOf(node.property, node.computed);
        return key === undefined
          ? []
          : this.members(node.object, key, next).flatMap((each) => this.elements(each, next));
      }
      case 'AssignmentExpression':
        return this.elements(node.right, next);
      case 'SequenceExpression':
        return this.elements(node.expressions.at(-1), next);
      case 'NewExpression':
      case 'CallExpression':
        return this.#elementsOfCall(node, next);
      default:
        return [];
    }
  }

  #elementsOfCall(node: AnyNode & { type: 'NewExpression' | 'CallExpression' }, depth: number): string[] {
    const [first] = node.arguments;
    if (node.type === 'NewExpression') return this.elements(first, depth);
    const name = calledName(node);
    const { callee } = node;
    const of = callee.type === 'MemberExpression' ? callee.object : undefined;
    const isObject = of?.type === 'Identifier' && of.name === 'Object';
    if (isObject && name === 'keys') return this.#entries(first, depth).map(({ key }) => key);
    if (isObject && name === 'values')
      return this.#entries(first, depth).flatMap(({ value }) => this.strings(value, depth));
    if (name !== undefined && PASSING.has(name)) return this.elements(first, depth);
    if (name === undefined || !SAME_ELEMENTS.has(name)) return [];
    const added = name === 'concat' ? node.arguments.flatMap((each) => this.elements(each, depth)) : [];
    return [...this.elements(of, depth), ...added];
  }

  /** What is behind `object.key`. */
  members(object: AnyNode | Binding, key: string, depth = 0): AnyNode[] {
    const call = this.#requiredBy(object, depth);
    if (call !== undefined) return this.#modules.exported(call, key);
    const index = Number(key);
    const list = this.#literal(object, depth);
    if (list?.type === 'ArrayExpression' && Number.isInteger(index)) {
      const element = list.elements[index];
      return element ? [element] : [];
    }
    return this.#entries(object, depth)
      .filter((each) => each.key === key)
      .map(({ value }) => value);
  }

  /** The properties of an object or enum. */
  #entries(object: AnyNode | Binding | undefined, depth: number): Array<{ key: string; value: AnyNode }> {
    if (!object || depth > MAX_DEPTH) return [];
    const next = depth + 1;
    if (!('type' in object)) {
      const inside = object.memberOf
        ? this.#members(object.memberOf, next).flatMap((each) => this.#entries(each, next))
        : object.values.flatMap((each) => this.#entries(each, next));
      return [...inside, ...object.properties, ...object.aliases.flatMap((each) => each.properties)];
    }
    if (object.type === 'Identifier') return this.#entries(this.#program.lookUp(object.name, object), next);
    if (object.type === 'AssignmentExpression') return this.#entries(object.right, next);
    if (object.type === 'MemberExpression') {
      const key = keyOf(object.property, object.computed);
      return key === undefined
        ? []
        : this.members(object.object, key, next).flatMap((each) => this.#entries(each, next));
    }
    if (object.type === 'CallExpression') {
      // An enum: a function that is called in place and fills its argument.
      const { callee } = object;
      const [parameter] = isFunction(callee) ? callee.params : [];
      if (isFunction(callee) && parameter?.type === 'Identifier') {
        return this.#program.lookUp(parameter.name, callee.body)?.properties ?? [];
      }
      const name = calledName(object);
      return name !== undefined && PASSING.has(name) ? this.#entries(object.arguments[0] as AnyNode, next) : [];
    }
    if (object.type !== 'ObjectExpression') return [];
    return object.properties.flatMap((each) => {
      if (each.type === 'SpreadElement') return this.#entries(each.argument, next);
      const key = keyOf(each.key, each.computed);
      return key === undefined ? [] : [{ key, value: each.value }];
    });
  }

  #ofBinding(binding: Binding | undefined, depth: number): string[] {
    if (binding === undefined || depth > MAX_DEPTH) return [];
    if (binding.elementsOf) return this.elements(binding.elementsOf, depth);
    if (binding.memberOf) return this.#ofMember(binding.memberOf, depth);
    if (binding.parameter) return this.#ofParameter(binding.parameter, depth);
    // Which of several values it is, depends on when.
    return binding.values.length === 1 ? this.strings(binding.values[0], depth) : [];
  }

  #ofMember(member: { object: Binding | AnyNode; key: string }, depth: number): string[] {
    // `for (const [name, handler] of Object.entries(handlers))`, or the same with forEach.
    const { object, key } = member;
    const entries = 'type' in object ? undefined : this.#iterated(object);
    if (entries?.type === 'CallExpression' && isNamed(entries, 'entries')) {
      const pairs = this.#entries(entries.arguments[0] as AnyNode, depth);
      return key === '0' ? pairs.map((each) => each.key) : pairs.flatMap(({ value }) => this.strings(value, depth));
    }
    return this.#members(member, depth).flatMap((each) => this.strings(each, depth));
  }

  #members({ object, key }: { object: Binding | AnyNode; key: string }, depth: number): AnyNode[] {
    return depth > MAX_DEPTH ? [] : this.members(object, key, depth + 1);
  }

  #ofParameter({ of, index }: { of: AnyNode; index: number }, depth: number): string[] {
    const list = index === 0 ? this.#iteratedBy(of) : undefined;
    if (list !== undefined) return this.elements(list, depth);
    return this.callsOf(of).flatMap((call) =>
      this.#isLive(call) ? this.strings(call.arguments[index] as AnyNode | undefined, depth) : [],
    );
  }

  /** The calls of a function by its name. */
  callsOf(of: AnyNode): CallExpression[] {
    const name = this.#nameOf(of);
    if (name === undefined) return [];
    return this.#program.calls.filter((call): call is CallExpression => {
      if (call.type !== 'CallExpression' || call.callee.type !== 'Identifier' || call.callee.name !== name)
        return false;
      const bound = this.#program.lookUp(name, call);
      return bound?.values.length === 1 && bound.values[0] === of;
    });
  }

  /** Whether it is the variable of a loop, of a function or of destructuring. */
  isVariable(node: AnyNode | undefined): boolean {
    const bound = node?.type === 'Identifier' ? this.#program.lookUp(node.name, node) : undefined;
    return bound !== undefined && Boolean(bound.parameter ?? bound.elementsOf ?? bound.memberOf);
  }

  /** The function that gets a name as a parameter from whoever calls it, other than a loop. */
  givenBy(name: AnyNode | undefined): { of: AnyNode; index: number } | undefined {
    const bound = name?.type === 'Identifier' ? this.#program.lookUp(name.name, name) : undefined;
    if (!bound?.parameter || bound.values.length > 0) return undefined;
    const isLoop = bound.parameter.index === 0 && this.#iteratedBy(bound.parameter.of) !== undefined;
    return isLoop ? undefined : bound.parameter;
  }

  /** Whether a list holds anything, if that can be told. */
  isFilled(node: AnyNode): boolean | undefined {
    if (node.type === 'CallExpression' && calledName(node) === 'entries') {
      const of = node.arguments[0] ?? (node.callee.type === 'MemberExpression' ? node.callee.object : undefined);
      return this.#entries(of as AnyNode, 0).length > 0 || this.elements(of as AnyNode).length > 0 ? true : undefined;
    }
    if (this.elements(node).length > 0) return true;
    const list = this.behind(node);
    if (list.type !== 'ArrayExpression' || (node !== list && !this.#isKept(node, [READING]))) return undefined;
    if (list.elements.length === 0) return false;
    return list.elements.some((each) => each !== null && each.type !== 'SpreadElement') ? true : undefined;
  }

  /** Whether a list still holds what it began with: all that happens to the variable is known to leave that alone. */
  #isKept(node: AnyNode, methods: ReadonlyArray<ReadonlySet<string>>): boolean {
    const bound = node.type === 'Identifier' ? this.#program.lookUp(node.name, node) : undefined;
    if (node.type !== 'Identifier' || bound === undefined) return true;
    return this.#program.uses(node.name, bound).every((use) => {
      const member = this.#program.parent(use);
      if (member?.type !== 'MemberExpression' || member.object !== use) return true;
      const around = this.#program.parent(member);
      if (around?.type === 'CallExpression' && around.callee === member)
        return methods.some((set) => set.has(calledName(around) ?? ''));
      if (around?.type === 'AssignmentExpression') return around.left !== member;
      return around?.type !== 'UpdateExpression' && around?.type !== 'UnaryExpression';
    });
  }

  /** The name of the variable that holds a function. */
  #nameOf(node: AnyNode): string | undefined {
    if (isFunction(node) && node.id) return node.id.name;
    const parent = this.#program.parent(node);
    return parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id.name : undefined;
  }

  #iterated(binding: Binding): AnyNode | undefined {
    if (binding.elementsOf) return binding.elementsOf;
    return binding.parameter?.index === 0 ? this.#iteratedBy(binding.parameter.of) : undefined;
  }

  /** The list whose `forEach` is given the function. */
  #iteratedBy(node: AnyNode): AnyNode | undefined {
    const call = this.#program.parent(node);
    if (call?.type !== 'CallExpression' || call.arguments[0] !== node || call.callee.type !== 'MemberExpression')
      return undefined;
    return ITERATING.has(calledName(call) ?? '') ? call.callee.object : undefined;
  }

  #literal(object: AnyNode | Binding, depth: number): AnyNode | undefined {
    if (depth > MAX_DEPTH) return undefined;
    if (!('type' in object))
      return object.values.length === 1 ? this.#literal(object.values[0] as AnyNode, depth + 1) : undefined;
    if (object.type !== 'Identifier') return object;
    const bound = this.#program.lookUp(object.name, object);
    return bound && this.#literal(bound, depth + 1);
  }

  #requiredBy(object: AnyNode | Binding, depth: number): string | undefined {
    const found = this.#literal(object, depth);
    if (found?.type !== 'CallExpression') return undefined;
    const required = this.#modules.required(found);
    if (required !== undefined) return required;
    // `interop(require(…))`.
    const [only, ...others] = found.arguments;
    return only?.type === 'CallExpression' && others.length === 0 ? this.#modules.required(only) : undefined;
  }

  /** Whether the expression is `….name`, by whatever variable or module. */
  isMember(node: AnyNode | Binding | undefined, name: string, depth = 0): boolean {
    if (!node || depth > MAX_DEPTH) return false;
    const next = depth + 1;
    if (!('type' in node)) {
      if (node.memberOf) return node.memberOf.key === name;
      return node.values.length > 0 && node.values.every((each) => this.isMember(each, name, next));
    }
    if (node.type === 'MemberExpression') {
      const key = node.computed ? this.strings(node.property, next).join() : keyOf(node.property, false);
      return (
        key === name ||
        (key !== undefined && this.members(node.object, key, next).some((each) => this.isMember(each, name, next)))
      );
    }
    if (node.type === 'Identifier') return this.isMember(this.#program.lookUp(node.name, node), name, next);
    if (node.type === 'AssignmentExpression') return this.isMember(node.right, name, next);
    if (node.type === 'LogicalExpression')
      return this.isMember(node.left, name, next) || this.isMember(node.right, name, next);
    return (
      node.type === 'CallExpression' &&
      /^get/.test(calledName(node) ?? '') &&
      this.strings(node.arguments[0], next).join() === name
    );
  }

  /** The call or literal behind a variable. */
  behind(node: AnyNode): AnyNode {
    return this.#literal(node, 0) ?? node;
  }
}

export function calledName(node: AnyNode): string | undefined {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
  const { callee } = node;
  if (callee.type === 'MemberExpression') return keyOf(callee.property, callee.computed);
  if (callee.type === 'Identifier') return callee.name;
  const last = callee.type === 'SequenceExpression' ? callee.expressions.at(-1) : undefined;
  return last?.type === 'MemberExpression' ? keyOf(last.property, last.computed) : undefined;
}

const isNamed = (node: AnyNode, name: string): boolean => calledName(node) === name;
