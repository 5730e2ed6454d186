/** A syntax tree as plain objects, made with a cursor: however deeply a file nests, nothing here recurses over it. */
import type { Tree, TreeCursor } from 'web-tree-sitter';
import type { ParsedFile, SyntaxNode } from './node.ts';

/** Most nodes are leaves. They share one list. */
const NONE: SyntaxNode[] = [];

/** @returns undefined if the tree is deeper than `deepest` */
export function flatten(tree: Tree, path: string, text: string, deepest: number): ParsedFile | undefined {
  const file: ParsedFile = { path, text, nodes: [] };
  const { types, fields } = tree.language;
  const named = types.map((_, id) => tree.language.nodeTypeIsNamed(id));
  const hasErrors = tree.rootNode.hasError;
  const cursor = tree.walk();
  const lineOf = lineCounter(text);
  const parents: Array<SyntaxNode | undefined> = [];
  let parent: SyntaxNode | undefined;
  try {
    for (;;) {
      let node: SyntaxNode | undefined;
      const id = cursor.nodeTypeId;
      // The number of ERROR is beyond those of the grammar.
      if (parent === undefined || (named[id] ?? true)) {
        const start = cursor.startIndex;
        node = {
          type: types[id] ?? cursor.nodeType,
          field: fields[cursor.currentFieldId] ?? undefined,
          start,
          end: cursor.endIndex,
          line: lineOf(start),
          parent,
          children: NONE,
          broken: hasErrors && ((parent?.broken ?? false) || isBroken(cursor)),
          file,
        };
        if (parent?.children === NONE) parent.children = [node];
        else parent?.children.push(node);
        file.nodes.push(node);
      }
      if (cursor.gotoFirstChild()) {
        if (parents.length > deepest) return undefined;
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

const isBroken = (cursor: TreeCursor) => cursor.nodeType === 'ERROR' || cursor.nodeIsMissing;

/** From 1. Asked for places in the order of the text. */
function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let next = text.indexOf('\n');
  return (at) => {
    while (next >= 0 && next < at) {
      line += 1;
      next = text.indexOf('\n', next + 1);
    }
    return line;
  };
}
