/** What the imports of a file say about where a type comes from. */
import { childOf, childrenOf, type ParsedFile, type SyntaxNode, textOf } from './node.ts';

/** Packages of the platforms, and of the frameworks that Threat-Events are used with. */
const PLATFORM =
  /^(?:android|androidx|Android|AndroidX|dagger\.android|io\.flutter|com\.facebook\.react|org\.apache\.cordova|com\.getcapacitor|com\.google\.firebase|com\.unity3d|Microsoft\.Maui|Xamarin|Foundation)\./u;

interface Import {
  path: string;
  /** By which the file knows it; undefined = all that is in the path. */
  name: string | undefined;
}

const KNOWN = new WeakMap<ParsedFile, Import[]>();

/** Whether a type of this name, which the tree does not declare, can only be the platform's. */
export function isOfPlatform(file: ParsedFile, name: string): boolean {
  const all = importsOf(file);
  const own = all.filter((one) => one.name === name);
  if (own.length > 0) return own.every(({ path }) => PLATFORM.test(path) && path.endsWith(`.${name}`));
  const wild = all.filter((one) => one.name === undefined);
  return wild.length === 0 || wild.some(({ path }) => PLATFORM.test(`${path}.`));
}

/** Of Java and Kotlin, and the aliases of C#. A namespace that C# uses says nothing about one name. */
function importsOf(file: ParsedFile): Import[] {
  let found = KNOWN.get(file);
  if (found === undefined) {
    const [root] = file.nodes;
    const headers = root?.children.flatMap((one) => (one.type === 'import_list' ? one.children : [one])) ?? [];
    found = headers.flatMap(importOf);
    KNOWN.set(file, found);
  }
  return found;
}

function importOf(node: SyntaxNode): Import[] {
  if (node.type === 'import_declaration') {
    const path = childOf(node, 'scoped_identifier', 'identifier');
    if (path === undefined || textOf(node).startsWith('import static')) return [];
    return [named(textOf(path), childOf(node, 'asterisk') !== undefined)];
  }
  if (node.type === 'import_header') {
    const path = textOf(childOf(node, 'identifier') ?? node);
    const alias = childOf(childOf(node, 'import_alias'), 'type_identifier');
    if (alias) return [{ path, name: textOf(alias) }];
    return [named(path, childOf(node, 'wildcard_import') !== undefined)];
  }
  if (node.type !== 'using_directive') return [];
  const alias = childOf(node, 'name_equals')?.children[0];
  const [path] = childrenOf(node, 'qualified_name', 'identifier', 'alias_qualified_name');
  return alias && path ? [{ path: textOf(path).replace(/^global::/u, ''), name: textOf(alias) }] : [];
}

function named(path: string, all: boolean): Import {
  return { path, name: all ? undefined : path.slice(path.lastIndexOf('.') + 1) };
}
