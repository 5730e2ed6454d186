/** One Markdown file: its title, its headings with the anchors that GitHub gives them, its links, its text for the search. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import GithubSlugger from 'github-slugger';
import MarkdownIt from 'markdown-it';
import { highlight } from './highlight.mjs';

/**
 * @typedef {import('markdown-it').Token} Token
 * @typedef {{ level: number, id: string, text: string, body: string }} Section body: the text up to the next heading
 * @typedef {{ file: string, title: string, sections: Section[], tokens: Token[] }} Page
 */

// The pages are ours, so their HTML (line breaks, comments) is kept.
const markdown = new MarkdownIt({ html: true, highlight });

markdown.renderer.rules['table_open'] = () => '<div class="scrolls" tabindex="0"><table>\n';
markdown.renderer.rules['table_close'] = () => '</table></div>\n';
markdown.renderer.rules['heading_close'] = (/** @type {Token[]} */ tokens, /** @type {number} */ index) => {
  const { tag } = tokens[index] ?? { tag: '' };
  const id = tokens[index - 2]?.attrGet('id');
  return ` <a class="anchor" href="#${id}" aria-label="Link to this section">#</a></${tag}>\n`;
};
const fence = markdown.renderer.rules['fence'];
/** @type {typeof fence} */
const drawnOrCode = (tokens, index, options, env, self) => {
  const drawing = /** @type {{ drawings: Map<unknown, string> }} */ (env).drawings.get(tokens[index]);
  if (drawing !== undefined) return `<div class="scrolls drawing" tabindex="0">${drawing}</div>\n`;
  return fence?.(tokens, index, options, env, self).replace('<pre', '<pre tabindex="0"') ?? '';
};
markdown.renderer.rules['fence'] = drawnOrCode;

/** @param {Token | undefined} inline @returns {string} what a reader sees of it */
function plainText(inline) {
  return (inline?.children ?? [])
    .map((child) => {
      if (child.type === 'softbreak' || child.type === 'html_inline') return ' ';
      return child.type === 'image' ? plainText(child) : child.content;
    })
    .join('');
}

/**
 * @param {string} root
 * @param {string} file relative to it
 * @returns {Page}
 */
export function readPage(root, file) {
  return parsePage(file, readFileSync(path.join(root, file), 'utf8'));
}

/** @param {string} file @param {string} text @returns {Page} */
export function parsePage(file, text) {
  const tokens = markdown.parse(text, {});
  const slugger = new GithubSlugger();
  /** @type {Section[]} */
  const sections = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      const heading = plainText(tokens[index + 1]);
      const id = slugger.slug(heading);
      token.attrSet('id', id);
      sections.push({ level: Number(token.tag.slice(1)), id, text: heading, body: '' });
    } else if (tokens[index - 1]?.type !== 'heading_open') {
      const section = sections.at(-1);
      const words = token.type === 'inline' ? plainText(token) : token.type === 'fence' ? token.content : '';
      if (section !== undefined && words !== '') section.body += `${words.replaceAll(/\s+/g, ' ').trim()} `;
    }
  }
  return { file, title: sections[0]?.text ?? file, sections, tokens };
}

/**
 * Every link and image that leads to a file of the repository, or within the page.
 * @param {Page} page
 * @returns {Array<{ token: Token, attribute: 'href' | 'src', link: string, file: string, anchor: string | undefined }>}
 */
export function linksOf(page) {
  return page.tokens
    .flatMap((token) => token.children ?? [])
    .flatMap((token) => {
      /** @type {'href' | 'src' | undefined} */
      const attribute = token.type === 'link_open' ? 'href' : token.type === 'image' ? 'src' : undefined;
      const link = attribute ? String(token.attrGet(attribute) ?? '') : '';
      if (attribute === undefined || link === '' || /^(?:https?|mailto):/.test(link)) return [];
      const [target = '', anchor] = link.split('#');
      const below = path.posix.join(path.posix.dirname(page.file), decodeURI(target));
      return [{ token, attribute, link, file: target === '' ? page.file : below.replace(/\/$/, ''), anchor }];
    });
}

/**
 * @param {Page} page
 * @param {Map<Token, string>} drawings SVG instead of a fence
 */
export function renderPage(page, drawings) {
  return markdown.renderer.render(page.tokens, markdown.options, { drawings });
}
