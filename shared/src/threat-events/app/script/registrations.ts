/** Every call in a program that ties a name to a listener: whether it runs, on which conditions, and whether it lasts. */
import type { AnyNode, CallExpression } from 'acorn';
import { UnreadablePart } from '../problem.ts';
import { Api } from './api.ts';
import type { BundleModules } from './bundle.ts';
import { Endings } from './endings.ts';
import type { Condition } from './leaves.ts';
import { isFunction, type Program } from './program.ts';
import { isNever, type Never, type Run, Runs } from './runs.ts';
import { calledName, Values } from './values.ts';

export interface Registration {
  name: string;
  call: CallExpression;
  /** Why it does not count. */
  never?: string;
  conditions: readonly Condition[];
  calledBy?: string;
}

type Kind = 'told' | 'heard' | 'broadcast';

const MAX_DEPTH = 8;
const MAX_OF_A_NAME = 200;

export class Registrations {
  readonly #values: Values;
  readonly #api: Api;
  readonly #runs: Runs;
  readonly #program: Program;
  readonly #found: Record<Kind, Registration[]> = { told: [], heard: [], broadcast: [] };
  readonly #counts = new Map<string, number>();
  #endings: Endings | undefined;

  constructor(program: Program, modules: BundleModules) {
    this.#program = program;
    this.#values = new Values(program, modules, (call) => !isNever(this.#runs.of(call)));
    this.#api = new Api(program, this.#values);
    this.#runs = new Runs(program, this.#values);
  }

  find(): Record<Kind, Registration[]> {
    try {
      // Requiring a module adds calls.
      for (let index = 0; index < this.#program.calls.length; index++) {
        const call = this.#program.calls[index];
        if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') continue;
        const kind = this.#kindOf(call, call.callee.object as AnyNode);
        if (kind !== undefined && !this.#isSelected(call.arguments[0] as AnyNode | undefined, call))
          this.#add(kind, call);
      }
    } catch (error) {
      // What was found until then stays found.
      if (!(error instanceof UnreadablePart || error instanceof RangeError)) throw error;
    }
    return this.#found;
  }

  /** Whether a name that a loop or a function gets may not come to a call: the condition may be about the name. */
  #isSelected(name: AnyNode | undefined, call: CallExpression): boolean {
    if (!this.#values.isVariable(name)) return false;
    for (let around = this.#program.parent(call); around; around = this.#program.parent(around)) {
      const loop = around.type === 'ForOfStatement' ? around : undefined;
      if (loop === undefined && !isFunction(around)) continue;
      const run = this.#runs.of(call, around);
      return (!isNever(run) && run.conditions.length > 0) || (loop !== undefined && this.#runs.mayLeave(loop.body));
    }
    return false;
  }

  #kindOf(call: CallExpression, object: AnyNode): Kind | undefined {
    const name = calledName(call);
    if (name === 'registerForDevEvent') return this.#api.isModule(object) ? 'told' : undefined;
    if (name !== 'addListener' && name !== 'addEventListener') return undefined;
    if (!this.#api.isCallable(call.arguments[1] as AnyNode | undefined)) return undefined;
    if (name === 'addListener') return this.#api.isEmitter(object) ? 'heard' : undefined;
    return this.#api.isBroadcaster(object) ? 'broadcast' : undefined;
  }

  #add(kind: Kind, call: CallExpression): void {
    const optional = this.#runs.optionalIn(call.callee as AnyNode, call.optional);
    for (const { names, run } of this.#given(call, call.arguments[0] as AnyNode | undefined, 0)) {
      for (const name of names) {
        const count = this.#counts.get(kind + name) ?? 0;
        if (count >= MAX_OF_A_NAME) continue;
        this.#counts.set(kind + name, count + 1);
        const entry = isNever(run)
          ? { name, call, conditions: [], never: run.never }
          : { name, call, ...run, conditions: [...optional, ...run.conditions] };
        const never = entry.never ?? this.#endOf(kind, name, call);
        this.#found[kind].push(never === undefined ? entry : { ...entry, never });
      }
    }
  }

  /** The names that a call gets, each time that the function around it is called with one. */
  #given(call: CallExpression, name: AnyNode | undefined, depth: number): Array<{ names: string[]; run: Run | Never }> {
    const given = depth < MAX_DEPTH ? this.#values.givenBy(name) : undefined;
    const calls = given ? this.#values.callsOf(given.of) : [];
    if (given === undefined || calls.length === 0)
      return [{ names: this.#values.strings(name), run: this.#runs.of(call) }];
    const inside = this.#runs.of(call, given.of);
    return calls.flatMap((site) =>
      this.#given(site, site.arguments[given.index] as AnyNode | undefined, depth + 1).map(({ names, run }) => {
        if (isNever(inside) || isNever(run)) return { names, run: isNever(inside) ? inside : run };
        return { names, run: { ...run, conditions: [...inside.conditions, ...run.conditions] } };
      }),
    );
  }

  #endOf(kind: Kind, name: string, call: CallExpression): string | undefined {
    if (kind === 'told') return undefined;
    this.#endings ??= new Endings(this.#program, this.#values, this.#api);
    const end = this.#endings.endOf(name, call);
    return end && `its registration ends in the same function, by ${calledName(end)}`;
  }
}

/** More of one name are not compared: their number grows with the square. */
const MAX_COMPARED = 50;

/**
 * @returns the condition on which the registrations of a name depend; undefined if one of them certainly runs, or each branch of a condition
 * has one
 */
export function conditionOf(registrations: ReadonlyArray<{ conditions: readonly Condition[] }>): Condition | undefined {
  let all = registrations.map(({ conditions }) => conditions);
  const [first] = all.toSorted((a, b) => a.length - b.length);
  if (first?.[0] === undefined) return undefined;
  const known = new Set(all.map(keyOf));
  for (let isNew = true; isNew; ) {
    all = all.slice(-MAX_COMPARED);
    const merged = all.flatMap((one, index) => all.slice(index + 1).flatMap((other) => without(one, other) ?? []));
    const added = merged.filter((each) => !known.has(keyOf(each)) && known.add(keyOf(each)));
    if (added.some((each) => each.length === 0)) return undefined;
    isNew = added.length > 0 && known.size < MAX_OF_A_NAME * 2;
    all = [...all, ...added];
  }
  return first[0];
}

const keyOf = (conditions: readonly Condition[]): string =>
  conditions
    .map(({ node, side }) => `${node.start}-${node.end}${side}`)
    .sort()
    .join();

/** What two lists have in common, if they differ in the side of one condition only. */
function without(one: readonly Condition[], other: readonly Condition[]): Array<readonly Condition[]> | undefined {
  if (one.length !== other.length) return undefined;
  const differing = one.filter((each) => !other.some(({ node, side }) => node === each.node && side === each.side));
  const [only] = differing;
  if (only?.side === undefined || differing.length > 1) return undefined;
  const opposite = other.some(({ node, side }) => node === only.node && side !== undefined && side !== only.side);
  return opposite ? [one.filter((each) => each !== only)] : undefined;
}
