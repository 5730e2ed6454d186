/** Where names of events stand in a file, outside of comments. */
import { type ParsedFile, type SyntaxNode, textOf } from './node.ts';
import type { LanguageReader } from './shape.ts';

export interface Mention {
  name: string;
  node: SyntaxNode;
  /** What kind of place that is, where it matters. */
  detail?: string;
}

export function mentionsIn(file: ParsedFile, reader: LanguageReader, names: readonly string[]): Mention[] {
  const found: Mention[] = [];
  const wanted = new Set(names);
  for (const node of file.nodes) {
    if (reader.comments.has(node.type) || isInComment(node, reader)) continue;
    const isText = reader.texts.has(node.type);
    if (!isText && node.children.length > 0) continue;
    const text = textOf(node);
    const [exact] = [text, unquoted(text)].filter((one) => wanted.has(one));
    if (exact !== undefined) found.push({ name: exact, node });
    else if (isText || node.broken || node.type === 'preproc_arg')
      for (const name of names) if (hasWord(text, name)) found.push({ name, node, detail: 'inside a longer text' });
  }
  return found;
}

function isInComment(node: SyntaxNode, reader: LanguageReader): boolean {
  return node.parent !== undefined && reader.comments.has(node.parent.type);
}

/** Some grammars keep the quotes in the node of a literal. */
function unquoted(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && '@"\'$`'.includes(text.charAt(from))) from += 1;
  while (to > from && '"\'`'.includes(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

function hasWord(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
    if (!isLetter(text.charAt(at - 1)) && !isLetter(text.charAt(at + name.length))) return true;
  return false;
}

const isLetter = (text: string) => /^[\p{L}\p{N}_]$/u.test(text);
