/** The frame around every page. */
import path from 'node:path';
import { addressOf } from './navigation.mjs';

/** Before the first paint, so that a dark page never flashes white; and what needs JavaScript is hidden without it. */
const EARLY = `document.documentElement.classList.add('js');try{const t=localStorage.getItem('fusegate-theme');if(t)document.documentElement.dataset.theme=t}catch{}`;

/** A page whose headings fill more than a screen lists the upper ones only. */
const CONTENTS_AT_MOST = 40;

/** @param {string} text */
export function escapeHtml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/**
 * @param {{ address: string, title: string, body: string, sections: readonly import('./page.mjs').Section[], file: string,
 *   groups: readonly import('./navigation.mjs').Group[], version: string }} page
 */
export function layout({ address, title, body, sections, file, groups, version }) {
  const to = (/** @type {string} */ target) =>
    path.posix.relative(path.posix.dirname(address), target) || path.posix.basename(target);
  const pages = groups.flatMap(({ pages }) => Object.entries(pages).map(([name, label]) => ({ name, label })));
  const at = pages.findIndex(({ name }) => name === file);
  const beside = (/** @type {number} */ step, /** @type {string} */ word) => {
    const page = at < 0 ? undefined : pages[at + step];
    return page ? `<a rel="${word}" href="${to(addressOf(page.name))}">${escapeHtml(page.label)}</a>` : '<span></span>';
  };
  const navigation = groups
    .map(({ title: group, pages }) => {
      const items = Object.entries(pages).map(([name, label]) => {
        const current = name === file ? ' aria-current="page"' : '';
        return `<li><a href="${to(addressOf(name))}"${current}>${escapeHtml(label)}</a></li>`;
      });
      return `<h2>${escapeHtml(group)}</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
    })
    .join('\n');
  return `<!doctype html>
<html lang="en" data-root="${to('.')}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title === 'Fusegate' ? title : `${title} · Fusegate`)}</title>
<script>${EARLY}</script>
<link rel="stylesheet" href="${to('site/site.css')}">
<script src="${to('site/site.js')}" defer></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<button type="button" id="menu" aria-expanded="false" aria-controls="pages">Menu</button>
<a class="home" href="${to('index.html')}">Fusegate <small>${escapeHtml(version)}</small></a>
<form role="search" id="search">
<input type="search" id="query" placeholder="Search" aria-label="Search the documentation" aria-controls="found" autocomplete="off" spellcheck="false">
<div id="found" hidden><p role="status"></p><ul></ul></div>
</form>
<button type="button" id="theme" aria-label="Switch between light and dark">◐</button>
</header>
<div class="columns">
<nav id="pages" aria-label="Pages">
${navigation}
</nav>
<main id="content">
${body}
<footer>
${beside(-1, 'prev')}
${beside(1, 'next')}
</footer>
</main>
${contents(sections)}
</div>
</body>
</html>
`;
}

/** @param {readonly import('./page.mjs').Section[]} sections */
function contents(sections) {
  const below = sections.filter(({ level }) => level === 2 || level === 3);
  const shown = below.length > CONTENTS_AT_MOST ? below.filter(({ level }) => level === 2) : below;
  if (shown.length < 2) return '';
  const items = shown.map(
    ({ level, id, text }) => `<li class="level-${level}"><a href="#${id}">${escapeHtml(text)}</a></li>`,
  );
  return `<nav class="contents" aria-label="On this page">\n<h2>On this page</h2>\n<ul>\n${items.join('\n')}\n</ul>\n</nav>`;
}
