/** What a name in a program means: which declarations, and which value of theirs. */
import path from 'node:path';
import type { SyntaxNode } from './node.ts';
import { globalNamespaces, isImported, isVisible } from './platform-types.ts';
import { type Declaration, is, type Program } from './program.ts';

/** For one way of a name: what parameters and loop variables stand for on it. */
type Bindings = ReadonlyMap<Declaration, SyntaxNode>;

export class Meanings {
  readonly #program: Program;
  readonly #bindings: Bindings | undefined;

  constructor(program: Program, bindings?: Bindings) {
    this.#program = program;
    this.#bindings = bindings;
  }

  with(bindings: Bindings): Meanings {
    return new Meanings(this.#program, bindings);
  }

  boundTo(declaration: Declaration): SyntaxNode | undefined {
    return this.#bindings?.get(declaration);
  }

  get isBound(): boolean {
    return this.#bindings !== undefined;
  }

  /** What a name means: in its own file, by an import, or the only one of that name in the tree. */
  declarations(name: string, from: SyntaxNode): Declaration[] {
    const near = this.#program.lookUp(name, from);
    if (near.some((one) => is(one, 'import'))) return near.flatMap((one) => this.#imported(one));
    if (near.length > 0) return near;
    const wild = this.#program
      .lookUp('*', from)
      .flatMap((one) => (is(one, 'import') && one.what.from ? this.typeMember(one.what.from, name) : []));
    if (wild.length > 0) return wild;
    return this.#program.implicitLambda(name, from) ? [] : this.#program.topNamed(name);
  }

  #imported(declaration: Declaration): Declaration[] {
    if (!is(declaration, 'import')) return [declaration];
    const { imported = '*', from = '' } = declaration.what;
    if (!isScript(declaration.node)) {
      const { file } = declaration.node;
      const members = this.typeMember(from, imported);
      const found = members.length > 0 ? members : this.#program.topNamed(imported);
      return found.filter((one) => isImported(file, declaration.what.name, one.node.file) ?? true);
    }
    if (imported === '*') return [];
    const file = this.#module(declaration.node, from);
    const name = imported === 'default' ? declaration.what.name : imported;
    if (file) return this.#program.topOf(file, name).flatMap((one) => this.#imported(one));
    // A package is somebody else's; another path can be an alias that only the build knows.
    const isPackage = !from.startsWith('.') && !from.includes('/');
    return isPackage ? [] : this.#program.topNamed(name);
  }

  #module(node: SyntaxNode, from: string) {
    if (!from.startsWith('.')) return undefined;
    const base = path.posix.join(path.posix.dirname(node.file.path), from);
    const endings = ['', '.ts', '.tsx', '.js', '.jsx', '/index.ts', '/index.tsx', '/index.js', '/index.jsx'];
    return endings.map((ending) => this.#program.fileAt(base + ending)).find((file) => file !== undefined);
  }

  typeMember(type: string, name: string): Declaration[] {
    return this.#program.typesNamed(type).flatMap((one) => this.#program.memberOf(one, name));
  }

  /** Members of a type or a module; undefined if it is neither. */
  membersAt(of: SyntaxNode, name: string): Declaration[] | undefined {
    const shape = this.#program.bareShape(of);
    const type = shape?.is === 'name' || (shape?.is === 'member' && shape.of) ? shape.name : undefined;
    if (type === undefined) return undefined;
    const near = shape?.is === 'name' ? this.#program.lookUp(type, of) : [];
    for (const one of near) {
      if (!is(one, 'import') || one.what.imported !== '*' || !isScript(one.node)) continue;
      const file = this.#module(one.node, one.what.from ?? '');
      return file ? this.#program.topOf(file, name).flatMap((each) => this.#imported(each)) : [];
    }
    // A variable hides a type of the same name.
    if (near.some((one) => !is(one, 'type') && !is(one, 'import'))) return undefined;
    const types = this.#program.typesNamed(type);
    if (types.length === 0) return undefined;
    // An import says which one is meant, also where the tree has another of that name.
    const found = types
      .filter(
        (one) =>
          isImported(of.file, type, one.node.file) ??
          (shape?.is !== 'name' || isVisible(of, one.node, () => this.#everywhere())),
      )
      .flatMap((one) => this.#program.memberOf(one, name));
    return found.length > 0 ? found : undefined;
  }

  #everywhere(): ReadonlySet<string> {
    this.#namespaces ??= globalNamespaces(this.#program.files());
    return this.#namespaces;
  }
  #namespaces: ReadonlySet<string> | undefined;

  /** The declarations that an expression names, through members of types and modules too. */
  namedBy(node: SyntaxNode): Declaration[] | undefined {
    const shape = this.#program.bareShape(node);
    if (shape?.is === 'name') return this.declarations(shape.name, node);
    if (shape?.is !== 'member' || shape.of === undefined) return undefined;
    if (this.#program.bareShape(shape.of)?.is === 'self') return this.#program.ofSelf(shape.name, node);
    return this.membersAt(shape.of, shape.name);
  }

  /** The only value that a variable ever has. */
  onlyValue(declaration: Declaration): SyntaxNode | undefined {
    if (!is(declaration, 'value')) return undefined;
    const later = this.#program.assignedTo(declaration);
    if (this.#isSetFromOutside(declaration)) return undefined;
    if (declaration.what.value) return later.length === 0 ? declaration.what.value : undefined;
    return later.length === 1 ? later[0] : undefined;
  }

  /** Whether another file, or another type, sets a variable that is not a constant. */
  #isSetFromOutside(declaration: Declaration): boolean {
    const { scope, what, node } = declaration;
    if (scope.parent !== undefined && !this.#program.isBody(scope)) return false;
    const targets = this.#program.assignedMembers(what.name);
    if (targets.length === 0 || isConstant(node)) return false;
    return targets.some((target) => {
      const shape = this.#program.bareShape(target);
      const isOwn = shape?.is === 'member' && shape.of && this.#program.shape(shape.of)?.is === 'self';
      return !isOwn;
    });
  }
}

export function isScript(node: SyntaxNode): boolean {
  return /\.[cm]?[jt]sx?$/iu.test(node.file.path);
}

/** Whether what declares a variable says that it is never set again. */
function isConstant(node: SyntaxNode): boolean {
  let statement: SyntaxNode | undefined = node;
  for (let depth = 0; statement && depth < 4 && !statement.type.endsWith('declaration'); depth++)
    statement = statement.parent;
  const before = statement ? node.file.text.slice(statement.start, Math.max(node.start, statement.start + 60)) : '';
  return (isScript(node) ? /\bconst\b/u : /\b(?:final|const|val|let|readonly)\b/u).test(before.split('=')[0] ?? '');
}

/** `Arrays`, `List`, `Set`: a type of the platform by its capital, which no variable of these languages has by custom. */
export function isTypeName(name: string | undefined): boolean {
  return name !== undefined && /^\p{Lu}/u.test(name);
}
