/**
 * Which texts an expression certainly stands for. In a loop it stands for each of them. Whatever is not understood has no value: a name that
 * might be registered is not registered.
 */
import path from 'node:path';
import { ancestorOf, isInside, type SyntaxNode, textOf } from './node.ts';
import { isImported } from './platform-types.ts';
import { type Call, type Declaration, is, type Program } from './program.ts';
import { countsAll, ITERATORS, isSelected } from './selection.ts';
import type { Argument, Declared, Shape } from './shape.ts';
import { Uses } from './uses.ts';

/** A text, a constant of an enum, or an object with members. `as`: a Flutter channel of this name, or its stream. */
export type Item =
  | { is: 'text'; text: string; as?: 'channel' | 'stream' }
  | { is: 'constant'; of: Declaration<Extract<Declared, { as: 'constant' }>> }
  | { is: 'object'; node: SyntaxNode };

interface Handed {
  node: SyntaxNode;
  of: SyntaxNode;
  shape: Extract<Shape, { is: 'name' | 'method' | 'member' }>;
}

/** Undefined = not understood. */
export type Items = Item[] | undefined;

/** Of a pair: the entries of a map, a list with its indices. */
type Part = 'key' | 'value' | undefined;

/** Following a name through more steps than this is not how people write. */
const DEEPEST = 48;
/** Steps to find the value of one expression, and of all of them: lists that hold each other would never end. */
const MOST_STEPS = 20_000;
const MOST_STEPS_IN_ALL = 10_000_000;

/** Calls with one argument whose value is that argument, as far as a name is concerned. */
const WRAPPERS = new Set(['Name', 'NSString', 'init', 'String', 'CFNotificationName']);
const WRAPPER_LABELS = new Set(['rawValue', 'string', 'value', 'stringLiteral']);
const TEXT_MEMBERS = new Set(['rawValue', 'toString', 'ToString', 'intern']);
const CONSTANT_NAMES = new Set(['name', 'toString', 'ToString', 'rawValue']);
const EVERY_CONSTANT = new Set(['values', 'entries', 'allCases']);

const LISTS = new Set(
  `listOf setOf arrayOf arrayListOf mutableListOf mutableSetOf hashSetOf linkedSetOf sequenceOf asList of arrayWithObjects setWithObjects
  Array Set HashSet ArrayList LinkedList LinkedHashSet List from freeze unmodifiableList unmodifiableSet unmodifiableCollection copyOf
  arrayWithArray`.split(/\s+/u),
);
const MAPS = new Set(['mapOf', 'hashMapOf', 'mutableMapOf', 'linkedMapOf', 'freeze', 'unmodifiableMap']);
/** Methods without arguments that give the same elements. */
const SAME_ELEMENTS = new Set(
  `stream toList asSequence toSet asIterable sorted reversed distinct iterator toArray toTypedArray ToList ToArray AsEnumerable Distinct
  allObjects lazy`.split(/\s+/u),
);
const INDEXED = new Set(['enumerated', 'withIndex']);
const KEYS = new Set(['keys', 'keySet', 'Keys', 'allKeys']);
const VALUES = new Set(['values', 'Values', 'allValues']);
const MAPPERS = new Set(['map', 'compactMap', 'Select']);
/** Functions of a type that only read the collection which they get: `Object.keys(…)`, `Arrays.asList(…)`. */
const READERS = new Set([...LISTS, ...MAPS, 'keys', 'values', 'entries', 'stream', 'toString']);
const ADDERS = new Set(['add', 'Add', 'append', 'push']);

/** Methods that leave a collection as it is, or add to it. */
const LEAVING = new Set([
  ...ITERATORS,
  ...SAME_ELEMENTS,
  ...INDEXED,
  ...ADDERS,
  ...KEYS,
  ...VALUES,
  ...`entries entrySet filter filterNot where find findLast first firstOrNull last lastOrNull single any all none some every count size length
  isEmpty isNotEmpty contains Contains containsKey ContainsKey includes has get getOrDefault getValue indexOf lastIndexOf join joinToString joined
  slice take drop prefix suffix dropFirst dropLast subList concat plus flatMap associateWith associate groupBy sortedBy sortedWith reduce fold
  toString hashCode equals objectAtIndex objectForKey elementAt ElementAt First FirstOrDefault Where Any All Count put set insert asMap copyOf
  clone stream parallelStream toMutableList toMap TryGetValue putAll addAll AddRange random randomElement forEachIndexed zip indices`
    .trim()
    .split(/\s+/u),
]);

