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
  return node?.children.find(({ type }) => types.includes(type));
}

export function childrenOf(node: SyntaxNode | undefined, ...types: string[]): SyntaxNode[] {
  return node?.children.filter(({ type }) => types.includes(type)) ?? [];
}

export function fieldOf(node: SyntaxNode | undefined, field: string): SyntaxNode | undefined {
  if (node === undefined || node.children.length < MANY) return node?.children.find((child) => child.field === field);
  let fields = FIELDS.get(node);
  if (fields === undefined) {
    fields = new Map();
    for (const child of node.children) if (child.field && !fields.has(child.field)) fields.set(child.field, child);
    FIELDS.set(node, fields);
  }
  return fields.get(field);
}

/** A block of very many statements is asked for its fields by each of them. */
const MANY = 64;
const FIELDS = new WeakMap<SyntaxNode, Map<string, SyntaxNode>>();

export function ancestorOf(node: SyntaxNode, ...types: string[]): SyntaxNode | undefined {
  let found = node.parent;
  while (found !== undefined && !types.includes(found.type)) found = found.parent;
  return found;
}

export function isInside(node: SyntaxNode, around: SyntaxNode): boolean {
  return node.file === around.file && node.start >= around.start && node.end <= around.end;
}
