/** Which variable an identifier is, in JavaScript that may be minified: the same letter means something else in every function. */
import type { AnyNode, Pattern } from 'acorn';
import type { Budget } from '../problem.ts';

type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

/** What a variable can hold. */
export interface Binding {
  /** Expressions that are assigned to it. */
  values: AnyNode[];
  /** An element of what stands here: the variable of a `for … of` loop. */
  elementsOf?: AnyNode;
  /** A property or element of what stands here, by destructuring. */
  memberOf?: { object: Binding | AnyNode; key: string };
  parameter?: { of: FunctionNode; index: number };
  /** `E.name = value`. */
  properties: Array<{ key: string; value: AnyNode }>;
  /** Parameters of functions that are called in place with this variable, as compilers write enums. */
  aliases: Binding[];
}

type Scope = Map<string, Binding>;

export class Program {
  readonly calls: AnyNode[] = [];
  readonly #parents = new Map<AnyNode, AnyNode>();
  readonly #scopes = new Map<AnyNode, Scope>();
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  add(root: AnyNode): void {
    // By hand instead of by recursion: minified code is nested deeply.
    const open = [root];
    const nodes: AnyNode[] = [];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      this.#budget.spend(1);
      nodes.push(node);
      for (const child of childrenOf(node)) {
        this.#parents.set(child, node);
        open.push(child);
      }
    }
    for (const node of nodes) this.#declare(node);
    for (const node of nodes) this.#assign(node);
  }

  parent(node: AnyNode): AnyNode | undefined {
    return this.#parents.get(node);
  }

  lookUp(name: string, from: AnyNode): Binding | undefined {
    for (let node: AnyNode | undefined = from; node !== undefined; node = this.#parents.get(node)) {
      this.#budget.spend(1);
      const found = this.#scopes.get(node)?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #declare(node: AnyNode): void {
    if (node.type === 'VariableDeclarator') {
      const declaration = this.#parents.get(node);
      const isVar = declaration?.type === 'VariableDeclaration' && declaration.kind === 'var';
      const loop = declaration && this.#parents.get(declaration);
      const scope = this.#scopeOf(node, isVar);
      if (loop?.type === 'ForOfStatement' && loop.left === declaration) {
        this.#pattern(node.id, scope, () => ({ ...empty(), elementsOf: loop.right }));
      } else this.#pattern(node.id, scope, () => ({ ...empty(), values: node.init ? [node.init] : [] }));
    } else if (isFunction(node)) {
      if (node.id) {
        const outer = this.#parents.get(node) ?? node;
        const scope = node.type === 'FunctionDeclaration' ? this.#scopeOf(outer, true) : this.#scopeAt(node);
        scope.set(node.id.name, { ...empty(), values: [node] });
      }
      for (const [index, parameter] of node.params.entries()) {
        this.#pattern(parameter, this.#scopeAt(node), () => ({ ...empty(), parameter: { of: node, index } }));
      }
    } else if (node.type === 'CatchClause' && node.param) {
      this.#pattern(node.param, this.#scopeAt(node), empty);
    }
  }

  #pattern(pattern: Pattern, scope: Scope, make: () => Binding): void {
    this.#budget.spend(1);
    if (pattern.type === 'Identifier') {
      const known = scope.get(pattern.name);
      const made = make();
      // `var` may declare the same variable twice.
      if (known !== undefined) known.values.push(...made.values);
      else scope.set(pattern.name, made);
    } else if (pattern.type === 'AssignmentPattern') this.#pattern(pattern.left, scope, make);
    else if (pattern.type === 'ArrayPattern') {
      for (const [index, element] of pattern.elements.entries()) {
        if (element)
          this.#pattern(element, scope, () => ({ ...empty(), memberOf: { object: make(), key: String(index) } }));
      }
    } else if (pattern.type === 'ObjectPattern') {
      for (const property of pattern.properties) {
        if (property.type !== 'Property') continue;
        const key = keyOf(property.key, property.computed);
        if (key === undefined) continue;
        this.#pattern(property.value, scope, () => ({ ...empty(), memberOf: { object: make(), key } }));
      }
    }
  }

  #assign(node: AnyNode): void {
    if (node.type === 'CallExpression' || node.type === 'NewExpression') {
      this.calls.push(node);
      if (!isFunction(node.callee)) return;
      for (const [index, parameter] of node.callee.params.entries()) {
        const argument = node.arguments[index];
        if (argument === undefined || parameter.type !== 'Identifier') continue;
        const bound = this.lookUp(parameter.name, node.callee.body);
        const name = argument.type === 'LogicalExpression' ? argument.left : argument;
        const outer = name.type === 'Identifier' ? this.lookUp(name.name, node) : undefined;
        if (bound !== undefined) outer?.aliases.push(bound);
      }
    }
    if (node.type !== 'AssignmentExpression' || node.operator !== '=') return;
    if (node.left.type === 'Identifier') this.lookUp(node.left.name, node)?.values.push(node.right);
    if (node.left.type !== 'MemberExpression' || node.left.object.type !== 'Identifier') return;
    const key = keyOf(node.left.property, node.left.computed);
    if (key === undefined) return;
    this.lookUp(node.left.object.name, node)?.properties.push({ key, value: node.right });
  }

  #scopeOf(node: AnyNode, isVar: boolean): Scope {
    let found: AnyNode = node;
    for (;;) {
      this.#budget.spend(1);
      if (isFunction(found) || found.type === 'Program') break;
      if (!isVar && /^(?:BlockStatement|For\w*Statement|SwitchStatement)$/.test(found.type)) break;
      const parent = this.#parents.get(found);
      if (parent === undefined) break;
      found = parent;
    }
    return this.#scopeAt(found);
  }

  #scopeAt(node: AnyNode): Scope {
    const known = this.#scopes.get(node);
    if (known !== undefined) return known;
    const made: Scope = new Map();
    this.#scopes.set(node, made);
    return made;
  }
}

const empty = (): Binding => ({ values: [], properties: [], aliases: [] });

export function isFunction(node: AnyNode): node is FunctionNode {
  return /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

/** The key of a property, if the program's text says it. */
export function keyOf(key: AnyNode, computed: boolean): string | undefined {
  if (key.type === 'Identifier') return computed ? undefined : key.name;
  return key.type === 'Literal' ? String(key.value) : undefined;
}

function* childrenOf(node: AnyNode): Generator<AnyNode> {
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === 'object' && child !== null && typeof child.type === 'string') yield child as AnyNode;
    }
  }
}
