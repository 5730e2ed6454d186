/** Builds the documentation as a site that needs no server: README.md is its first page, docs/ lies where it lies here. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { layout } from './layout.mjs';
import { markdownLinkProblems } from './markdown-links.mjs';
import { addressOf, navigationProblems, readNavigation } from './navigation.mjs';
import { linksOf, readPage, renderPage } from './page.mjs';
import { isCopied, sourceBody } from './source-page.mjs';

const HERE = import.meta.dirname;
const ROOT = path.resolve(HERE, '../..');

/**
 * @returns {Promise<Map<string, string | Uint8Array>>} the files by their address
 * @throws if the navigation lacks a page, or a link leads to nothing that can be shown
 */
export async function buildSite() {
  const groups = readNavigation();
  const pages = groups.flatMap(({ pages }) => Object.keys(pages)).map((file) => readPage(ROOT, file));
  const problems = [
    ...navigationProblems(ROOT, groups),
    ...markdownLinkProblems(ROOT, pages),
    ...pagesOutside(pages).map((file) => `navigation.json lacks ${file}, which a page links to`),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));

  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  /** @type {Map<string, string | Uint8Array>} */
  const files = new Map();
  /** @type {Set<string>} */
  const sources = new Set();
  for (const page of pages) {
    const address = addressOf(page.file);
    for (const { token, attribute, file, anchor } of linksOf(page)) {
      const target = addressOfTarget(file);
      if (isCopied(file)) files.set(file, readFileSync(path.join(ROOT, file)));
      else if (!file.endsWith('.md')) sources.add(file);
      const relative = target === address && anchor ? '' : path.posix.relative(path.posix.dirname(address), target);
      token.attrSet(attribute, encodeURI(relative) + (anchor === undefined ? '' : `#${anchor}`));
    }
    const body = renderPage(page, await drawings(page));
    const { file, title, sections } = page;
    files.set(address, layout({ address, title, body, sections, file, groups, version }));
  }
  for (const file of sources) {
    const address = `${file}.html`;
    const body = sourceBody(ROOT, file);
    files.set(address, layout({ address, title: file, body, sections: [], file, groups, version }));
  }
  files.set('site/site.css', readFileSync(path.join(HERE, 'site.css'), 'utf8'));
  files.set('site/site.js', await browserScript());
  files.set('site/search-index.js', searchIndex(pages, groups));
  return files;
}

/** @param {readonly import('./page.mjs').Page[]} pages */
function pagesOutside(pages) {
  const inside = new Set(pages.map(({ file }) => file));
  const linked = new Set(pages.flatMap((page) => linksOf(page).map(({ file }) => file)));
  return [...linked].filter((file) => file.endsWith('.md') && !inside.has(file));
}

/** @param {string} file */
function addressOfTarget(file) {
  return file.endsWith('.md') ? addressOf(file) : isCopied(file) ? file : `${file}.html`;
}

/** Diagrams as pictures, in the colours of the page. @param {import('./page.mjs').Page} page */
async function drawings(page) {
  const fences = page.tokens.filter(({ type, info }) => type === 'fence' && info === 'mermaid');
  /** @type {Map<import('./page.mjs').Token, string>} */
  const drawn = new Map();
  if (fences.length === 0) return drawn;
  const { renderMermaidSVG } = await import('beautiful-mermaid');
  for (const fence of fences) {
    const svg = renderMermaidSVG(fence.content, {
      bg: 'var(--page)',
      fg: 'var(--text)',
      line: 'var(--faint)',
      font: 'inherit',
    });
    drawn.set(fence, svg.replaceAll(/@import url\([^)]*\);/g, ''));
  }
  return drawn;
}

/** One file with the search library in it, which a page can load from a folder. */
async function browserScript() {
  const { outputFiles } = await build({
    entryPoints: [path.join(HERE, 'browser', 'site.mjs')],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  });
  const licence = readFileSync(path.join(ROOT, 'node_modules/minisearch/LICENSE.txt'), 'utf8').trim();
  return `/* MiniSearch:\n${licence.replaceAll('*/', '* /')}\n*/\n${outputFiles[0]?.text ?? ''}`;
}

/**
 * Sections as a script, since a page in a folder may not fetch. Rows of address, page, heading, text.
 * @param {readonly import('./page.mjs').Page[]} pages
 * @param {readonly import('./navigation.mjs').Group[]} groups
 */
function searchIndex(pages, groups) {
  const labels = Object.assign({}, ...groups.map(({ pages }) => pages));
  const rows = pages.flatMap(({ file, sections }) =>
    sections.map(({ id, text, body }, index) => [
      index === 0 ? addressOf(file) : `${addressOf(file)}#${id}`,
      labels[file],
      text,
      body.trim(),
    ]),
  );
  return `globalThis.fusegateSections=${JSON.stringify(rows)};\n`;
}
