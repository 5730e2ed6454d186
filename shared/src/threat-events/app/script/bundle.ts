/** The modules of a Metro bundle: `__d(function (global, require, …) { … }, id, [dependencies])`, each on lines of its own. */
import type { AnyNode, CallExpression } from 'acorn';
import { isFunction, type Program } from './program.ts';
import type { Modules } from './values.ts';

export interface Chunk {
  text: string;
  /** Offset in the file. */
  at: number;
  id?: string;
}

/** Where the list of dependencies ends the call. */
const TAIL = /,\s*(\d+)\s*,\s*(?:\[[^[\]]*\]|\{[^{}]*\})[^)]*\)\s*;?\s*$/;
const TAIL_CHARACTERS = 20_000;
const START = '\n__d(';

/** @returns a single chunk where it is no such bundle */
export function chunksOf(text: string): Chunk[] {
  const starts: number[] = text.startsWith('__d(') ? [0] : [];
  for (let at = text.indexOf(START); at >= 0; at = text.indexOf(START, at + 1)) starts.push(at + 1);
  if (starts.length === 0) return [{ text, at: 0 }];
  const ends = [...starts.slice(1), text.length];
  const modules = starts.map((at, index): Chunk => {
    const end = ends[index] ?? text.length;
    const chunk = text.slice(at, end);
    // What runs the bundle follows the last module.
    const own = index === starts.length - 1 ? chunk.replace(/\n__r\([\s\S]*$/, '') : chunk;
    const id = TAIL.exec(own.slice(-TAIL_CHARACTERS))?.[1];
    return { text: own, at, ...(id === undefined ? {} : { id }) };
  });
  return starts[0] === 0 ? modules : [{ text: text.slice(0, starts[0]), at: 0 }, ...modules];
}

/** @returns the modules that run, from those that the end of the bundle names; undefined where it names none */
export function reachedIn(chunks: readonly Chunk[], text: string): Set<string> | undefined {
  const roots = [...text.slice(-TAIL_CHARACTERS).matchAll(/__r\((\d+)\)/g)].map(([, id]) => id as string);
  if (roots.length === 0) return undefined;
  const modules = new Map(chunks.flatMap((chunk) => (chunk.id === undefined ? [] : [[chunk.id, chunk] as const])));
  const found = new Set(roots);
  for (const id of found) {
    const tail = (modules.get(id)?.text ?? '').replace(/__r\([\s\S]*$/, '').slice(-TAIL_CHARACTERS);
    const list = DEPENDENCIES_OF.exec(tail)?.[1] ?? '';
    for (const [dependency] of list.matchAll(/\d+/g)) found.add(dependency);
  }
  return found;
}

const DEPENDENCIES_OF = /,\s*\d+\s*,\s*(\[[^[\]]*\]|\{[^{}]*\})[^)]*\)\s*;?\s*$/;
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

  required(call: CallExpression): string | undefined {
    const [argument] = call.arguments;
    if (call.callee.type !== 'Identifier' || argument?.type !== 'MemberExpression') return undefined;
    if (argument.object.type !== 'Identifier' || argument.property.type !== 'Literal') return undefined;
    const required = this.#program.lookUp(call.callee.name, call)?.parameter;
    const dependencies = this.#program.lookUp(argument.object.name, call)?.parameter;
    if (!required || !REQUIRES.has(required.index) || dependencies?.index !== DEPENDENCIES) return undefined;
    const definition = this.#program.parent(required.of);
    const list = definition?.type === 'CallExpression' ? definition.arguments[2] : undefined;
    const element = list?.type === 'ArrayExpression' ? list.elements[Number(argument.property.value)] : undefined;
    return element?.type === 'Literal' ? String(element.value) : undefined;
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
