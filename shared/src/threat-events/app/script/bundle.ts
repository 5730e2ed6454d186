/** The modules of a Metro bundle: `__d(function (global, require, …) { … }, id, [dependencies])`, each on lines of its own. */
import type { AnyNode, CallExpression } from 'acorn';
import { isFunction, type Program } from './program.ts';
import type { Modules } from './values.ts';

export interface Chunk {
  text: string;
  /** Offset in the file. */
  at: number;
  /** Of a module; none if it cannot be told. */
  id?: string;
  /** Whether it is a module, which runs once another requires it. */
  isModule?: true;
  /** The ids in its list: it may require them. */
  dependencies?: readonly string[];
}

/** Where the list of dependencies ends the call. */
const TAIL = /,\s*(\d+)\s*,\s*(\[[^[\]]*\]|\{[^{}]*\})[^)]*\)\s*;?\s*$/;
const TAIL_CHARACTERS = 20_000;
const START = '__d(';
const RUN = /[\n;]__r\(/g;

/** @returns a single chunk where it is no such bundle; `rest` runs the first module */
export function chunksOf(text: string): { chunks: Chunk[]; rest: string } {
  const starts: number[] = [];
  for (let at = text.indexOf(START); at >= 0; at = text.indexOf(START, at + 1)) {
    if (at === 0 || text[at - 1] === '\n' || text[at - 1] === ';') starts.push(at);
  }
  const [first] = starts;
  if (first === undefined) return { chunks: [{ text, at: 0 }], rest: '' };
  RUN.lastIndex = starts.at(-1) ?? 0;
  const end = (RUN.exec(text)?.index ?? text.length - 1) + 1;
  const modules = starts.map((at, index) => moduleOf(text.slice(at, starts[index + 1] ?? end), at));
  const chunks = first === 0 ? modules : [{ text: text.slice(0, first), at: 0 }, ...modules];
  return { chunks, rest: text.slice(end) };
}

function moduleOf(text: string, at: number): Chunk {
  const [, id, list = ''] = TAIL.exec(text.slice(-TAIL_CHARACTERS)) ?? [];
  if (id === undefined) return { text, at, isModule: true };
  return { text, at, isModule: true, id, dependencies: list.match(/\d+/g) ?? [] };
}

const REQUIRES = new Set([1, 2, 3]);
const MODULE = 4;
const EXPORTS = 5;
const DEPENDENCIES = 6;

export class BundleModules implements Modules {
  readonly #program: Program;
  readonly #load: (id: string) => AnyNode | undefined;

  /** @param load parses a module on first use */
  constructor(program: Program, load: (id: string) => AnyNode | undefined) {
    this.#program = program;
    this.#load = load;
  }

  required(call: CallExpression, from: AnyNode = call): string | undefined {
    const [argument] = call.arguments;
    if (call.callee.type !== 'Identifier' || argument?.type !== 'MemberExpression') return undefined;
    if (argument.object.type !== 'Identifier' || argument.property.type !== 'Literal') return undefined;
    const required = this.#program.lookUp(call.callee.name, from)?.parameter;
    const dependencies = this.#program.lookUp(argument.object.name, from)?.parameter;
    if (!required || !REQUIRES.has(required.index) || dependencies?.index !== DEPENDENCIES) return undefined;
    const definition = this.#program.parent(required.of);
    const list = definition?.type === 'CallExpression' ? definition.arguments[2] : undefined;
    const element = list?.type === 'ArrayExpression' ? list.elements[Number(argument.property.value)] : undefined;
    return element?.type === 'Literal' ? String(element.value) : undefined;
  }

  /** The module that a call runs: `require(d[0])`, or `require(d[1])(d[0], …)` as for `import()`. */
  run(call: CallExpression): string | undefined {
    const { callee } = call;
    const isImport = callee.type === 'CallExpression' && this.required(callee) !== undefined;
    return this.required(isImport ? { ...call, callee: callee.callee } : call, call);
  }

  exported(module: string, key: string): AnyNode[] {
    const factory = this.#load(module);
    if (factory === undefined || !isFunction(factory)) return [];
    const bound = (index: number) => {
      const parameter = factory.params[index];
      return parameter?.type === 'Identifier' ? this.#program.lookUp(parameter.name, factory.body) : undefined;
    };
    const exported = bound(EXPORTS)?.properties ?? [];
    const whole = (bound(MODULE)?.properties ?? []).filter((each) => each.key === 'exports');
    const inside = whole.flatMap(({ value }) => (value.type === 'ObjectExpression' ? value.properties : []));
    const named = inside.flatMap((each) =>
      each.type === 'Property' && each.key.type === 'Identifier' && each.key.name === key
        ? [each.value as AnyNode]
        : [],
    );
    const isVoid = (node: AnyNode) => node.type === 'UnaryExpression';
    return [...exported.filter((each) => each.key === key && !isVoid(each.value)).map(({ value }) => value), ...named];
  }
}
