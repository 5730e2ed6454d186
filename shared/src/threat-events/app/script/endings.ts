/** Registrations that end in the function in which they are made. */
import type { AnyNode, CallExpression } from 'acorn';
import type { Api } from './api.ts';
import { isFunction, type Program } from './program.ts';
import { calledName, type Values } from './values.ts';

/** Methods of an emitter after which a registration still stands. */
const KEEPING = new Set(['addListener', 'addEventListener', 'registerForDevEvent', 'emit', 'fireEvent']);

interface Call {
  node: CallExpression;
  object: AnyNode;
}

export class Endings {
  readonly #program: Program;
  readonly #values: Values;
  readonly #api: Api;
  readonly #calls = new Map<AnyNode, Call[]>();

  constructor(program: Program, values: Values, api: Api) {
    this.#program = program;
    this.#values = values;
    this.#api = api;
    for (const node of program.calls) {
      if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') continue;
      if (KEEPING.has(calledName(node) ?? '')) continue;
      const home = this.#homeOf(node);
      const calls = this.#calls.get(home) ?? [];
      this.#calls.set(home, calls);
      calls.push({ node, object: node.callee.object as AnyNode });
    }
  }

  /** @returns the call after which the listener may hear nothing more */
  endOf(name: string, call: CallExpression): CallExpression | undefined {
    const { callee } = call;
    if (callee.type !== 'MemberExpression') return undefined;
    const later = (this.#calls.get(this.#homeOf(call)) ?? []).filter(({ node }) => node.end > call.end);
    return later.find(({ node, object }) => this.#isOf(object, call) || this.#undoes(node, object, name, call))?.node;
  }

  /** A method of what the registration returned. */
  #isOf(object: AnyNode, call: AnyNode): boolean {
    if (object === call) return true;
    if (object.type === 'ChainExpression') return this.#isOf(object.expression, call);
    const bound = object.type === 'Identifier' ? this.#program.lookUp(object.name, object) : undefined;
    return (
      bound?.values.some(
        (value) => value === call || (value.type === 'ChainExpression' && value.expression === call),
      ) === true
    );
  }

  /** A method of the same object that gets the name, the callback or what the registration returned, or nothing at all. */
  #undoes(node: CallExpression, object: AnyNode, name: string, call: CallExpression): boolean {
    if (!this.#api.isEmitter(object) && !this.#api.isBroadcaster(object)) return false;
    if (node.arguments.length === 0) return true;
    return node.arguments.some((each) => {
      const argument = each as AnyNode;
      return (
        this.#values.strings(argument).includes(name) || this.#isOf(argument, call) || this.#isCallback(argument, call)
      );
    });
  }

  #isCallback(node: AnyNode, { arguments: [, callback] }: CallExpression): boolean {
    return (
      node.type === 'Identifier' &&
      callback?.type === 'Identifier' &&
      this.#values.behind(node) === this.#values.behind(callback)
    );
  }

  /** The function around it that does not just run once for each element of a list, or in place. */
  #homeOf(node: AnyNode): AnyNode {
    let home = node;
    for (let around = this.#program.parent(node); around; around = this.#program.parent(around)) {
      home = around;
      if (!isFunction(around)) continue;
      const call = this.#program.parent(around);
      const isInPlace =
        call?.type === 'CallExpression' && (call.callee === around || /^(?:forEach|map)$/.test(calledName(call) ?? ''));
      if (!isInPlace) return around;
    }
    return home;
  }
}
