/** Where variables are used, in any file. */
import type { SyntaxNode } from './node.ts';
import { type Declaration, type Program, push } from './program.ts';
import type { Search } from './registrations.ts';
import { membersByType } from './typed-members.ts';

const PLACES = new WeakMap<Program, Map<string, SyntaxNode[]>>();

/** Where a name stands, alone or as a member. */
function placesOf(program: Program, name: string): readonly SyntaxNode[] {
  let found = PLACES.get(program);
  if (found === undefined) {
    found = new Map();
    for (const node of program.nodes()) {
      const shape = program.shape(node);
      if (shape?.is === 'name' || (shape?.is === 'member' && shape.of)) push(found, shape.name, node);
    }
    PLACES.set(program, found);
  }
  return found.get(name) ?? [];
}

type Uses = Map<Declaration, SyntaxNode[]>;
const USES = new WeakMap<Program, Map<string, Uses>>();

/** Of all variables of one name: very many can have the same. */
export function usesOf(search: Search, name: string): Uses {
  const { program, values } = search;
  const names = USES.get(program) ?? new Map<string, Uses>();
  USES.set(program, names);
  let found = names.get(name);
  if (found === undefined) {
    found = new Map();
    for (const place of placesOf(program, name)) {
      const named = values.meanings.namedBy(place);
      const [only, ...others] = named && named.length > 0 ? named : membersByType(search, place);
      if (only && others.length === 0) push(found, only, place);
    }
    names.set(name, found);
  }
  return found;
}

/** Where a name stands in a piece of syntax. */
export function namesIn(program: Program, root: SyntaxNode, name: string): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const queue = [root];
  for (let node = queue.pop(); node; node = queue.pop()) {
    const shape = node.children.length === 0 ? program.shape(node) : undefined;
    if (shape?.is === 'name' && shape.name === name) found.push(node);
    for (const child of node.children) queue.push(child);
  }
  return found;
}
