import MarkdownIt from 'markdown-it';

/** @returns what a reader of this Markdown gets as HTML, links or images; text in code is neither */
export function markupIn(markdown: string): string[] {
  const tokens = new MarkdownIt({ html: true, linkify: true }).parse(markdown, {});
  const all = tokens.flatMap((token) => [token, ...(token.children ?? [])]);
  return all
    .filter(({ type }) => /^html_|^link_open$|^image$/.test(type))
    .map(({ type, content }) => `${type} ${content}`);
}

/** @returns what a reader sees of a page of Markdown, with code in its backticks */
export function readMarkdown(markdown: string): string {
  return unescaped(new MarkdownIt().render(markdown)).replaceAll('\u200b', '');
}

/** @returns HTML or XML with its references resolved, and code in backticks */
export function unescaped(markup: string): string {
  const signs: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`' };
  return markup.replace(/<\/?code>/gu, '`').replace(/&(amp|lt|gt|quot|#39|#96);/gu, (_, name) => signs[name] ?? '');
}
