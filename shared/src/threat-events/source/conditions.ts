/** Which registrations depend on a condition: not those that every branch of it makes, as where the SDK's version decides how. */
import type { SyntaxNode } from './node.ts';
import type { Branch, Condition } from './preprocessor.ts';
import type { Program } from './program.ts';

/**
 * @param nodes every registration of one name
 * @returns the condition around each, for those that have one
 */
export function conditionsAround(nodes: readonly SyntaxNode[], program: Program): Map<SyntaxNode, SyntaxNode> {
  const certain = certainPlaces(nodes, program);
  const found = new Map<SyntaxNode, SyntaxNode>();
  for (const node of nodes) {
    for (let around = node.parent; around; around = around.parent) {
      if (certain.has(around) || !isCondition(around, program)) continue;
      found.set(node, around);
      break;
    }
  }
  return found;
}

/** Whatever holds a registration that no condition inside of it can prevent. */
function certainPlaces(nodes: readonly SyntaxNode[], program: Program): Set<SyntaxNode> {
  const certain = new Set<SyntaxNode>();
  for (const node of nodes) {
    for (let around: SyntaxNode | undefined = node; around && !certain.has(around); around = around.parent) {
      if (isCondition(around, program) && !branchesOf(around).every((branch) => certain.has(branch))) break;
      certain.add(around);
    }
  }
  return certain;
}

function isCondition(node: SyntaxNode, program: Program): boolean {
  return program.reader(node).conditions.has(node.type);
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