/** Methods whose result can take elements away. */
const VIEWS = new Set(['iterator', 'subList']);

export class Values {
  readonly #program: Program;
  #depth = 0;
  #steps = 0;
  #stepsInAll = 0;
  /** What is being followed now, so that a circle ends. */
  readonly #followed = new Set<unknown>();

  constructor(program: Program) {
    this.#program = program;
  }

  /** The texts that a registration takes from this argument. */
  names(node: SyntaxNode, as?: 'channel' | 'stream'): string[] | undefined {
    return this.#from(node, () => texts(this.#asTexts(this.of(node)), as));
  }

  /** The same for each element of a collection. */
  elementNames(node: SyntaxNode): string[] | undefined {
    return this.#from(node, () => texts(this.#asTexts(this.elements(node))));
  }

  #from<T>(node: SyntaxNode, work: () => T): T {
    const before = this.#asked;
    this.#asked ??= node;
    try {
      return work();
    } finally {
      this.#asked = before;
    }
  }
  /** Where the value is needed. A build without this place needs no value, and one with it may lack code inside an `#if` elsewhere. */
  #asked: SyntaxNode | undefined;

  #asTexts(items: Items): Items {
    return items?.flatMap((item): Item[] => {
      if (item.is !== 'constant') return [item];
      // Only an enum of TypeScript is its text.
      if (!isScript(item.of.node)) return [item];
      return item.of.what.args.flatMap(({ node }) => this.of(node) ?? []);
    });
  }

  of(node: SyntaxNode, self?: Item): Items {
    return this.#guarded(() => this.#valueOf(node, self));
  }

  elements(node: SyntaxNode, part?: Part): Items {
    return this.#guarded(() => this.#elementsOf(node, part));
  }

  #guarded<T>(work: () => T | undefined): T | undefined {
    if (this.#depth === 0) this.#steps = 0;
    if (this.#depth >= DEEPEST || ++this.#steps > MOST_STEPS || ++this.#stepsInAll > MOST_STEPS_IN_ALL)
      return undefined;
    this.#depth++;
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }

  #once<T>(key: unknown, work: () => T | undefined): T | undefined {
    if (this.#followed.has(key)) return undefined;
    this.#followed.add(key);
    try {
      return work();
    } finally {
      this.#followed.delete(key);
    }
  }

  #valueOf(node: SyntaxNode, self: Item | undefined): Items {
    if (this.#asked && !this.#program.isBuiltWith(node, this.#asked)) return undefined;
    const shape = this.#program.shape(node);
    switch (shape?.is) {
      case 'text':
        return [{ is: 'text', text: shape.value }];
      case 'same':
        return this.of(shape.of, self);
      case 'map':
        return [{ is: 'object', node }];
      case 'self':
        return self && [self];
      case 'name': {
        const found = this.declarations(shape.name, node);
        if (found.some((one) => this.#isSelected(one, node))) return undefined;
        if (found.length > 0) return this.#common(found, (one) => this.#declared(one));
        const lambda = this.#program.implicitLambda(shape.name, node);
        if (lambda && isSelected(this.#program, shape.name, node, lambda)) return undefined;
        if (lambda) return this.#lambdaParameter(lambda, 0);
        // In a computed property of an enum, `rawValue` is that of the constant.
        return self && this.#member(self, shape.name);
      }
      case 'member':
        return this.#memberValue(node, shape.of, shape.name, self);
      case 'item':
        return this.#itemValue(node, shape.of, shape.index);
      case 'call':
        return this.#callValue(node, shape, self);
      default:
        return undefined;
    }
  }

  /** Whether a condition lets only some of a variable's values come to this place. */
  #isSelected(declaration: Declaration, at: SyntaxNode): boolean {
    const { what, scope } = declaration;
    if (scope.file !== at.file || !['each', 'parameter', 'value'].includes(what.as)) return false;
    if (what.as === 'value') {
      const isLocal = scope.parent !== undefined && !this.#program.isBody(scope);
      if (!isLocal || what.value === undefined || this.#program.bareShape(what.value)?.is === 'text') return false;
    }
    return isSelected(this.#program, what.name, at, scope);
  }

  /** What a name means: in its own file, by an import, or the only one of that name in the tree. */
  declarations(name: string, from: SyntaxNode): Declaration[] {
    const near = this.#program.lookUp(name, from);
    if (near.some((one) => is(one, 'import'))) return near.flatMap((one) => this.#imported(one));
    if (near.length > 0) return near;
    const wild = this.#program
      .lookUp('*', from)
      .flatMap((one) => (is(one, 'import') && one.what.from ? this.#typeMember(one.what.from, name) : []));
    if (wild.length > 0) return wild;
    return this.#program.implicitLambda(name, from) ? [] : this.#program.topNamed(name);
  }

  #imported(declaration: Declaration): Declaration[] {
    if (!is(declaration, 'import')) return [declaration];
    const { imported = '*', from = '' } = declaration.what;
    if (!isScript(declaration.node)) {
      const { file } = declaration.node;
      const members = this.#typeMember(from, imported);
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

  #typeMember(type: string, name: string): Declaration[] {
    return this.#program.typesNamed(type).flatMap((one) => this.#program.memberOf(one, name));
  }

  /** Several declarations count only if they all say the same. */
  #common(found: readonly Declaration[], value: (one: Declaration) => Items): Items {
    const all = found.slice(0, 20).map((one) => this.#once(one, () => value(one)));
    const [first] = all;
    if (first === undefined || found.length > 20) return undefined;
    const form = (items: Items) => JSON.stringify(texts(this.#asTexts(items)) ?? 'none');
    if (all.length > 1 && (form(first) === '"none"' || all.some((one) => form(one) !== form(first)))) return undefined;
    return first;
  }

  #declared(declaration: Declaration): Items {
    const { what } = declaration;
    switch (what.as) {
      case 'value': {
        const value = this.onlyValue(declaration);
        if (value === undefined) return undefined;
        const isObject = this.#program.bareShape(value)?.is === 'map';
        return isObject && !this.#uses.areReads(declaration) ? undefined : this.of(value);
      }
      case 'each':
        return this.#program.assignedTo(declaration).length > 0 ? undefined : this.elements(what.of, what.part);
      case 'constant':
        return [{ is: 'constant', of: declaration as Declaration<typeof what> }];
      case 'taken':
        return this.of(what.of)?.flatMap((item) => this.#member(item, what.member) ?? []);
      case 'parameter':
        return this.#program.assignedTo(declaration).length > 0 ? undefined : this.#parameter(what);
      default:
        return undefined;
    }
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

  #parameter(what: Extract<Declared, { as: 'parameter' }>): Items {
    const part = what.label === '[0]' ? 'key' : what.label === '[1]' ? 'value' : undefined;
    const user = this.#program.userOf(what.of);
    if (user) return this.#lambdaParameter(what.of, what.index, part);
    const given = this.argumentsFor(what);
    return given && known(given.map(({ node, each }) => (each ? this.elements(node) : this.of(node))));
  }

  #lambdaParameter(lambda: SyntaxNode, index: number, part?: Part): Items {
    const user = this.#program.userOf(lambda);
    if (user?.call.of === undefined) return undefined;
    const { name, of } = user.call;
    if (name === 'also' || name === 'let') return index === 0 ? this.of(of) : undefined;
    if (!ITERATORS.has(name)) return undefined;
    if (name === 'forEachIndexed') return index === 1 ? this.elements(of) : undefined;
    if (part) return this.elements(of, part);
    if (index === 0) return this.elements(of) ?? this.elements(of, 'key');
    // `map.forEach((key, value) …)`; of JavaScript's Map it is the other way round.
    return index === 1 && this.elements(of) === undefined && !isScript(lambda) ? this.elements(of, 'value') : undefined;
  }

  /**
   * What the tree's own calls of a function give for a parameter; undefined if it is not certain which function they call. `each`: it gets
   * the elements of the node one by one.
   */
  argumentsFor(what: Extract<Declared, { as: 'parameter' }>): Array<{ node: SyntaxNode; each: boolean }> | undefined {
    const { of, index, label } = what;
    const owner = this.#program.ownerOf(of);
    const own = this.#program.functionsNamed(owner?.what.name ?? '').length === 0 ? owner : undefined;
    const declared = this.#functionAt(of);
    const name = declared?.what.name ?? own?.what.name;
    if (name === undefined) return undefined;
    const named = this.#program.functionsNamed(name);
    if (declared ? named.length !== 1 : this.#program.topNamed(name).length > 1) return undefined;
    const type = this.#program.typeAround(of);
    const sites = this.#program.callsOf(name).filter(({ node, call }) => this.#callsOwn(node, call, type));
    const found = sites.flatMap(({ call }) => argumentAt(call, index, label) ?? []);
    const handed = this.#handedTo(name).flatMap(({ node, of, shape }) => {
      if (index !== 0) return [];
      const isOwn =
        shape.is === 'name' ||
        (shape.of !== undefined &&
          this.#program.shape(shape.of)?.is === 'self' &&
          this.#program.typeAround(node) === type);
      return isOwn ? [of] : [];
    });
    return [...found.map((node) => ({ node, each: false })), ...handed.map((node) => ({ node, each: true }))];
  }

  /** `names.forEach(listen)`: the collections that a function of this name is handed to. */
  #handedTo(name: string): Handed[] {
    if (this.#handed === undefined) {
      this.#handed = new Map();
      for (const { node, call } of this.#program.calls) {
        const [first] = call.args;
        if (call.of === undefined || first === undefined || !ITERATORS.has(call.name)) continue;
        const shape = this.#program.bareShape(first.node);
        if (shape?.is !== 'name' && shape?.is !== 'method' && shape?.is !== 'member') continue;
        this.#handed.set(shape.name, [...(this.#handed.get(shape.name) ?? []), { node, of: call.of, shape }]);
      }
    }
    return this.#handed.get(name) ?? [];
  }
  #handed: Map<string, Handed[]> | undefined;

  #functionAt(node: SyntaxNode) {
    const named = this.#program.reader(node).declared(node);
    const [what] = named.filter(({ as }) => as === 'function');
    return what && this.#program.functionsNamed(what.name).find((one) => one.node === node);
  }

  /** Whether a call means a function of the tree, other than the one that it stands in. */
  callsOwnFunction(node: SyntaxNode, call: Call): boolean {
    return this.#program
      .functionsNamed(call.name)
      .some((one) => !isInside(node, one.node) && this.#callsOwn(node, call, this.#program.typeAround(one.node)));
  }

  /** Whether a call without doubt means the tree's own function of that name. */
  #callsOwn(node: SyntaxNode, { of }: Call, type: Declaration | undefined): boolean {
    const around = this.#program.typeAround(node);
    if (of === undefined) return type === undefined || around === type || isNested(around, type);
    const shape = this.#program.bareShape(of);
    if (shape?.is === 'self') return around === type;
    if (type === undefined) return false;
    if (shape?.is === 'name' || shape?.is === 'call') {
      if (shape.name === type.what.name) return this.#program.typesNamed(shape.name).length === 1;
      if (shape.is === 'name') {
        const values = this.declarations(shape.name, of).map((one) => this.onlyValue(one));
        const made = values.length === 1 && values[0] ? this.#program.bareShape(values[0]) : undefined;
        return made?.is === 'call' && made.name === type.what.name && made.of === undefined;
      }
    }
    // `Listener.shared.listen(…)`
    if (shape?.is === 'member' && shape.of) {
      const owner = this.#program.bareShape(shape.of);
      return owner?.is === 'name' && owner.name === type.what.name;
    }
    return false;
  }

  #memberValue(node: SyntaxNode, of: SyntaxNode | undefined, name: string, self: Item | undefined): Items {
    if (of === undefined) return this.#implicitMember(name);
    const owner = this.#program.bareShape(of);
    if (owner?.is === 'self') {
      if (self) return this.#member(self, name);
      const found = this.#program.ofSelf(name, node);
      return found.length > 0 ? this.#common(found, (one) => this.#declared(one)) : undefined;
    }
    const members = this.membersAt(of, name);
    if (members) return this.#common(members, (one) => this.#declared(one));
    return this.of(of, self)?.flatMap((item) => this.#member(item, name) ?? []);
  }

  /** Swift's `.name`: of Notification.Name, or the only constant of that name. */
  #implicitMember(name: string): Items {
    const found = this.#typeMember('Name', name);
    const constants = found.length > 0 ? [] : this.#program.constantsNamed(name);
    return this.#common([...found, ...constants], (one) => this.#declared(one));
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
      .filter((one) => isImported(of.file, type, one.node.file) ?? true)
      .flatMap((one) => this.#program.memberOf(one, name));
    return found.length > 0 ? found : undefined;
  }

  #itemValue(node: SyntaxNode, of: SyntaxNode, index: SyntaxNode): Items {
    const at = Number(textOf(index));
    const list = this.#listItems(of);
    if (Number.isInteger(at) && textOf(index).trim() !== '') return list?.[at] && this.of(list[at]);
    const keys = this.of(index);
    const objects = this.of(of)?.filter((item) => item.is === 'object');
    if (keys && objects && objects.length > 0) {
      const picked = texts(keys)?.map((key) => known(objects.map((item) => this.#member(item, key))));
      return picked && known(picked);
    }
    // An index that runs: it takes every element of the list only if it is counted in a loop around it.
    const shape = this.#program.bareShape(index);
    const loop = shape?.is === 'name' ? ancestorOf(node, 'for_statement') : undefined;
    if (loop === undefined || shape?.is !== 'name') return undefined;
    const [counter] = this.#program.lookUp(shape.name, node);
    if (counter?.scope !== loop || isSelected(this.#program, shape.name, node, loop)) return undefined;
    return countsAll(loop, shape.name, of) ? this.elements(of) : undefined;
  }

  #listItems(node: SyntaxNode): SyntaxNode[] | undefined {
    const shape = this.#program.bareShape(node);
    if (shape?.is === 'list') return shape.items;
    if (shape?.is === 'call' && LISTS.has(shape.name) && shape.args.length > 1)
      return shape.args.map((one) => one.node);
    const found = this.namedBy(node);
    const value = found?.length === 1 && found[0] ? this.onlyValue(found[0]) : undefined;
    return value && this.#guarded(() => this.#listItems(value));
  }

  /** The declarations that an expression names, through members of types and modules too. */
  namedBy(node: SyntaxNode): Declaration[] | undefined {
    const shape = this.#program.bareShape(node);
    if (shape?.is === 'name') return this.declarations(shape.name, node);
    if (shape?.is !== 'member' || shape.of === undefined) return undefined;
    if (this.#program.bareShape(shape.of)?.is === 'self') return this.#program.ofSelf(shape.name, node);
    return this.membersAt(shape.of, shape.name);
  }

  #callValue(node: SyntaxNode, call: Call, self: Item | undefined): Items {
    const [first] = call.args;
    if (call.name === 'EventChannel' && call.of === undefined) return first && tagged(this.of(first.node), 'channel');
    if (call.name === 'receiveBroadcastStream' && call.of) return retagged(this.of(call.of), 'channel', 'stream');
    if (call.of === undefined && this.#program.typesNamed(call.name).some((one) => !isNameType(one.what.name)))
      return [{ is: 'object', node }];
    const isSelf = call.name === 'Self' && isNameType(this.#program.typeAround(node)?.what.name ?? '');
    const isPlain = first?.label === undefined || WRAPPER_LABELS.has(first.label);
    if ((WRAPPERS.has(call.name) || isSelf) && call.args.length === 1 && first && isPlain)
      return this.of(first.node, self);
    if (call.name === 'freeze' && first && call.args.length === 1) return this.of(first.node, self);
    const result = this.resultOf(node, call);
    if (result) return this.of(result, self);
    if (call.of === undefined || call.args.length > 0 || call.lambda) return undefined;
    return this.of(call.of, self)?.flatMap((item) => this.#got(item, call.name) ?? []);
  }

  /** What a method without arguments gives of a value: `getAction()` what it returns, `name()` the name of a constant. */
  #got(item: Item, name: string): Items {
    const type = item.is === 'constant' ? this.#program.typeAround(item.of.node) : this.#typeOf(item);
    const [method] = type ? this.#program.memberOf(type, name).filter((one) => is(one, 'function')) : [];
    if (!is(method, 'function')) return this.#member(item, propertyOf(name));
    const result = this.#program.reader(method.node).result(method.what.body);
    const shape = result && this.#program.bareShape(result);
    // Anything else than a plain field may be a different text.
    const isField =
      shape?.is === 'name' ||
      (shape?.is === 'member' && shape.of !== undefined && this.#program.shape(shape.of)?.is === 'self');
    return isField ? this.#member(item, shape.name) : undefined;
  }

  #typeOf(item: Item) {
    const shape = item.is === 'object' ? this.#program.shape(item.node) : undefined;
    const types = shape?.is === 'call' ? this.#program.typesNamed(shape.name) : [];
    return types.length === 1 ? types[0] : undefined;
  }

  /** What the tree's own function without parameters returns. */
  resultOf(node: SyntaxNode, call: Call): SyntaxNode | undefined {
    const named = this.#program.functionsNamed(call.name);
    const [only] = named;
    if (only === undefined || named.length !== 1 || call.args.length > 0 || call.lambda) return undefined;
    if (!this.#callsOwn(node, call, this.#program.typeAround(only.node))) return undefined;
    return this.#program.reader(only.node).result(only.what.body);
  }

  /** A member of a value. */
  #member(item: Item, name: string): Items {
    if (item.is === 'text') return TEXT_MEMBERS.has(name) ? [item] : undefined;
    if (item.is === 'constant') return this.#constantMember(item, name);
    const shape = this.#program.shape(item.node);
    if (shape?.is === 'map') {
      const [entry, ...others] = shape.entries.filter(
        ({ key, keyNode }) => (key ?? (keyNode && this.#key(keyNode))) === name,
      );
      // Another entry of that name, or one that a spread brings, replaces it.
      const isSpread = shape.entries.some(({ key, keyNode }) => key === undefined && keyNode === undefined);
      return others.length > 0 || isSpread ? undefined : entry?.value && this.of(entry.value);
    }
    if (shape?.is !== 'call') return undefined;
    const [type] = this.#program.typesNamed(shape.name);
    return this.#argumentNamed(shape.args, type?.what.fields ?? [], name);
  }

  /** The text of a map's key: a literal, or a plain word as JavaScript writes it. */
  #key(node: SyntaxNode): string | undefined {
    const found = texts(this.of(node));
    return found?.length === 1 ? found[0] : undefined;
  }

  #constantMember(item: Extract<Item, { is: 'constant' }>, name: string): Items {
    const { what, node } = item.of;
    const type = this.#program.typeAround(node);
    const fields = type?.what.fields ?? [];
    const own = type ? this.#program.memberOf(type, name) : [];
    const given = this.#constructed(item, own) ?? this.#argumentNamed(what.args, fields, name);
    if (given === 'unknown') return undefined;
    if (CONSTANT_NAMES.has(name) && !fields.includes(name) && own.length === 0) {
      // Swift's raw value is written, or the name itself.
      if (name === 'rawValue' && what.args.length > 0) return given;
      return [{ is: 'text', text: what.name }];
    }
    if (given) return given;
    const computed = own.find((one) => is(one, 'value'));
    const value = computed && this.onlyValue(computed);
    return value && this.of(value, item);
  }

  /** What the constructor of an enum sets a field to: one of its parameters, or something that is not understood. */
  #constructed({ of }: Extract<Item, { is: 'constant' }>, own: readonly Declaration[]): Items | 'unknown' {
    const [field] = own.filter((one) => is(one, 'value'));
    const [set, ...others] = field ? this.#program.assignedTo(field) : [];
    if (set === undefined) return undefined;
    const shape = this.#program.bareShape(set);
    const [parameter] = shape?.is === 'name' ? this.#program.lookUp(shape.name, set) : [];
    const given = is(parameter, 'parameter') ? of.what.args[parameter.what.index]?.node : undefined;
    return (others.length === 0 && given && this.of(given)) || 'unknown';
  }

  /** The argument for a field: by its label, by its place, or because only one of them is a text. */
  #argumentNamed(args: readonly Argument[], fields: readonly string[], name: string): Items {
    const labelled = args.find(({ label }) => label === name);
    if (labelled) return this.of(labelled.node);
    const place = fields.indexOf(name);
    if (place >= 0) return args[place] && args[place].label === undefined ? this.of(args[place].node) : undefined;
    if (fields.length > 0) return undefined;
    const found = args.filter(({ label }) => label === undefined).map(({ node }) => this.of(node));
    const known = found.filter((one) => one?.every((item) => item.is === 'text'));
    return known.length === 1 ? known[0] : undefined;
  }

  #elementsOf(node: SyntaxNode, part: Part): Items {
    const shape = this.#program.shape(node);
    switch (shape?.is) {
      case 'same':
        return this.elements(shape.of, part);
      case 'list':
        return part ? this.#pairs(shape.items, part) : this.#all(shape.items);
      case 'map':
        return part ? this.#entries(shape.entries, part) : undefined;
      case 'name':
      case 'member': {
        if (shape.is === 'member' && shape.of) {
          const special = this.#specialElements(shape.of, shape.name, part);
          if (special) return special;
        }
        const found = this.namedBy(node);
        if (found && found.length > 0) return this.#commonElements(found, part);
        return undefined;
      }
      case 'call':
        return this.#callElements(node, shape, part);
      default:
        return undefined;
    }
  }

  /** Those that are understood: the others are elements as well, of which nothing is known. */
  #all(items: readonly SyntaxNode[]): Items {
    return items.flatMap((item) => {
      const shape = this.#program.shape(item);
      if (shape?.is === 'spread') return this.elements(shape.of) ?? [];
      return this.of(item) ?? [];
    });
  }

  #pairs(items: readonly SyntaxNode[], part: 'key' | 'value'): Items {
    return items.flatMap((item) => {
      const pair = this.#listItems(item);
      const chosen = pair?.[part === 'key' ? 0 : 1];
      return (chosen && this.of(chosen)) ?? [];
    });
  }

  #entries(
    entries: ReadonlyArray<{ key?: string; keyNode?: SyntaxNode; value?: SyntaxNode }>,
    part: 'key' | 'value',
  ): Items {
    return entries.flatMap(({ key, keyNode, value }): Item[] => {
      if (part === 'value') return (value && this.of(value)) ?? [];
      if (key !== undefined) return [{ is: 'text', text: key }];
      return (keyNode && this.of(keyNode)) ?? [];
    });
  }

  #commonElements(found: readonly Declaration[], part: Part): Items {
    return this.#common(found, (one) => {
      if (is(one, 'parameter')) {
        const given = this.argumentsFor(one.what);
        return given && known(given.map(({ node, each }) => (each ? undefined : this.elements(node, part))));
      }
      const value = this.onlyValue(one);
      if (!this.#uses.areReads(one)) return undefined;
      const own = value && this.elements(value, part);
      return own && [...own, ...this.#added(one)];
    });
  }

  /** `names.add("…")` */
  #added(declaration: Declaration): Item[] {
    this.#adders ??= this.#indexAdders();
    return (this.#adders.get(declaration) ?? []).flatMap((node) => this.of(node) ?? []);
  }
  #adders: Map<Declaration, SyntaxNode[]> | undefined;

  #indexAdders(): Map<Declaration, SyntaxNode[]> {
    const found = new Map<Declaration, SyntaxNode[]>();
    for (const name of ADDERS)
      for (const { call } of this.#program.callsOf(name)) {
        const [first] = call.args;
        if (call.of === undefined || first === undefined || call.args.length !== 1) continue;
        for (const one of this.namedBy(call.of) ?? []) found.set(one, [...(found.get(one) ?? []), first.node]);
      }
    return found;
  }

  get #uses(): Uses {
    this.#usesMade ??= new Uses(this.#program, {
      namedBy: (node) => this.namedBy(node),
      leaves: (method) => LEAVING.has(method) && !VIEWS.has(method),
      reads: ({ name, of }) => {
        const owner = of && this.#program.bareShape(of);
        if (of === undefined) return LISTS.has(name) || MAPS.has(name);
        return isTypeName(owner?.is === 'name' ? owner.name : undefined) && READERS.has(name);
      },
      parameterOf: (node, call, argument) => this.#parameterOf(node, call, argument),
    });
    return this.#usesMade;
  }
  #usesMade: Uses | undefined;

  #parameterOf(node: SyntaxNode, call: Call, argument: Argument): Declaration | undefined {
    const [only, ...others] = this.#program.functionsNamed(call.name);
    if (only === undefined || others.length > 0) return undefined;
    if (!this.#callsOwn(node, call, this.#program.typeAround(only.node))) return undefined;
    const index = call.args.indexOf(argument);
    return this.#program
      .parametersOf(only.node)
      .find(({ what }) => (argument.label !== undefined && what.label === argument.label) || what.index === index);
  }

  /** The constants of an enum, or the keys or values of a map. */
  #specialElements(of: SyntaxNode, name: string, part: Part): Items {
    if (part === undefined && EVERY_CONSTANT.has(name)) {
      const constants = this.#constantsOf(of);
      if (constants) return constants;
    }
    if (part) return SAME_ELEMENTS.has(name) || name === 'entries' ? this.elements(of, part) : undefined;
    if (KEYS.has(name)) return this.elements(of, 'key');
    if (VALUES.has(name)) return this.elements(of, 'value');
    return SAME_ELEMENTS.has(name) ? this.elements(of) : undefined;
  }

  #constantsOf(node: SyntaxNode): Items {
    const shape = this.#program.bareShape(node);
    if (shape?.is !== 'name') return undefined;
    const near = this.#program.lookUp(shape.name, node);
    if (near.some((one) => !is(one, 'type') && !is(one, 'import'))) return undefined;
    const types = this.#program.typesNamed(shape.name).filter(({ what }) => what.isEnum);
    const [type] = types;
    if (type === undefined || types.length > 1) return undefined;
    if ([...EVERY_CONSTANT].some((name) => this.#program.memberOf(type, name).length > 0)) return undefined;
    return this.#program.membersOf(type).flatMap((of): Item[] => (is(of, 'constant') ? [{ is: 'constant', of }] : []));
  }

  #callElements(node: SyntaxNode, call: Call, part: Part): Items {
    const { name, of, args } = call;
    const [first] = args;
    const owner = of && this.#program.bareShape(of);
    const ownerName = owner?.is === 'name' ? owner.name : undefined;
    if (first && args.length === 1 && ownerName === 'Object') {
      const constants = name === 'values' && part === undefined ? this.#constantsOf(first.node) : undefined;
      if (constants) return constants;
      if (name === 'keys' && part === undefined) return this.elements(first.node, 'key');
      if (name === 'values' && part === undefined) return this.elements(first.node, 'value');
      if (name === 'entries') return part && this.elements(first.node, part);
    }
    if (first && ownerName === 'Enum' && name === 'GetValues') return this.#constantsOf(first.node);
    if (of && args.length === 0 && !call.lambda) {
      if (INDEXED.has(name)) return part === 'value' ? this.elements(of) : undefined;
      const special = this.#specialElements(of, name, part);
      if (special) return special;
    }
    if (of && MAPPERS.has(name) && part === undefined) return this.#mapped(of, call);
    if (part && MAPS.has(name)) {
      return args.flatMap((one) => this.elements(one.node, part) ?? []);
    }
    if (part === undefined && LISTS.has(name) && (of === undefined || isTypeName(ownerName))) {
      const whole = first && args.length === 1 ? this.elements(first.node) : undefined;
      return whole ?? this.#all(args.map((one) => one.node));
    }
    const result = this.resultOf(node, call);
    return result && this.elements(result, part);
  }

  #mapped(of: SyntaxNode, call: Call): Items {
    const given = call.lambda ?? call.args[0]?.node;
    const shape = given && this.#program.bareShape(given);
    if (shape?.is === 'lambda') {
      const result = this.#program.reader(of).result(shape.body);
      return result && this.of(result);
    }
    // `Notification.Name.init(rawValue:)` has the form of a call.
    if (shape?.is === 'call' && shape.name === 'init' && shape.args.every((one) => textOf(one.node).endsWith(':')))
      return this.elements(of);
    if (shape?.is === 'method' || shape?.is === 'member') {
      if (shape.name === 'init') return this.elements(of);
      const owner = shape.of && this.#program.bareShape(shape.of);
      if (shape.name === 'new' && owner?.is === 'name' && owner.name === 'EventChannel')
        return tagged(this.elements(of), 'channel');
      return this.elements(of)?.flatMap((item) => this.#got(item, shape.name) ?? []);
    }
    return undefined;
  }
}

