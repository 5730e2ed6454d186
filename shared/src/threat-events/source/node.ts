/** The pieces of a syntax tree, as plain objects. `flatten.ts` makes them. */

export interface SyntaxNode {
  type: string;
  /** The name of its place in the parent. */
  field: string | undefined;
  start: number;
  end: number;
  /** From 1. */
  line: number;
  parent: SyntaxNode | undefined;
  /** Named ones only: no punctuation, no key words. */
  children: SyntaxNode[];
  /** The parser could not make sense of the text here, or of something around it. */
  broken: boolean;
  file: ParsedFile;
}

/** A file with its syntax nodes in the order of the text. */
export interface ParsedFile {
  path: string;
  text: string;
  nodes: SyntaxNode[];
}

export function textOf(node: SyntaxNode): string {
  return node.file.text.slice(node.start, node.end);
}

export function childOf(node: SyntaxNode | undefined, ...types: string[]): SyntaxNode | undefined {
  const alike = indexOf(node)?.alike(types);
  return alike ? alike[0] : node?.children.find(({ type }) => types.includes(type));
}

export function childrenOf(node: SyntaxNode | undefined, ...types: string[]): readonly SyntaxNode[] {
  return indexOf(node)?.alike(types) ?? node?.children.filter(({ type }) => types.includes(type)) ?? [];
}

export function fieldOf(node: SyntaxNode | undefined, field: string): SyntaxNode | undefined {
  const index = indexOf(node);
  return index ? index.fields.get(field) : node?.children.find((child) => child.field === field);
}

/** A block of very many statements is asked for its children by each of them. */
class ChildIndex {
  readonly fields = new Map<string, SyntaxNode>();
  readonly #types = new Map<string, SyntaxNode[]>();

  constructor(children: readonly SyntaxNode[]) {
    for (const child of children) {
      if (child.field && !this.fields.has(child.field)) this.fields.set(child.field, child);
      const alike = this.#types.get(child.type);
      if (alike) alike.push(child);
      else this.#types.set(child.type, [child]);
    }
  }

  /** Undefined where there are several of these types. */
  alike(types: readonly string[]): readonly SyntaxNode[] | undefined {
    const [first, ...others] = types.flatMap((type) => {
      const found = this.#types.get(type);
      return found ? [found] : [];
    });
    return others.length === 0 ? (first ?? []) : undefined;
  }
}

const MANY = 64;
/** By the list itself: a language that prepares its tree gives a node another one. */
const INDEXES = new WeakMap<readonly SyntaxNode[], ChildIndex>();

function indexOf(node: SyntaxNode | undefined): ChildIndex | undefined {
  if (node === undefined || node.children.length < MANY) return undefined;
  let index = INDEXES.get(node.children);
  if (index === undefined) {
    index = new ChildIndex(node.children);
    INDEXES.set(node.children, index);
  }
  return index;
}

export function ancestorOf(node: SyntaxNode, ...types: string[]): SyntaxNode | undefined {
  let found = node.parent;
  while (found !== undefined && !types.includes(found.type)) found = found.parent;
  return found;
}

export function isInside(node: SyntaxNode, around: SyntaxNode): boolean {
  return node.file === around.file && node.start >= around.start && node.end <= around.end;
}
