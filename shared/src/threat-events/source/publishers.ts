/** What subscribes to a publisher of Combine, an observable of RxSwift or a sequence of notifications, wherever Swift code hands it to. */

import { fieldOf, type SyntaxNode, textOf } from './node.ts';
import type { Call, Declaration, Program } from './program.ts';
import type { Search } from './registrations.ts';
import { inRelease } from './release.ts';
import { isSelected } from './selection.ts';
import { isKept } from './subscriptions-kept.ts';
import { membersByType } from './typed-members.ts';
import { namesIn, usesOf } from './variable-uses.ts';

export interface Subscription {
  node: SyntaxNode;
  /** Why it may not get every notification. */
  condition?: string | undefined;
}

const words = (text: string) => new Set(text.trim().split(/\s+/u));

/** Operators after which every notification still comes. */
const PASSING = words(`
  map compactMap tryMap flatMap receive share eraseToAnyPublisher print handleEvents autoconnect setFailureType mapError catch replaceError
  replaceNil assertNoFailure debounce throttle delay removeDuplicates buffer
  observe observeOn subscribeOn asObservable asDriver asSignal do debug`);
const FILTERS = words('filter tryFilter');
/** Of RxSwift. What they return may be dropped. */
const RX_SUBSCRIBERS = words('subscribe bind drive emit');
/** Give each element of a list to their closure. */
const EACH = words('forEach map compactMap');
const MOST_STEPS = 2000;

/** @returns each subscription, or why there is none */
export function subscriptionsTo(search: Search, publisher: SyntaxNode): { found: Subscription[]; why: string } {
  const trace = new Trace(search);
  const found = trace.of(publisher);
  return { found, why: trace.why ?? 'nothing was found that subscribes to this publisher' };
}

class Trace {
  readonly #search: Search;
  readonly #program: Program;
  readonly #seen = new Set<SyntaxNode>();
  why: string | undefined;

  constructor(search: Search) {
    this.#search = search;
    this.#program = search.program;
  }

  #isNew(node: SyntaxNode): boolean {
    if (this.#seen.has(node) || this.#seen.size > MOST_STEPS) return false;
    this.#seen.add(node);
    return true;
  }

