// @ts-nocheck: this runs in a browser, and the types of the rest of the project are those of Node.
/** What the pages do with JavaScript: search, the menu of a phone, light and dark, copying code. Without it they can be read. */
import MiniSearch from 'minisearch';

const MOST = 20;
const root = document.documentElement.dataset.root;
const form = document.getElementById('search');
const query = document.getElementById('query');
const found = document.getElementById('found');
const status = found.querySelector('[role=status]');
const list = found.querySelector('ul');

/** Loaded on first use. A script tag, because a page in a folder may not fetch. */
let index;
function loadIndex() {
  index ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = `${root}/site/search-index.js`;
    script.onerror = () => reject(new Error('the search index did not load'));
    script.onload = () => {
      const search = new MiniSearch({
        fields: ['heading', 'page', 'text'],
        storeFields: ['address', 'page', 'heading', 'text'],
        searchOptions: {
          boost: { heading: 4, page: 2 },
          prefix: true,
          fuzzy: (term) => (term.length > 4 ? 0.2 : false),
          combineWith: 'AND',
          // The beginning of a page explains; a section that is found by the same words is one of its details.
          boostDocument: (_, __, { address }) => (address.includes('#') ? 1 : 2),
        },
      });
      const rows = globalThis.fusegateSections;
      search.addAll(rows.map(([address, page, heading, text], id) => ({ id, address, page, heading, text })));
      resolve(search);
    };
    document.head.append(script);
  });
  return index;
}

function element(tag, text, ...children) {
  const made = document.createElement(tag);
  made.append(text, ...children);
  return made;
}

/** The words around the first match. */
function excerpt({ text, terms }) {
  const lower = text.toLowerCase();
  const places = terms.map((term) => lower.indexOf(term)).filter((place) => place >= 0);
  const from = Math.max(0, Math.min(...(places.length > 0 ? places : [0])) - 40);
  const start = from === 0 ? 0 : text.indexOf(' ', from) + 1;
  const words = text.slice(start, start + 140);
  const whole = start + 140 >= text.length;
  return `${start > 0 ? '… ' : ''}${whole ? words : `${words.replace(/\s+\S*$/, '')} …`}`;
}

async function search() {
  const words = query.value.trim();
  if (words === '') return close();
  let results;
  try {
    results = (await loadIndex()).search(words);
  } catch (error) {
    results = [];
    status.textContent = error.message;
  }
  if (query.value.trim() !== words) return;
  list.replaceChildren(
    ...results.slice(0, MOST).map((result) => {
      const title = result.heading === result.page ? result.page : `${result.page}: ${result.heading}`;
      const link = element('a', element('strong', title), element('span', excerpt(result)));
      link.href = `${root}/${result.address}`;
      return element('li', link);
    }),
  );
  const more = results.length > MOST ? `, the best ${MOST} shown` : '';
  status.textContent = results.length === 0 ? 'Nothing found' : `${results.length} found${more}`;
  found.hidden = false;
}

function close() {
  found.hidden = true;
}

query.addEventListener('focus', () => void loadIndex().catch(() => {}));
query.addEventListener('input', search);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  list.querySelector('a')?.click();
});
form.addEventListener('focusout', ({ relatedTarget }) => {
  if (!form.contains(relatedTarget)) close();
});
form.addEventListener('click', ({ target }) => {
  // A link within this page loads nothing, so the list would stay.
  if (target.closest('#found a')) close();
});
form.addEventListener('keydown', (event) => {
  const places = [query, ...list.querySelectorAll('a')];
  const at = places.indexOf(document.activeElement);
  if (event.key === 'Escape') {
    close();
    query.focus();
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    places[Math.min(places.length - 1, Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus();
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.target.closest('input')) return;
  event.preventDefault();
  query.focus();
});

const menu = document.getElementById('menu');
menu.addEventListener('click', () => {
  const open = document.documentElement.classList.toggle('menu-open');
  menu.setAttribute('aria-expanded', String(open));
});
const pages = document.getElementById('pages');
const current = pages.querySelector('[aria-current]');
if (current) pages.scrollTop = current.offsetTop - pages.clientHeight / 2;

document.getElementById('theme').addEventListener('click', () => {
  const { dataset } = document.documentElement;
  const dark = dataset.theme ? dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  dataset.theme = dark ? 'light' : 'dark';
  try {
    localStorage.setItem('fusegate-theme', dataset.theme);
  } catch {
    // Storage may be closed to pages in a folder; then the choice lasts for this page.
  }
});

for (const block of navigator.clipboard ? document.querySelectorAll('main pre') : []) {
  const button = element('button', 'Copy');
  button.type = 'button';
  button.className = 'copy';
  button.setAttribute('aria-label', 'Copy the code');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(block.textContent);
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Not copied';
    }
    setTimeout(() => button.replaceChildren('Copy'), 2000);
  });
  const frame = element('div', '');
  frame.className = 'code';
  block.replaceWith(frame);
  frame.append(block, button);
}
