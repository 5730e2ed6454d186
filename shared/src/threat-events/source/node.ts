/** A syntax tree as plain objects, made with a cursor: however deeply a file nests, nothing here recurses over it. */
import type { Tree } from 'web-tree-sitter';

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

/** @returns undefined if there are more than `most` nodes */
export function flatten(tree: Tree, path: string, text: string, most: number): ParsedFile | undefined {
  const file: ParsedFile = { path, text, nodes: [] };
  const cursor = tree.walk();
  let parent: SyntaxNode | undefined;
  /** Of each level of the cursor: the parent to go back to. */
  const parents: Array<SyntaxNode | undefined> = [];
  try {
    for (;;) {
      let node: SyntaxNode | undefined;
      if (cursor.nodeIsNamed || parent === undefined) {
        node = {
          type: cursor.nodeType,
          field: cursor.currentFieldName ?? undefined,
          start: cursor.startIndex,
          end: cursor.endIndex,
          line: cursor.startPosition.row + 1,
          parent,
          children: [],
          broken: (parent?.broken ?? false) || cursor.nodeType === 'ERROR' || cursor.nodeIsMissing,
          file,
        };
        parent?.children.push(node);
        file.nodes.push(node);
        if (file.nodes.length > most) return undefined;
      }
      if (cursor.gotoFirstChild()) {
        parents.push(parent);
        parent = node ?? parent;
        continue;
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return file;
        parent = parents.pop();
      }
    }
  } finally {
    cursor.delete();
  }
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
