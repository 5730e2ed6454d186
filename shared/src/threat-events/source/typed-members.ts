/** Members of an object whose type is certain: declared with it, or made there. */

import type { SyntaxNode } from './node.ts';
import { type Declaration, is } from './program.ts';
import type { Search } from './registrations.ts';

const DEEPEST = 4;

/** What `repository.threats` means, by the type of `repository`; empty if that is not known. */
export function membersByType(search: Search, node: SyntaxNode): Declaration[] {
  const shape = search.program.bareShape(node);
  if ((shape?.is !== 'member' && shape?.is !== 'call') || shape.of === undefined) return [];
  const type = typeOf(search, shape.of);
  const [only, ...others] = type === undefined ? [] : search.program.typesNamed(type);
  return only && others.length === 0 ? search.program.memberOf(only, shape.name) : [];
}

/** What a property, a getter or a function without parameters gives; else the expression itself. */
export function resultByType(search: Search, node: SyntaxNode): SyntaxNode {
  const [only, ...others] = membersByType(search, node);
  if (only === undefined || others.length > 0) return node;
  const isCall = search.program.bareShape(node)?.is === 'call';
  if (is(only, 'function') && isCall && only.what.parameters === 0)
    return search.program.reader(only.node).result(only.what.body) ?? node;
  return (isCall ? undefined : search.values.meanings.onlyValue(only)) ?? node;
}

function typeOf(search: Search, node: SyntaxNode, depth = 0): string | undefined {
  const { program, values } = search;
  const bare = program.bare(node);
  const shape = program.shape(bare);
  if (shape?.is === 'call' && shape.of === undefined && program.typesNamed(shape.name).length > 0) return shape.name;
  // Dart's `this.repository` in a constructor takes its type from the field.
  const [only, ...others] = (values.meanings.namedBy(bare) ?? []).filter((one) => !isUntypedParameter(one));
  if (only === undefined || others.length > 0 || depth > DEEPEST) return undefined;
  const written = 'type' in only.what ? only.what.type?.replace(/[?!\s]+$/u, '') : undefined;
  if (written !== undefined && program.typesNamed(written).length > 0) return written;
  const value = written === undefined ? values.meanings.onlyValue(only) : undefined;
  return value && typeOf(search, value, depth + 1);
}

const isUntypedParameter = (one: Declaration) => is(one, 'parameter') && one.what.type === undefined;
