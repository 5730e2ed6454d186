import MarkdownIt from 'markdown-it';

/** @returns what a reader of this Markdown gets as HTML, links or images; text in code is neither */
export function markupIn(markdown: string): string[] {
  const tokens = new MarkdownIt({ html: true, linkify: true }).parse(markdown, {});
  const all = tokens.flatMap((token) => [token, ...(token.children ?? [])]);
  return all
    .filter(({ type }) => /^html_|^link_open$|^image$/.test(type))
    .map(({ type, content }) => `${type} ${content}`);
}
