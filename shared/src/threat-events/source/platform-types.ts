/** What the imports of a file say about where a type comes from. */
import { childOf, childrenOf, type ParsedFile, type SyntaxNode, textOf } from './node.ts';

/** Packages of the platforms, and of the frameworks that Threat-Events are used with. */
const PLATFORM =
  /^(?:android|androidx|Android|AndroidX|dagger\.android|io\.flutter|com\.facebook\.react|org\.apache\.cordova|com\.getcapacitor|com\.google\.firebase|com\.unity3d|Microsoft\.Maui|Xamarin|MvvmCross|Foundation)\./u;

/** Whether a type, written with its package or namespace, is the platform's. */
export function isPlatformPath(path: string): boolean {
  return PLATFORM.test(path);
}

interface Import {
  path: string;
  /** By which the file knows it; undefined = all that is in the path. */
  name: string | undefined;
}

const KNOWN = new WeakMap<ParsedFile, Import[]>();

/** Whether a type of this name, which the tree does not declare, can only be the platform's. */
export function isOfPlatform(file: ParsedFile, name: string): boolean {
  if (file.path.endsWith('.dart')) return isOfFlutter(file, name);
  const all = importsOf(file);
  const own = all.filter((one) => one.name === name);
  if (own.length > 0) return own.every(({ path }) => PLATFORM.test(path) && path.endsWith(`.${name}`));
  const wild = all.filter((one) => one.name === undefined);
  return wild.length === 0 || wild.some(({ path }) => PLATFORM.test(`${path}.`));
}

/** Dart: not if another package may bring the name, and Flutter's services do not. */
function isOfFlutter(file: ParsedFile, name: string): boolean {
  const [root] = file.nodes;
  const imports = root?.children.filter(({ type }) => type === 'import_or_export').map(textOf) ?? [];
  const others = imports.filter((text) => !/['"](?:dart:|package:flutter\/)/u.test(text));
  const shows = (text: string) => new RegExp(`\\bshow\\b[^;]*\\b${name}\\b`, 'u').test(text);
  if (others.some(shows)) return false;
  return (
    imports.some((text) => text.includes('package:flutter/services.dart')) ||
    others.every((text) => text.includes('show'))
  );
}

/** Whether a file of Kotlin imports this function, by its name, from the libraries of Kotlin and Android. */
export function isFromKotlin(file: ParsedFile, name: string): boolean {
  const own = importsOf(file).filter((one) => one.name === name);
  return own.length > 0 && own.every(({ path }) => /^(?:kotlinx?|androidx?|com\.google\.android)\./u.test(path));
}

/** Whether a file is the one that an import of this name means; undefined if nothing imports the name. */
export function isImported(from: ParsedFile, name: string, declaredIn: ParsedFile): boolean | undefined {
  const own = importsOf(from).filter((one) => one.name === name);
  if (own.length === 0) return undefined;
  const home = packageOf(declaredIn);
  return own.every(({ path }) => path === `${home}.${name}` || path.startsWith(`${home}.`));
}

/**
 * Whether a plain name at one place can mean a type that is declared at another, by the namespaces of both. Java, Kotlin and C# see their own
 * namespace and those that they import as a whole; C# those around its own as well.
 * @param everywhere what C# imports into every file
 */
export function isVisible(at: SyntaxNode, declared: SyntaxNode, everywhere: () => ReadonlySet<string>): boolean {
  if (!/\.(?:java|kt|cs)$/u.test(at.file.path)) return true;
  const [here, home] = [namespaceAt(at), namespaceAt(declared)];
  if (home === '' || here === home) return true;
  if (!at.file.path.endsWith('.cs'))
    return importsOf(at.file).some(
      ({ path, name }) => name === undefined && (path === home || path.startsWith(`${home}.`)),
    );
  return here.startsWith(`${home}.`) || usedBy(at.file).includes(home) || everywhere().has(home);
}

/** The namespaces that files of C# import into every other file. */
export function globalNamespaces(files: Iterable<ParsedFile>): Set<string> {
  return new Set([...files].filter(({ path }) => path.endsWith('.cs')).flatMap((file) => usedBy(file, true)));
}

function usedBy({ nodes: [root] }: ParsedFile, isGlobal?: true): string[] {
  const all = childrenOf(root, 'using_directive').filter((one) => !isGlobal || textOf(one).startsWith('global'));
  return all.flatMap((one) => childrenOf(one, 'qualified_name', 'identifier').slice(0, 1).map(textOf));
}

/** Of C#, with the namespaces around; else that of the file. */
function namespaceAt(node: SyntaxNode): string {
  const parts: string[] = [];
  for (let around: SyntaxNode | undefined = node; around; around = around.parent) {
    const name = around.type === 'namespace_declaration' ? childOf(around, 'qualified_name', 'identifier') : undefined;
    if (name) parts.unshift(textOf(name));
  }
  return parts.length > 0 ? parts.join('.') : packageOf(node.file);
}

/** As a file declares it, in Java, Kotlin and C#. */
export function packageOf({ nodes: [root] }: ParsedFile): string {
  const declared = childOf(
    root,
    'package_declaration',
    'package_header',
    'namespace_declaration',
    'file_scoped_namespace_declaration',
  );
  const name = childOf(declared, 'scoped_identifier', 'identifier', 'qualified_name');
  return name ? textOf(name) : '';
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
    const all = childOf(node, 'asterisk') !== undefined;
    // All members of one class are no types.
    if (path === undefined || (all && textOf(node).startsWith('import static'))) return [];
    return [named(textOf(path), all)];
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
