/** A parsed HTML page, read as a browser would read it (parse5 is the parser of the HTML standard). */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';

export interface PageElement {
  tag: string;
  attributes: Record<string, string>;
  text: string;
}

/** Elements whose text does not run on into what follows. */
const APART = new Set(['dt', 'dd', 'th', 'td', 'li', 'p', 'div', 'h1', 'h2', 'h3', 'caption']);

/** @returns every element in document order */
export function elementsOf(markup: string): PageElement[] {
  const found: PageElement[] = [];
  const walk = (node: DefaultTreeAdapterTypes.Node): string => {
    if ('value' in node) return node.value;
    if (!('childNodes' in node)) return '';
    const entry: PageElement | undefined =
      'tagName' in node
        ? { tag: node.tagName, attributes: Object.fromEntries(node.attrs.map((a) => [a.name, a.value])), text: '' }
        : undefined;
    if (entry) found.push(entry);
    const text = node.childNodes.map(walk).join('') + (entry && APART.has(entry.tag) ? ' ' : '');
    if (entry) entry.text = text;
    return text;
  };
  walk(parse(markup) as DefaultTreeAdapterTypes.Node);
  return found;
}

/** @returns the codes of the parser's complaints about one page */
export function parseErrors(markup: string): string[] {
  const found: string[] = [];
  parse(markup, { onParseError: (error) => found.push(error.code) });
  return found;
}

/** What people read: the text of the page's body, blanks folded. */
export function bodyText(markup: string): string {
  return (elementsOf(markup).find(({ tag }) => tag === 'body')?.text ?? '').replace(/\s+/gu, ' ');
}

/** The tags and attribute names of a page, without its texts: what foreign text must not change. */
export function skeletonOf(markup: string): string {
  return elementsOf(markup)
    .filter(({ tag }) => tag !== 'code')
    .map(({ tag, attributes }) => `${tag}[${Object.keys(attributes).join(' ')}]`)
    .join('\n');
}
