/** What the program calls Appdome's events by: the native module and its emitter in React Native, the broadcaster in Cordova. */
import type { AnyNode } from 'acorn';
import { type Binding, isFunction, keyOf, type Program } from './program.ts';
import { calledName, type Values } from './values.ts';

const MAX_DEPTH = 24;
const GLOBAL_OBJECTS = new Set(['window', 'self', 'globalThis']);

export class Api {
  readonly #program: Program;
  readonly #values: Values;

  constructor(program: Program, values: Values) {
    this.#program = program;
    this.#values = values;
  }

  /** Whether it can be called back: `null` and what else is written as a value cannot. */
  isCallable(node: AnyNode | undefined, depth = 0): boolean {
    if (node === undefined || depth > MAX_DEPTH) return false;
    const found = this.#values.behind(node);
    if (isFunction(found) || found.type === 'CallExpression') return true;
    if (found.type === 'MemberExpression') {
      const key = keyOf(found.property, found.computed);
      const behind = key === undefined ? [] : this.#values.members(found.object, key, depth + 1);
      return behind.length === 0 || behind.some((each) => this.isCallable(each, depth + 1));
    }
    if (found.type !== 'Identifier' || found.name === 'undefined') return false;
    // A parameter, or a variable of another script.
    const bound = this.#program.lookUp(found.name, found);
    if (bound?.parameter) {
      const { of, index } = bound.parameter;
      return this.#values
        .callsOf(of)
        .every((call) => this.isCallable(call.arguments[index] as AnyNode | undefined, depth + 1));
    }
    if (bound?.memberOf) {
      const behind = this.#values.members(bound.memberOf.object, bound.memberOf.key, depth + 1);
      return behind.length === 0 || behind.some((each) => this.isCallable(each, depth + 1));
    }
    return bound === undefined;
  }

  /** `NativeModules.ADDevEvents`: what Appdome puts into the app. */
  isModule(node: AnyNode | Binding | undefined, depth = 0): boolean {
    if (!node || depth > MAX_DEPTH) return false;
    const next = depth + 1;
    if (!('type' in node)) {
      if (node.memberOf) return node.memberOf.key === 'ADDevEvents' && this.#isModules(node.memberOf.object, next);
      return node.values.length > 0 && node.values.every((each) => this.isModule(each, next));
    }
    switch (node.type) {
      case 'Identifier':
        return this.isModule(this.#program.lookUp(node.name, node), next);
      case 'AssignmentExpression':
        return this.isModule(node.right, next);
      case 'ChainExpression':
        return this.isModule(node.expression, next);
      case 'LogicalExpression':
        return this.isModule(node.left, next) || this.isModule(node.right, next);
      case 'ConditionalExpression':
        return this.isModule(node.consequent, next) || this.isModule(node.alternate, next);
      case 'MemberExpression':
        if (this.#values.isMember(node, 'ADDevEvents', next) && keyOf(node.property, node.computed) !== 'ADDevEvents')
          return true;
        return this.#values.isMember(node, 'ADDevEvents', next) && this.#isModules(node.object, next);
      default:
        return this.#values.isMember(node, 'ADDevEvents', next);
    }
  }

  /** `NativeModules` of React Native, not an object of the app's own. */
  #isModules(node: AnyNode | Binding, depth: number): boolean {
    const isOwn =
      'type' in node &&
      node.type === 'MemberExpression' &&
      this.#values.behind(node.object).type === 'ObjectExpression';
    return !isOwn && this.#values.isMember(node, 'NativeModules', depth);
  }

  /** What Appdome, or the plugin for its events, puts into the app. */
  isPresent(node: AnyNode): boolean {
    return this.isModule(node) || this.#values.isMember(node, 'NativeModules') || this.isBroadcaster(node);
  }

  /** `new NativeEventEmitter(NativeModules.ADDevEvents)`. */
  isEmitter(node: AnyNode): boolean {
    const made = this.#values.behind(node);
    if (made.type !== 'NewExpression' || calledName(made) !== 'NativeEventEmitter') return false;
    const { callee } = made;
    const bound = callee.type === 'Identifier' ? this.#program.lookUp(callee.name, callee) : undefined;
    const isOwn = bound?.values.some((each) => isFunction(each) || /^Class/.test(each.type)) === true;
    return !isOwn && this.isModule(made.arguments[0] as AnyNode | undefined);
  }

  /** `window.broadcaster`, unless the app puts something else there. */
  isBroadcaster(node: AnyNode | Binding | undefined, depth = 0): boolean {
    if (!node || depth > MAX_DEPTH || this.#program.overwritten.has('broadcaster')) return false;
    const next = depth + 1;
    if (!('type' in node)) {
      if (node.memberOf) return node.memberOf.key === 'broadcaster' && this.#isWindow(node.memberOf.object, next);
      return node.values.length > 0 && node.values.every((each) => this.isBroadcaster(each, next));
    }
    if (node.type === 'Identifier') {
      const bound = this.#program.lookUp(node.name, node);
      return bound === undefined ? node.name === 'broadcaster' : this.isBroadcaster(bound, next);
    }
    if (node.type === 'AssignmentExpression') return this.isBroadcaster(node.right, next);
    if (node.type === 'LogicalExpression')
      return this.isBroadcaster(node.left, next) || this.isBroadcaster(node.right, next);
    if (node.type !== 'MemberExpression') return false;
    const key = node.computed ? this.#values.strings(node.property, next).join() : keyOf(node.property, false);
    return key === 'broadcaster' && this.#isWindow(node.object, next);
  }

  /** Also as the parameter of a function that is called in place with it. */
  #isWindow(node: AnyNode | Binding, depth: number): boolean {
    if (depth > MAX_DEPTH) return false;
    if (!('type' in node)) {
      if (node.memberOf || node.elementsOf) return false;
      if (node.parameter) {
        const { of, index } = node.parameter;
        const call = this.#program.parent(of);
        const argument = call?.type === 'CallExpression' && call.callee === of ? call.arguments[index] : undefined;
        return argument !== undefined && this.#isWindow(argument, depth + 1);
      }
      return node.values.length === 1 && this.#isWindow(node.values[0] as AnyNode, depth + 1);
    }
    if (node.type !== 'Identifier') return false;
    const bound = this.#program.lookUp(node.name, node);
    return bound === undefined ? GLOBAL_OBJECTS.has(node.name) : this.#isWindow(bound, depth + 1);
  }
}
