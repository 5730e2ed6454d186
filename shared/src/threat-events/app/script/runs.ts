/** Whether a place in a program runs, and on which conditions: what is around it, and who calls the function that it is in. */
import type { AnyNode } from 'acorn';
import { Api } from './api.ts';
import { truthOf } from './constants.ts';
import { type Condition, type Leaving, leavingOf } from './leaves.ts';
import { type Binding, isFunction, type Program } from './program.ts';
import { calledName, type Values } from './values.ts';

export interface Run {
  conditions: readonly Condition[];
  /** The function of a classic script that another script has to call. */
  calledBy?: string;
}

/** Why it does not run. */
export interface Never {
  never: string;
}

const DEAD = 'in code that never runs';
export const UNCALLED = 'in a function that nothing calls';
const ALWAYS: Run = { conditions: [] };

export const isNever = (run: Run | Never): run is Never => 'never' in run;

export class Runs {
  readonly #program: Program;
  readonly #values: Values;
  readonly #api: Api;
  readonly #functions = new Map<AnyNode | Binding, Run | Never>();
  readonly #open = new Set<AnyNode | Binding>();
  #circles = 0;
  readonly #leaving = new Map<AnyNode, Leaving[]>();
  readonly #truthOf: (node: AnyNode) => boolean | undefined;

  constructor(program: Program, values: Values) {
    this.#program = program;
    this.#values = values;
    this.#api = new Api(program, values);
    this.#truthOf = (node) => truthOf(program, this.#api, node);
  }

