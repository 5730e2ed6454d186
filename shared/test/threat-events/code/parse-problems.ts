/** Whether source code parses, by the grammars that the listener check uses. */
import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { useBaselineCompiler } from '../../../src/threat-events/source/baseline-compiler.ts';

const require = createRequire(import.meta.url);

const grammars = new Map<string, Promise<Language>>();
let ready: Promise<void> | undefined;

/** @returns the line of each piece of text that the grammar could not make sense of, with its beginning */
export async function parseProblems(text: string, grammar: string): Promise<string[]> {
  useBaselineCompiler();
  ready ??= Parser.init();
  await ready;
  const loading =
    grammars.get(grammar) ?? Language.load(require.resolve(`tree-sitter-wasms/out/tree-sitter-${grammar}.wasm`));
  grammars.set(grammar, loading);
  const parser = new Parser();
  try {
    parser.setLanguage(await loading);
    const tree = parser.parse(text);
    return tree === null ? ['nothing was parsed'] : faults(tree.rootNode);
  } finally {
    parser.delete();
  }
}

function faults(node: Node): string[] {
  if (node.isError || node.isMissing)
    return [`line ${node.startPosition.row + 1}: ${node.text.slice(0, 60) || node.type}`];
  return node.hasError ? node.children.flatMap((child) => (child ? faults(child) : [])) : [];
}

/** By the name of a language of listener code. */
export const GRAMMARS = {
  java: 'java',
  kotlin: 'kotlin',
  swift: 'swift',
  'objective-c': 'objc',
  'react-native': 'javascript',
  cordova: 'javascript',
  'csharp-android': 'c_sharp',
  'csharp-ios': 'c_sharp',
  flutter: 'dart',
} as const;
