/** Whether what a subscription returns outlives the function that makes it. */
import { fieldOf, isInside, type SyntaxNode } from './node.ts';
import { type Call, type Declaration, is, type Program } from './program.ts';
import type { Search } from './registrations.ts';
import { namesIn } from './variable-uses.ts';

const KEEPERS = new Set(['store', 'insert', 'append']);
/** Combine ends with what its `sink` returns; RxSwift goes on until a bag ends it. */
const COMBINE = new Set(['sink', 'assign']);

export function isKept(search: Search, node: SyntaxNode, call: Call): boolean {
  const { program } = search;
  // `assign(to: &$name)` ends with the object.
  if (call.name === 'assign' && call.args.length === 1) return true;
  const bag = bagOf(program, node);
  if (bag) return !isLocalBag(search, bag);
  if (!COMBINE.has(call.name)) return true;
  const user = program.userOf(node)?.call;
  if (user && KEEPERS.has(user.name)) return user.of === undefined || !isLocalBag(search, user.of);
  const owner = program.ownerOf(node);
  if (owner) return isLasting(program, owner);
  for (let around = node.parent, depth = 0; around && depth < 3; around = around.parent, depth++) {
    const shape = program.shape(around);
    if (shape?.is === 'call') return false;
    if (shape?.is === 'lambda') {
      const mapped = program.userOf(around);
      return (
        mapped?.call.name === 'map' &&
        program.reader(node).result(shape.body) === node &&
        isKept(search, mapped.node, call)
      );
    }
    const assignment = program.reader(around).assignment(around);
    if (assignment === undefined) continue;
    const target = program.bareShape(assignment.target);
    if (target?.is === 'member') return true;
    const declared = target?.is === 'name' ? program.lookUp(target.name, around) : [];
    return declared.length > 0 && declared.every((one) => isLasting(program, one));
  }
  return false;
}

function isLasting(program: Program, { scope }: Declaration): boolean {
  return scope.parent === undefined || program.isBody(scope);
}

/** The `bag` of `.store(in: &bag)` and `.disposed(by: bag)`. */
function bagOf(program: Program, node: SyntaxNode): SyntaxNode | undefined {
  for (let around = node.parent, depth = 0; around && depth < 3; around = around.parent, depth++) {
    const shape = program.shape(around);
    if (shape?.is !== 'call') continue;
    const isOn = shape.of !== undefined && program.bare(shape.of) === node;
    return isOn && (shape.name === 'store' || shape.name === 'disposed') ? shape.args[0]?.node : undefined;
  }
  return undefined;
}

/** A variable of the function that is used for nothing else: it ends there. */
function isLocalBag({ program }: Search, bag: SyntaxNode): boolean {
  const named = bag.type === 'prefix_expression' ? (fieldOf(bag, 'target') ?? bag) : bag;
  const shape = program.bareShape(named);
  if (shape?.is !== 'name') return false;
  const [only, ...others] = program.lookUp(shape.name, named);
  if (others.length > 0 || !is(only, 'value') || isLasting(program, only)) return false;
  let found = LOCAL_BAGS.get(only);
  if (found === undefined) {
    found = namesIn(program, only.scope, shape.name).every((use) => isInside(use, only.node) || isBag(program, use));
    LOCAL_BAGS.set(only, found);
  }
  return found;
}

const LOCAL_BAGS = new WeakMap<Declaration, boolean>();

function isBag(program: Program, use: SyntaxNode): boolean {
  const argument = use.parent?.type === 'prefix_expression' ? use.parent : use;
  const user = program.userOf(argument)?.call.name;
  if (user !== undefined) return user === 'store' || user === 'disposed';
  for (let around = use.parent, depth = 0; around && depth < 3; around = around.parent, depth++) {
    const shape = program.shape(around);
    if (shape?.is === 'call')
      return shape.name === 'insert' && shape.of !== undefined && program.bare(shape.of) === use;
  }
  return false;
}