  /** @param until a function that is known to run */
  of(node: AnyNode, until?: AnyNode): Run | Never {
    const conditions: Condition[] = [];
    let inner = node;
    for (let around = this.#program.parent(node); around; around = this.#program.parent(around)) {
      if (around === until) return { conditions };
      if (isFunction(around)) return and(conditions, this.#function(around));
      if (around.type === 'PropertyDefinition' && !around.static && around.value === inner)
        return and(conditions, this.#value(around));
      const met = this.#around(around, inner);
      if (met === undefined) return { never: DEAD };
      conditions.push(...met);
      inner = around;
    }
    return { conditions };
  }

  /** Whether a loop may end before it has come to the end of its list. */
  mayLeave(body: AnyNode): boolean {
    return leavingOf(body, this.#truthOf) !== 'never';
  }

  /** Whether what a function's name is used for may call it. */
  mayCall(use: AnyNode): boolean {
    const run = this.#value(use);
    return !isNever(run) && run.calledBy === undefined;
  }

  /** @returns undefined if what is around a place never lets it run */
  #around(around: AnyNode, inner: AnyNode): Condition[] | undefined {
    const side = (test: AnyNode, wanted: boolean): Condition[] | undefined => {
      const met = this.#truthOf(test);
      if (met === undefined) return [{ node: around, side: wanted ? 'then' : 'else' }];
      return met === wanted ? [] : undefined;
    };
    switch (around.type) {
      case 'IfStatement':
      case 'ConditionalExpression':
        if (inner === around.consequent) return side(around.test, true);
        return inner === around.alternate ? side(around.test, false) : [];
      case 'LogicalExpression':
        if (inner === around.left) return [];
        return around.operator === '??' ? [{ node: around }] : side(around.left, around.operator === '&&');
      case 'AssignmentExpression':
        return /^(?:&&|\|\||\?\?)=$/.test(around.operator) && inner === around.right ? [{ node: around }] : [];
      case 'AssignmentPattern':
        return inner === around.right ? [{ node: around }] : [];
      case 'MemberExpression':
      case 'CallExpression':
        return this.#optional(around, inner);
      case 'WhileStatement':
      case 'ForStatement':
        if (inner === (around.type === 'ForStatement' ? around.init : undefined) || inner === around.test) return [];
        if (!around.test) return [];
        return side(around.test, true);
      case 'ForOfStatement':
        return inner === around.body ? this.#each(around.right, around) : [];
      case 'ForInStatement':
        return inner === around.body ? [{ node: around }] : [];
      case 'CatchClause':
      case 'WithStatement':
        return [{ node: around }];
      case 'SwitchCase':
        return inner === around.test ? [{ node: around }] : this.#before(around, around.consequent, inner);
      case 'BlockStatement':
      case 'Program':
      case 'StaticBlock':
        return this.#before(around, around.body, inner);
      default:
        return [];
    }
  }

  /** `a?.b(inner)`, and `a?.inner()` where it is the call that counts. */
  #optional(around: AnyNode & { type: 'MemberExpression' | 'CallExpression' }, inner: AnyNode): Condition[] {
    const start = around.type === 'CallExpression' ? around.callee : around.object;
    if (inner === start) return [];
    return this.optionalIn(start, around.optional);
  }

  /** The links of a chain that may end it. */
  optionalIn(callee: AnyNode, isOptional = false): Condition[] {
    const found: Condition[] = [];
    let optional = isOptional;
    for (let at = callee; ; ) {
      if (optional && !isMethod(at) && this.#truthOf(at) !== true && !this.#api.isEmitter(at)) found.push({ node: at });
      if (at.type === 'MemberExpression') [at, optional] = [at.object, at.optional];
      else if (at.type === 'CallExpression') [at, optional] = [at.callee, at.optional];
      else return found;
    }
  }

  /** @returns undefined if the list is empty */
  #each(list: AnyNode, around: AnyNode): Condition[] | undefined {
    const filled = this.#values.isFilled(list);
    if (filled === false) return undefined;
    return filled ? [] : [{ node: around }];
  }

  #before(around: AnyNode, statements: readonly AnyNode[], inner: AnyNode): Condition[] | undefined {
    // Functions are there before the first statement.
    const found: Condition[] = around.type === 'SwitchCase' ? [{ node: around }] : [];
    if (inner.type === 'FunctionDeclaration') return found;
    const known = this.#leaving.get(around) ?? [];
    this.#leaving.set(around, known);
    const index = Math.max(statements.indexOf(inner), 0);
    for (const one of statements.slice(known.length, index)) known.push(leavingOf(one, this.#truthOf));
    for (const leaving of known.slice(0, index)) {
      if (leaving === 'always') return undefined;
      if (leaving !== 'never') found.push(leaving);
    }
    return found;
  }

  #function(node: AnyNode): Run | Never {
    return this.#kept(node, () => {
      const parent = this.#program.parent(node);
      if (node.type !== 'FunctionDeclaration') return this.#value(node);
      if (parent && /^Export/.test(parent.type)) return ALWAYS;
      return node.id ? this.#variable(node.id.name, node) : { never: UNCALLED };
    });
  }

  /** Where the value of an expression gets to, and whether that may call it. */
  #value(node: AnyNode): Run | Never {
    const conditions: Condition[] = [];
    let inner = node;
    for (let around = this.#program.parent(node); around; around = this.#program.parent(around)) {
      switch (around.type) {
        case 'CallExpression':
        case 'NewExpression':
          return and(conditions, inner === around.callee ? this.of(around) : this.#given(around, inner));
        case 'VariableDeclarator':
          if (around.id.type !== 'Identifier') return and(conditions, this.of(around));
          if (this.#isExported(around)) return ALWAYS;
          return and(conditions, this.#variable(around.id.name, around));
        case 'AssignmentExpression':
          if (around.left.type === 'Identifier' && this.#program.lookUp(around.left.name, around))
            return and(
              conditions,
              either(this.#variable(around.left.name, around), () => this.#value(around)),
            );
          return and(conditions, this.of(around));
        case 'MemberExpression':
          return and(conditions, inner === around.object ? this.of(around) : { never: UNCALLED });
        case 'ArrowFunctionExpression':
        case 'ReturnStatement':
        case 'YieldExpression':
        case 'TaggedTemplateExpression':
        case 'ForOfStatement':
        case 'ForInStatement':
        case 'ExportSpecifier':
        case 'ExportDefaultDeclaration':
          return and(conditions, around.type === 'ArrowFunctionExpression' ? this.#function(around) : this.of(around));
        case 'ClassDeclaration': {
          const parent = this.#program.parent(around);
          if (parent && /^Export/.test(parent.type)) return ALWAYS;
          return and(conditions, around.id ? this.#variable(around.id.name, around) : { never: UNCALLED });
        }
        case 'SequenceExpression':
          if (around.expressions.at(-1) !== inner) return { never: UNCALLED };
          break;
        case 'ConditionalExpression':
        case 'LogicalExpression': {
          const met = this.#around(around, inner);
          if (met === undefined) return { never: DEAD };
          conditions.push(...met);
          break;
        }
        case 'Property':
        case 'ArrayExpression':
        case 'ObjectExpression':
        case 'SpreadElement':
        case 'ChainExpression':
        case 'AwaitExpression':
        case 'ClassBody':
        case 'ClassExpression':
        case 'MethodDefinition':
        case 'PropertyDefinition':
          break;
        default:
          return { never: UNCALLED };
      }
      inner = around;
    }
    return { never: UNCALLED };
  }

  /** `export const f = …` */
  #isExported(declarator: AnyNode): boolean {
    const declaration = this.#program.parent(declarator);
    return declaration !== undefined && this.#program.parent(declaration)?.type === 'ExportNamedDeclaration';
  }

  /** A function that a call gets counts as called, unless it is called for each element of a list. */
  #given(call: AnyNode & { type: 'CallExpression' | 'NewExpression' }, argument: AnyNode): Run | Never {
    const place = this.of(call);
    const name = calledName(call) ?? '';
    if (call.callee.type !== 'MemberExpression' || call.arguments[0] !== argument) return place;
    if (name === 'catch') return and([{ node: call }], place);
    if (!ITERATING.has(name)) return place;
    const met = this.#each(call.callee.object, call);
    return met === undefined ? { never: DEAD } : and(met, place);
  }

  #variable(name: string, from: AnyNode): Run | Never {
    const bound = this.#program.lookUp(name, from);
    if (bound === undefined) return { never: UNCALLED };
    return this.#kept(bound, () => {
      let found: Run | Never = { never: UNCALLED };
      for (const use of this.#program.uses(name, bound)) {
        found = either(found, () => this.#value(use));
        if (!isNever(found) && found.conditions.length === 0) return found;
      }
      const isGlobal = bound.scope?.type === 'Program' && bound.scope.sourceType === 'script';
      return isNever(found) && isGlobal ? { conditions: [], calledBy: name } : found;
    });
  }

  /** What calls itself only is called by nothing. */
  #kept(key: AnyNode | Binding, find: () => Run | Never): Run | Never {
    const known = this.#functions.get(key);
    if (known !== undefined) return known;
    if (this.#open.has(key)) {
      this.#circles++;
      return { never: UNCALLED };
    }
    const circles = this.#circles;
    this.#open.add(key);
    const found = find();
    this.#open.delete(key);
    // Within a circle, it may be called from where the circle is entered.
    if (!isNever(found) || circles === this.#circles) this.#functions.set(key, found);
    return found;
  }
}

const ITERATING = new Set(['forEach', 'map', 'flatMap', 'filter', 'some', 'every', 'find', 'findIndex', 'reduce']);

const METHODS = new Set(['registerForDevEvent', 'addListener', 'addEventListener']);

const isMethod = (node: AnyNode): boolean =>
  node.type === 'MemberExpression' && node.property.type === 'Identifier' && METHODS.has(node.property.name);

function and(conditions: readonly Condition[], run: Run | Never): Run | Never {
  return isNever(run) || conditions.length === 0 ? run : { ...run, conditions: [...conditions, ...run.conditions] };
}

/** The one that runs in more cases. */
function either(first: Run | Never, second: () => Run | Never): Run | Never {
  if (!isNever(first) && first.conditions.length === 0 && first.calledBy === undefined) return first;
  const other = second();
  if (isNever(other)) return first;
  if (isNever(first)) return other;
  return other.conditions.length < first.conditions.length || first.calledBy !== undefined ? other : first;
}
