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
  /** Where it is known: a function, a block, or the whole program. */
  scope?: AnyNode;
}

type Scope = Map<string, Binding>;

export class Program {
  readonly calls: AnyNode[] = [];
  /** Keys that are assigned to what no program here declares, such as `window`. */
  readonly overwritten = new Set<string>();
  readonly #parents = new Map<AnyNode, AnyNode>();
  readonly #scopes = new Map<AnyNode, Scope>();
  readonly #budget: Budget;
  /** By the root of a tree and by name, in the order of the text. */
  readonly #identifiers = new Map<AnyNode, Map<string, AnyNode[]>>();

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
    const named = new Map<string, AnyNode[]>();
    for (const node of nodes) {
      if (node.type !== 'Identifier' || !this.#isRead(node)) continue;
      const known = named.get(node.name);
      if (known) known.push(node);
      else named.set(node.name, [node]);
    }
    this.#identifiers.set(root, named);
  }

  rootOf(node: AnyNode): AnyNode {
    let root = node;
    for (let parent = this.#parents.get(root); parent; parent = this.#parents.get(root)) root = parent;
    return root;
  }

  /** Where a variable is read. */
  uses(name: string, { scope }: Binding): AnyNode[] {
    if (scope === undefined) return [];
    const named = this.#identifiers.get(this.rootOf(scope))?.get(name) ?? [];
    const bound = this.#scopes.get(scope)?.get(name);
    return named.filter((node) => {
      this.#budget.spend(1);
      const isInside = node.start >= scope.start && node.end <= scope.end;
      return isInside && this.lookUp(name, node) === bound;
    });
  }

  /** Where a variable is read that no program here declares. */
  usesOfGlobal(name: string): AnyNode[] {
    const all = [...this.#identifiers.values()].flatMap((named) => named.get(name) ?? []);
    return all.filter((node) => this.lookUp(name, node) === undefined);
  }

  /** Not a declaration, a key, or what is assigned to. */
  #isRead(node: AnyNode): boolean {
    const parent = this.#parents.get(node);
    switch (parent?.type) {
      case 'MemberExpression':
        return parent.object === node || parent.computed;
      case 'Property':
        if (this.#parents.get(parent)?.type === 'ObjectPattern') return parent.computed && parent.key === node;
        return parent.value === node || parent.computed;
      case 'MethodDefinition':
      case 'PropertyDefinition':
        return parent.value === node || parent.computed;
      case 'VariableDeclarator':
        return parent.init === node;
      case 'AssignmentExpression':
        return parent.right === node;
      case 'AssignmentPattern':
        return parent.right === node;
      case 'ExportSpecifier':
        return parent.local === node;
      case 'ClassDeclaration':
      case 'ClassExpression':
        return parent.superClass === node;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'LabeledStatement':
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'CatchClause':
      case 'ImportSpecifier':
      case 'ImportDefaultSpecifier':
      case 'ImportNamespaceSpecifier':
      case 'ArrayPattern':
      case 'RestElement':
        return false;
      case 'ArrowFunctionExpression':
        return parent.body === node;
      default:
        return parent !== undefined;
    }
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
      const scope = this.#placeOf(node, isVar);
      if (loop?.type === 'ForOfStatement' && loop.left === declaration) {
        this.#pattern(node.id, scope, () => ({ ...empty(), elementsOf: loop.right }));
      } else this.#pattern(node.id, scope, () => ({ ...empty(), values: node.init ? [node.init] : [] }));
    } else if (isFunction(node)) {
      if (node.id) {
        const outer = this.#parents.get(node) ?? node;
        const at = node.type === 'FunctionDeclaration' ? this.#placeOf(outer, true) : node;
        this.#scopeAt(at).set(node.id.name, { ...empty(), values: [node], scope: at });
      }
      for (const [index, parameter] of node.params.entries()) {
        this.#pattern(parameter, node, () => ({ ...empty(), parameter: { of: node, index } }));
      }
    } else if (node.type === 'CatchClause' && node.param) {
      this.#pattern(node.param, node, empty);
    } else if (node.type === 'ClassDeclaration' && node.id) {
      const at = this.#placeOf(node, false);
      this.#scopeAt(at).set(node.id.name, { ...empty(), values: [node], scope: at });
    }
  }

  #pattern(pattern: Pattern, place: AnyNode, make: () => Binding): void {
    this.#budget.spend(1);
    if (pattern.type === 'Identifier') {
      const scope = this.#scopeAt(place);
      const known = scope.get(pattern.name);
      const made = { ...make(), scope: place };
      // `var` may declare the same variable twice.
      if (known !== undefined) known.values.push(...made.values);
      else scope.set(pattern.name, made);
    } else if (pattern.type === 'AssignmentPattern') this.#pattern(pattern.left, place, make);
    else if (pattern.type === 'ArrayPattern') {
      for (const [index, element] of pattern.elements.entries()) {
        if (element)
          this.#pattern(element, place, () => ({ ...empty(), memberOf: { object: make(), key: String(index) } }));
      }
    } else if (pattern.type === 'ObjectPattern') {
      for (const property of pattern.properties) {
        if (property.type !== 'Property') continue;
        const key = keyOf(property.key, property.computed);
        if (key === undefined) continue;
        this.#pattern(property.value, place, () => ({ ...empty(), memberOf: { object: make(), key } }));
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
    const bound = this.lookUp(node.left.object.name, node);
    if (bound) bound.properties.push({ key, value: node.right });
    else this.overwritten.add(key);
  }

  #placeOf(node: AnyNode, isVar: boolean): AnyNode {
    let found: AnyNode = node;
    for (;;) {
      this.#budget.spend(1);
      if (isFunction(found) || found.type === 'Program') break;
      if (!isVar && /^(?:BlockStatement|For\w*Statement|SwitchStatement)$/.test(found.type)) break;
      const parent = this.#parents.get(found);
      if (parent === undefined) break;
      found = parent;
    }
    return found;
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
