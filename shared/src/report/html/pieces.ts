/** Tables, definition lists and sections: the pieces of the HTML report, each with the semantics that assistive technology needs. */
import { plainLine } from '../../text/untrusted-text.ts';
import { type Html, type HtmlValue, html } from './template.ts';

/** A browser can still scroll and print this many rows; the whole list is in the result. */
export const MOST_ROWS = 1000;

export interface Column<T> {
  head: string;
  cell: (item: T) => HtmlValue;
  /** A class for its cells. */
  look?: 'wide' | 'narrow' | 'number' | 'term' | 'place';
}

/**
 * A table whose first column heads its rows.
 *
 * @param caption read out before the table; not shown, because the heading above says the same
 * @param look `stack`: on a phone, the cells of a row stand below each other
 */
export function dataTable<T>(
  caption: string,
  columns: ReadonlyArray<Column<T>>,
  items: readonly T[],
  look?: 'stack',
): Html {
  // Where style sheets make rows into boxes, some browsers forget that it is a table.
  const role = (name: string) => look && html` role="${name}"`;
  const heads = columns.map(
    ({ head, look: own }) => html`<th scope="col"${role('columnheader')}${own && html` class="${own}"`}>${head}</th>`,
  );
  const rows = items.slice(0, MOST_ROWS).map(
    (item) => html`<tr${role('row')}>${columns.map((column, index) => cellOf(column, item, index === 0, role))}</tr>
`,
  );
  return html`<table${look && html` class="${look}"`}${role('table')}>
<caption class="unseen">${caption}</caption>
<thead${role('rowgroup')}><tr${role('row')}>${heads}</tr></thead>
<tbody${role('rowgroup')}>
${rows}</tbody>
</table>
${cutNote(items.length)}`;
}

function cellOf<T>({ cell, look }: Column<T>, item: T, first: boolean, role: (name: string) => Html | undefined): Html {
  const own = look && html` class="${look}"`;
  return first
    ? html`<th scope="row"${role('rowheader')}${own}>${cell(item)}</th>`
    : html`<td${role('cell')}${own}>${cell(item)}</td>`;
}

export function list<T>(items: readonly T[], itemOf: (item: T) => HtmlValue, look?: string): Html {
  return html`<ul${look && html` class="${look}"`}>
${items.slice(0, MOST_ROWS).map((item) => html`<li>${itemOf(item)}</li>\n`)}</ul>
${cutNote(items.length)}`;
}

export function cutNote(total: number): Html | undefined {
  if (total <= MOST_ROWS) return undefined;
  return html`<p class="note">Cut here: ${total - MOST_ROWS} more of ${total} in <code>fusegate-result.json</code>.</p>`;
}

/** Names and values; pairs without a value are left out. */
export function definitions(pairs: ReadonlyArray<readonly [string, HtmlValue]>, look = 'pairs'): Html | undefined {
  const known = pairs.filter(([, value]) => value !== undefined && value !== false && value !== '').slice(0, MOST_ROWS);
  if (known.length === 0) return undefined;
  return html`<dl class="${look}">
${known.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
`;
}

/** Text that people copy: ids, hashes, paths, keys. */
export function copied(text: string | undefined): Html | undefined {
  return text === undefined || text === '' ? undefined : html`<code>${text}</code>`;
}

/** A name that heads a row or a section: never empty, whatever was stripped from it. */
export function named(text: string): string {
  return plainLine(text) === '' ? 'no visible name' : text;
}

export interface Section {
  id: string;
  title: string;
  body: Html;
  /** Closed on a screen and open on paper: what few readers need. */
  folded?: boolean;
}

export function sectionMarkup({ id, title, body, folded }: Section): Html {
  return folded
    ? html`<details id="${id}">
<summary><h2>${title}</h2></summary>
${body}</details>
`
    : html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}</section>
`;
}
