/** All files of one family of languages, with what each name in them means. */
import { isInside, type ParsedFile, type SyntaxNode } from './node.ts';
import { type Branch, branchAround, branchesIn } from './preprocessor.ts';
import type { Assignment, Declared, LanguageReader, Shape } from './shape.ts';

export interface Declaration<T extends Declared = Declared> {
  what: T;
  node: SyntaxNode;
  /** Where it can be seen. */
  scope: SyntaxNode;
}

export type Call = Extract<Shape, { is: 'call' }>;

export interface SourceFile {
  parsed: ParsedFile;
  reader: LanguageReader;
}

type Kind = Declared['as'];
type Of<K extends Kind> = Declaration<Extract<Declared, { as: K }>>;

export class Program {
  readonly calls: Array<{ node: SyntaxNode; call: Call }> = [];
  readonly #readers = new Map<ParsedFile, LanguageReader>();
  readonly #files = new Map<string, ParsedFile>();
  readonly #shapes = new Map<SyntaxNode, Shape | undefined>();
  readonly #scopes = new Map<SyntaxNode, Map<string, Declaration[]>>();
  readonly #types = new Map<string, Array<Of<'type'>>>();
  readonly #top = new Map<string, Declaration[]>();
  readonly #functions = new Map<string, Array<Of<'function'>>>();
  readonly #owners = new Map<SyntaxNode, Declaration>();
  readonly #constants = new Map<string, Array<Of<'constant'>>>();
  readonly #assignments = new Map<ParsedFile, Map<string, Assignment[]>>();
  readonly #callsByFile = new Map<ParsedFile, Array<{ node: SyntaxNode; call: Call }>>();
  readonly #callsByName = new Map<string, Array<{ node: SyntaxNode; call: Call }>>();
  readonly #users = new Map<SyntaxNode, { node: SyntaxNode; call: Call }>();

  constructor(files: readonly SourceFile[]) {
    for (const { parsed, reader } of files) {
      this.#readers.set(parsed, reader);
      this.#files.set(parsed.path, parsed);
    }
    for (const { parsed, reader } of files) this.#index(parsed, reader);
  }