/** `action` of `getAction`. */
function propertyOf(method: string): string {
  return method.startsWith('get') && method.length > 3 ? method.charAt(3).toLowerCase() + method.slice(4) : method;
}

function argumentAt({ args }: Call, index: number, label: string | undefined): SyntaxNode | undefined {
  const labelled = label === undefined ? undefined : args.find((one) => one.label === label);
  if (labelled) return labelled.node;
  return index >= 0 ? args[index]?.node : undefined;
}

function texts(items: Items, as?: 'channel' | 'stream'): string[] | undefined {
  const found = items?.flatMap((item) => (item.is === 'text' && item.as === as ? [item.text] : []));
  return found && found.length > 0 ? [...new Set(found)] : undefined;
}

/** What is known of several; undefined if nothing is. */
function known(all: readonly Items[]): Items {
  const found = all.flatMap((items) => items ?? []);
  return found.length > 0 ? found : undefined;
}

function tagged(items: Items, as: 'channel'): Items {
  return items?.flatMap((item) => (item.is === 'text' ? [{ ...item, as }] : []));
}

function retagged(items: Items, from: 'channel', as: 'stream'): Items {
  return items?.flatMap((item) => (item.is === 'text' && item.as === from ? [{ ...item, as }] : []));
}

function isScript(node: SyntaxNode): boolean {
  return /\.[cm]?[jt]sx?$/iu.test(node.file.path);
}

/** Notification.Name, which an extension declares again. */
function isNameType(name: string): boolean {
  return name === 'Name' || name.endsWith('.Name');
}

/** `Arrays`, `List`, `Set`: a type of the platform by its capital, which no variable of these languages has by custom. */
/** Whether what declares a variable says that it is never set again. */
function isConstant(node: SyntaxNode): boolean {
  let statement: SyntaxNode | undefined = node;
  for (let depth = 0; statement && depth < 4 && !statement.type.endsWith('declaration'); depth++)
    statement = statement.parent;
  const before = statement ? node.file.text.slice(statement.start, Math.max(node.start, statement.start + 60)) : '';
  return (isScript(node) ? /\bconst\b/u : /\b(?:final|const|val|let|readonly)\b/u).test(before.split('=')[0] ?? '');
}

function isTypeName(name: string | undefined): boolean {
  return name !== undefined && /^\p{Lu}/u.test(name);
}

function isNested(inner: Declaration | undefined, outer: Declaration | undefined): boolean {
  for (let node = inner?.node.parent; node; node = node.parent) if (node === outer?.node) return true;
  return false;
}