  /** @param node an expression that is the publisher */
  of(node: SyntaxNode, condition?: string): Subscription[] {
    if (!this.#isNew(node)) return [];
    const program = this.#program;
    const user = program.userOf(node);
    if (user) {
      const isFirst = user.call.args[0] && program.bare(user.call.args[0].node) === node;
      if (user.call.name === 'onReceive' && user.call.of && isFirst) return [{ node, condition }];
      return isMerge(program, user.call) ? this.of(user.node, condition) : [];
    }
    const method = methodOn(program, node);
    if (method) return this.#afterMethod(method, condition);
    const loop = node.parent;
    if (
      loop?.type === 'for_statement' &&
      fieldOf(loop, 'collection') === node &&
      /^for\s+(?:try\s+)?await\b/u.test(textOf(loop).slice(0, 40))
    ) {
      const where = loop.children.some(({ type }) => type === 'where_clause');
      return [{ node: loop, condition: where ? `the loop has a condition, line ${loop.line}` : condition }];
    }
    return [
      ...this.#ofList(node, condition),
      ...this.#variablesOf(node).flatMap((one) => this.#uses(one).flatMap((use) => this.of(use, condition))),
      ...this.#returned(node, condition),
    ];
  }

  #afterMethod({ node, call }: Method, condition: string | undefined): Subscription[] {
    if (call === undefined) return this.of(node, condition);
    const { name } = call;
    if (name === 'sink' || name === 'assign') {
      if (isKept(this.#search, node, call)) return [{ node, condition }];
      this.why ??= `nothing keeps what ${name} returns, so it ends at once`;
      return [];
    }
    const isOnlyWhere = name === 'subscribe' && call.args[0]?.label === 'on';
    if (RX_SUBSCRIBERS.has(name) && !isOnlyWhere) {
      if (hasObserver(call) && isKept(this.#search, node, call)) return [{ node, condition }];
      this.why ??= `${name} has no observer, or what it returns ends with this function`;
      return [];
    }
    if (PASSING.has(name) || isOnlyWhere || isMerge(this.#program, call)) return this.of(node, condition);
    if (FILTERS.has(name) && !this.#letsNothingPass(call))
      return this.of(node, condition ?? `behind ${name}, line ${call.of?.line ?? node.line}`);
    this.why ??= `${name} may not pass every notification on`;
    return [];
  }

  #letsNothingPass(call: Call): boolean {
    const given = call.lambda ?? call.args[0]?.node;
    const shape = given && this.#program.bareShape(given);
    const result = shape?.is === 'lambda' ? this.#program.reader(given as SyntaxNode).result(shape.body) : undefined;
    return result !== undefined && inRelease(this.#program, this.#search.values.meanings, result) === false;
  }

  #ofList(node: SyntaxNode, condition: string | undefined): Subscription[] {
    const list = node.parent && this.#program.shape(node.parent);
    return list?.is === 'list' && node.parent ? this.#each(node.parent, condition) : [];
  }

  /** @param node an expression that is a list of such publishers */
  #each(node: SyntaxNode, condition: string | undefined): Subscription[] {
    if (!this.#isNew(node)) return [];
    const program = this.#program;
    const user = program.userOf(node);
    if (user) return isMerge(program, user.call) ? this.of(user.node, condition) : [];
    const method = methodOn(program, node);
    if (method?.call) return EACH.has(method.call.name) ? this.#inClosure(method.call, condition) : [];
    const loop = node.parent;
    if (loop?.type === 'for_statement' && fieldOf(loop, 'collection') === node)
      return this.#elements(loop, loop, condition);
    return this.#variablesOf(node).flatMap((one) => this.#uses(one).flatMap((use) => this.#each(use, condition)));
  }

  #inClosure({ lambda, args }: Call, condition: string | undefined): Subscription[] {
    const closure = lambda ?? args[0]?.node;
    const shape = closure && this.#program.bareShape(closure);
    if (closure === undefined || shape?.is !== 'lambda') return [];
    if (shape.params.length > 0)
      return shape.params.slice(0, 1).flatMap((one) => this.#elements(one, closure, condition));
    const uses = namesIn(this.#program, closure, '$0').filter(
      (use) => this.#program.implicitLambda('$0', use) === closure,
    );
    return this.#ofEach(uses, '$0', closure, condition);
  }

  /** @param node what declares the element */
  #elements(node: SyntaxNode, scope: SyntaxNode, condition: string | undefined): Subscription[] {
    const [element] = this.#program.reader(node).declared(node);
    if (element === undefined) return [];
    const uses = namesIn(this.#program, scope, element.name).filter((use) =>
      this.#program.lookUp(element.name, use).some((one) => one.node === node),
    );
    return this.#ofEach(uses, element.name, scope, condition);
  }

  #ofEach(uses: readonly SyntaxNode[], name: string, scope: SyntaxNode, condition: string | undefined): Subscription[] {
    return uses.filter((use) => !isSelected(this.#program, name, use, scope)).flatMap((use) => this.of(use, condition));
  }

  /** Those that have this value and no other. */
  #variablesOf(node: SyntaxNode): Declaration[] {
    const program = this.#program;
    const { meanings } = this.#search.values;
    const owner = program.ownerOf(node);
    let targets = owner ? [owner] : [];
    for (let around = node.parent, depth = 0; around && depth < 2 && !owner; around = around.parent, depth++) {
      const set = program.reader(around).assignment(around);
      if (set && program.bare(set.value) === node) targets = meanings.namedBy(set.target) ?? [];
    }
    return targets.filter((one) => {
      const value = meanings.onlyValue(one);
      return value !== undefined && program.bare(value) === node;
    });
  }

  #uses(variable: Declaration): readonly SyntaxNode[] {
    return usesOf(this.#search, variable.what.name).get(variable) ?? [];
  }

  /** What a function or the closure of `map` returns. */
  #returned(node: SyntaxNode, condition: string | undefined): Subscription[] {
    const program = this.#program;
    for (let around = node.parent, depth = 0; around && depth < 5; around = around.parent, depth++) {
      const shape = program.shape(around);
      if (shape?.is === 'lambda') {
        const user = program.userOf(around);
        const isMapped = user !== undefined && (user.call.name === 'map' || user.call.name === 'compactMap');
        return isMapped && isResult(program, shape.body, node) ? this.#each(user.node, condition) : [];
      }
      const [own] = program.reader(around).declared(around);
      if (own?.as !== 'function') continue;
      if (program.functionsNamed(own.name).length !== 1 || !isResult(program, own.body, node)) return [];
      const calls = this.#callsOf(own.name, around).map((call) => this.of(call, condition));
      // Each call may give another name, and they are not told apart.
      return own.parameters > 0 && calls.some(({ length }) => length === 0) ? [] : calls.flat();
    }
    return [];
  }

  #callsOf(name: string, declared: SyntaxNode): SyntaxNode[] {
    const { calls } = this.#search.values;
    return this.#program.callsOf(name).flatMap(({ node, call }) => {
      const isOwn =
        calls.callsOwnFunction(node, call) || membersByType(this.#search, node).some((one) => one.node === declared);
      return isOwn ? [node] : [];
    });
  }
}

/** Of RxSwift. Combine's own `subscribe(subject)` has no label, and its result must be kept. */
const hasObserver = ({ name, args, lambda }: Call) =>
  lambda !== undefined || args.some(({ label }) => label === 'onNext' || (label === 'to' && name !== 'subscribe'));

function isResult(program: Program, body: SyntaxNode, node: SyntaxNode): boolean {
  const result = program.reader(node).result(body);
  return result !== undefined && program.bare(result) === node;
}

/** `Publishers.Merge(…)`, `Publishers.MergeMany(…)`, `Observable.merge(…)`, `a.merge(with: b)`. */
function isMerge(program: Program, { name, of, args }: Call): boolean {
  if (name === 'merge' && args[0]?.label === 'with') return true;
  const owner = of && program.bareShape(of);
  if (owner?.is !== 'name' || program.typesNamed(owner.name).length > 0) return false;
  return owner.name === 'Publishers'
    ? /^Merge(?:Many|\d)?$/u.test(name)
    : owner.name === 'Observable' && name === 'merge';
}

interface Method {
  node: SyntaxNode;
  /** Undefined: `publisher.values`. */
  call?: Call;
}

/** What is called on an expression. */
function methodOn(program: Program, node: SyntaxNode): Method | undefined {
  let values: SyntaxNode | undefined;
  for (let around = node.parent, depth = 0; around && depth < 4; around = around.parent, depth++) {
    const shape = program.shape(around);
    const isOn = (shape?.is === 'call' || shape?.is === 'member') && shape.of && program.bare(shape.of) === node;
    if (!isOn) continue;
    if (shape.is === 'call') return { node: around, call: shape };
    if (shape.is === 'member' && shape.name === 'values') values = around;
  }
  return values && { node: values };
}