  #index(file: ParsedFile, reader: LanguageReader): void {
    for (const node of file.nodes) {
      for (const what of reader.declared(node)) this.#declare({ what, node, scope: this.#scopeOf(node, reader) });
      const assignment = reader.assignment(node);
      if (assignment) this.#assign(file, assignment);
      const shape = this.shape(node);
      if (shape?.is !== 'call') continue;
      const found = { node, call: shape };
      this.calls.push(found);
      push(this.#callsByFile, file, found);
      push(this.#callsByName, shape.name, found);
      if (shape.lambda) this.#users.set(shape.lambda, found);
      for (const { node: argument } of shape.args) this.#users.set(this.bare(argument), found);
    }
  }

  #declare(declaration: Declaration): void {
    const { what, scope } = declaration;
    let names = this.#scopes.get(scope);
    if (names === undefined) {
      names = new Map();
      this.#scopes.set(scope, names);
    }
    push(names, what.name, declaration);
    if (scope.parent === undefined && what.as !== 'import') push(this.#top, what.name, declaration);
    if (is(declaration, 'type')) {
      push(this.#types, what.name, declaration);
      // An extension of `A.B` adds to B.
      const last = what.name.slice(what.name.lastIndexOf('.') + 1);
      if (last !== what.name) push(this.#types, last, declaration);
    }
    if (is(declaration, 'function')) push(this.#functions, what.name, declaration);
    if (is(declaration, 'constant')) push(this.#constants, what.name, declaration);
    if (what.as === 'value' && what.value) this.#owners.set(this.bare(what.value), declaration);
  }

  #assign(file: ParsedFile, assignment: Assignment): void {
    const target = this.#targetOf(assignment);
    if (target?.is !== 'name' && target?.is !== 'member') return;
    let names = this.#assignments.get(file);
    if (names === undefined) {
      names = new Map();
      this.#assignments.set(file, names);
    }
    push(names, target.name, assignment);
  }

  /** Of `list[0] = x`, the list. */
  #targetOf({ target }: Assignment): Shape | undefined {
    const shape = this.shape(target);
    return shape?.is === 'item' ? this.bareShape(shape.of) : shape;
  }

  #scopeOf(node: SyntaxNode, reader: LanguageReader): SyntaxNode {
    let scope = node.parent;
    let top = node;
    while (scope !== undefined) {
      top = scope;
      // What a companion object holds is seen in its class.
      if (reader.scopes.has(scope.type) && scope.parent?.type !== 'companion_object') return scope;
      scope = scope.parent;
    }
    return top;
  }

  files(): Iterable<ParsedFile> {
    return this.#readers.keys();
  }

  *nodes(): Generator<SyntaxNode> {
    for (const file of this.#readers.keys()) yield* file.nodes;
  }

  /** What is assigned to a member of this name, in any file and of any object. */
  assignedMembers(name: string): SyntaxNode[] {
    return [...this.#assignments.values()].flatMap((names) =>
      (names.get(name) ?? []).filter((one) => this.#targetOf(one)?.is === 'member').map(({ target }) => target),
    );
  }

  shape(node: SyntaxNode): Shape | undefined {
    if (!this.#shapes.has(node)) this.#shapes.set(node, this.reader(node).shape(node));
    return this.#shapes.get(node);
  }

  reader(node: SyntaxNode): LanguageReader {
    const reader = this.#readers.get(node.file);
    if (reader === undefined) throw new Error(`${node.file.path} belongs to another program`);
    return reader;
  }

  /** The innermost branch of a preprocessor's condition around a place. */
  branchAt(node: SyntaxNode): Branch | undefined {
    const reader = this.reader(node);
    if (!reader.preprocessed) return undefined;
    let branches = this.#branches.get(node.file);
    if (branches === undefined) {
      branches = branchesIn(node.file, new Set([...reader.comments, ...reader.texts]));
      this.#branches.set(node.file, branches);
    }
    return branchAround(branches, node.start);
  }
  readonly #branches = new Map<ParsedFile, Branch[]>();

  /** Whether every build that has one place has the other as well. */
  isBuiltWith(node: SyntaxNode, at: SyntaxNode): boolean {
    const branch = this.branchAt(node);
    if (branch === undefined) return true;
    for (let around = this.branchAt(at); around; around = around.parent) if (around === branch) return true;
    return false;
  }

  /** Without parentheses, casts and the like. */
  bare(node: SyntaxNode): SyntaxNode {
    let found = node;
    for (let depth = 0; depth < 32; depth++) {
      const shape = this.shape(found);
      if (shape?.is !== 'same') break;
      found = shape.of;
    }
    return found;
  }

  bareShape(node: SyntaxNode): Shape | undefined {
    return this.shape(this.bare(node));
  }

  /** What a name means at this place, innermost first; empty if the file does not say. */
  lookUp(name: string, from: SyntaxNode): Declaration[] {
    for (let scope: SyntaxNode | undefined = from; scope; scope = scope.parent) {
      const found = this.#scopes.get(scope)?.get(name);
      if (found) return found;
    }
    return [];
  }

  /** The lambda around a place that has the parameter which nobody writes: `it`, `$0`. */
  implicitLambda(name: string, from: SyntaxNode): SyntaxNode | undefined {
    if (name !== this.reader(from).implicit) return undefined;
    for (let node = from.parent; node; node = node.parent) {
      const shape = this.shape(node);
      if (shape?.is === 'lambda' && shape.params.length === 0 && this.takesOne(node)) return node;
    }
    return undefined;
  }

  /** Kotlin's `apply`, `run` and `with` hand their lambda a receiver, not a parameter. */
  takesOne(lambda: SyntaxNode): boolean {
    const name = this.userOf(lambda)?.call.name ?? '';
    return !['apply', 'run', 'with', 'lazy'].includes(name);
  }

  /** The call that a lambda or another value is an argument of. */
  userOf(argument: SyntaxNode): { node: SyntaxNode; call: Call } | undefined {
    return this.#users.get(argument);
  }

  /** The variable that is set to this value where it is declared. */
  ownerOf(value: SyntaxNode): Declaration | undefined {
    return this.#owners.get(value);
  }

  callsOf(name: string): Array<{ node: SyntaxNode; call: Call }> {
    return this.#callsByName.get(name) ?? [];
  }

  callsIn(file: ParsedFile): Array<{ node: SyntaxNode; call: Call }> {
    return this.#callsByFile.get(file) ?? [];
  }

  functionsNamed(name: string): Array<Of<'function'>> {
    return this.#functions.get(name) ?? [];
  }

  /** Of a function. */
  parametersOf(of: SyntaxNode): Array<Of<'parameter'>> {
    return [...(this.#scopes.get(of)?.values() ?? [])]
      .flat()
      .filter((one) => is(one, 'parameter'))
      .filter((one) => one.what.of === of);
  }

  constantsNamed(name: string): Array<Of<'constant'>> {
    return this.#constants.get(name) ?? [];
  }

  typesNamed(name: string): Array<Of<'type'>> {
    return this.#types.get(name) ?? [];
  }

  /** Variables and functions outside of any type, in any file. */
  topNamed(name: string): Declaration[] {
    return this.#top.get(name) ?? [];
  }

  /** What a type declares itself. */
  membersOf(type: Of<'type'>): Declaration[] {
    return [...(this.#scopes.get(type.what.body)?.values() ?? [])].flat();
  }

  memberOf(type: Of<'type'>, name: string): Declaration[] {
    return this.#scopes.get(type.what.body)?.get(name) ?? [];
  }

  /** What is assigned to a variable later, within its scope. */
  assignedTo({ what, scope }: Declaration): SyntaxNode[] {
    const all = this.#assignments.get(scope.file)?.get(what.name) ?? [];
    return all
      .filter((assignment) => {
        const { target } = assignment;
        if (!isInside(target, scope)) return false;
        const shape = this.#targetOf(assignment);
        if (shape?.is === 'member') return this.isBody(scope) && this.#isOfSelf(shape);
        const [nearest] = this.lookUp(what.name, target);
        return nearest?.scope === scope;
      })
      .map(({ value }) => value);
  }

  #isOfSelf(shape: Extract<Shape, { is: 'member' }>): boolean {
    return shape.of !== undefined && this.shape(shape.of)?.is === 'self';
  }

  /** What `this.name` means: a member of the type around this place, or what the type assigns to it without declaring it. */
  ofSelf(name: string, from: SyntaxNode): Declaration[] {
    const type = this.typeAround(from);
    if (type === undefined) return this.lookUp(name, from);
    const scope = type.what.body;
    const declared = this.lookUp(name, scope);
    if (declared.length > 0) return declared;
    const undeclared: Declaration = { what: { as: 'value', name }, node: scope, scope };
    if (this.assignedTo(undeclared).length === 0) return [];
    const key = `${scope.start} ${name}`;
    const known = this.#undeclared.get(scope.file)?.get(key) ?? undeclared;
    this.#undeclared.set(scope.file, (this.#undeclared.get(scope.file) ?? new Map()).set(key, known));
    return [known];
  }
  readonly #undeclared = new Map<ParsedFile, Map<string, Declaration>>();

  /** The type whose body this is in. */
  typeAround(node: SyntaxNode): Of<'type'> | undefined {
    for (let scope: SyntaxNode | undefined = node; scope; scope = scope.parent)
      for (const types of this.#bodies.get(scope) ?? []) return types;
    return undefined;
  }

  typesWithBody(scope: SyntaxNode): ReadonlyArray<Of<'type'>> {
    return this.#bodies.get(scope) ?? [];
  }

  /** Whether any type of the tree has a member of this name. */
  isMemberSomewhere(name: string): boolean {
    for (const scope of this.#bodies.keys()) if (this.#scopes.get(scope)?.has(name)) return true;
    return false;
  }

  isBody(scope: SyntaxNode): boolean {
    return this.#bodies.has(scope);
  }

  get #bodies(): Map<SyntaxNode, Array<Of<'type'>>> {
    this.#bodyIndex ??= [...this.#types.values()].flat().reduce((map, type) => {
      push(map, type.what.body, type);
      return map;
    }, new Map<SyntaxNode, Array<Of<'type'>>>());
    return this.#bodyIndex;
  }
  #bodyIndex: Map<SyntaxNode, Array<Of<'type'>>> | undefined;

  fileAt(path: string): ParsedFile | undefined {
    return this.#files.get(path);
  }

  /** What stands outside of everything in one file. */
  topOf(file: ParsedFile, name: string): Declaration[] {
    const [root] = file.nodes;
    return (root && this.#scopes.get(root)?.get(name)) ?? [];
  }
}

export function is<K extends Kind>(declaration: Declaration | undefined, kind: K): declaration is Of<K> {
  return declaration?.what.as === kind;
}

export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
