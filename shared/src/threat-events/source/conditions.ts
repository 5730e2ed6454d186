/** Which registrations depend on a condition: not those that every branch of it makes, as where the SDK's version decides how. */
import { isInside, type SyntaxNode } from './node.ts';
import type { Branch, Condition } from './preprocessor.ts';
import type { Program } from './program.ts';
import type { Registration } from './registrations.ts';
import { returnsOf } from './returns.ts';

/**
 * @param all every registration of one name
 * @returns of each call that depends on a condition, or gets the name only under one: which it is
 */
export function conditionsAround(all: readonly Registration[], program: Program): Map<SyntaxNode, string> {
  const calls = [...new Set(all.map(({ node }) => node))];
  const certainCalls = new Leaving(program, certainPlaces(calls, program));
  const certainWays = new Leaving(program, certainPlaces([...new Set(all.flatMap(({ via }) => via))], program));
  const found = new Map<SyntaxNode, string>();
  for (const node of calls) {
    const condition = certainCalls.conditionOf(node);
    if (condition) found.set(node, condition);
  }
  const known = new Map<SyntaxNode, string | undefined>();
  const certain = new Set<SyntaxNode>();
  for (const { node, via } of all) {
    const conditions = via.map((place) => certainWays.conditionOf(place, node));
    const condition = conditions.find((one) => one !== undefined);
    if (condition === undefined) certain.add(node);
    else if (!known.has(node)) known.set(node, condition);
  }
  for (const [node, condition] of known)
    if (condition && !certain.has(node) && !found.has(node)) found.set(node, condition);
  return found;
}

/** Whatever holds a registration that no condition inside of it can prevent, and where that is done. */
type Certain = Map<SyntaxNode, number>;

function certainPlaces(nodes: readonly SyntaxNode[], program: Program): Certain {
  const certain: Certain = new Map();
  for (const node of nodes) {
    for (let around: SyntaxNode | undefined = node; around && !certain.has(around); around = around.parent) {
      if (isCondition(around, program) && !branchesOf(around).every((branch) => certain.has(branch))) break;
      certain.set(around, node.end);
    }
  }
  return certain;
}

/** What a program may pass by on its way to a place, for the places of one name. */
class Leaving {
  readonly #program: Program;
  readonly #certain: Certain;
  readonly #firstReturn = new Map<SyntaxNode, SyntaxNode | undefined>();
  readonly #excused = new Map<SyntaxNode, boolean>();

  constructor(program: Program, certain: Certain) {
    this.#program = program;
    this.#certain = certain;
  }

  /** @param within only up to what holds this place as well */
  conditionOf(node: SyntaxNode, within?: SyntaxNode): string | undefined {
    for (let around = node.parent; around; around = around.parent) {
      if (within && isInside(within, around)) return undefined;
      const isCertain = this.#certain.has(around) && !isLoop(around);
      if (!isCertain && (isCondition(around, this.#program) || isLoop(around)))
        return `inside a condition, line ${around.line}`;
      const leaves = this.#returnIn(around);
      if (leaves && leaves.end <= node.end) return `after a condition that may return, line ${leaves.line}`;
    }
    return undefined;
  }

  /** The first of a function's own returns before which the name is not registered. */
  #returnIn(around: SyntaxNode): SyntaxNode | undefined {
    if (!this.#firstReturn.has(around)) {
      const own = returnsOf(this.#program, around);
      this.#firstReturn.set(
        around,
        own.find((one) => !this.#isExcused(one, around)),
      );
    }
    return this.#firstReturn.get(around);
  }

  /** What returns after the name was registered is another way to register it. */
  #isExcused(node: SyntaxNode, end: SyntaxNode): boolean {
    const passed: SyntaxNode[] = [];
    let found = false;
    for (let around = node.parent; around && around !== end && !found; around = around.parent) {
      const known = this.#excused.get(around);
      found = known ?? (this.#certain.get(around) ?? Number.POSITIVE_INFINITY) <= node.start;
      if (known !== undefined) break;
      passed.push(around);
    }
    // What comes later in the same piece of syntax is excused as well, and what is not excused asks again.
    if (found) for (const one of passed) this.#excused.set(one, true);
    return found;
  }
}

function isCondition(node: SyntaxNode, program: Program): boolean {
  return program.reader(node).conditions.has(node.type) || node.type === 'catch_clause' || node.type === 'catch_block';
}

/** A loop that takes no elements, but asks before each turn, the first one too. */
function isLoop(node: SyntaxNode): boolean {
  return node.type === 'while_statement';
}

/** @returns both branches of an `if` with an `else`; the condition itself stands for a branch that is missing or not understood */
function branchesOf(node: SyntaxNode): SyntaxNode[] {
  const named = (...fields: string[]) => node.children.filter(({ field }) => fields.includes(field ?? ''));
  const ofType = (type: string) => node.children.filter((child) => child.type === type);
  const [otherwise] = ofType('else');
  const pairs = [
    [named('consequence', 'if_true'), named('alternative', 'if_false')],
    // Kotlin
    [ofType('control_structure_body').slice(0, 1), ofType('control_structure_body').slice(1)],
    // Swift
    otherwise
      ? [
          ofType('statements').filter(({ end }) => end <= otherwise.start),
          node.children.filter(({ start }) => start >= otherwise.end),
        ]
      : [],
  ];
  const pair = pairs.find((sides) => sides.length === 2 && sides.every(({ length }) => length === 1));
  return pair?.flat() ?? [node];
}

/**
 * @param nodes every registration of one name
 * @returns the branch around each of those that some builds may not have
 */
export function branchesAround(nodes: readonly SyntaxNode[], program: Program): Map<SyntaxNode, Branch> {
  const certain = new Set<Branch>();
  for (const node of nodes) {
    for (let around = program.branchAt(node); around && !certain.has(around); around = around.parent) {
      certain.add(around);
      if (!isInEveryBuild(around.condition, certain)) break;
    }
  }
  const found = new Map<SyntaxNode, Branch>();
  for (const node of nodes)
    for (let around = program.branchAt(node); around; around = around.parent)
      if (!isInEveryBuild(around.condition, certain)) found.set(node, around);
  return found;
}

function isInEveryBuild({ branches, complete }: Condition, certain: ReadonlySet<Branch>): boolean {
  return complete && branches.every((one) => certain.has(one));
}
