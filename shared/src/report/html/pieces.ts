/** Tables, definition lists and sections: the pieces of the HTML report, each with the semantics that assistive technology needs. */
import { plainLine } from '../../text/untrusted-text.ts';
import { type Html, type HtmlValue, html } from './template.ts';

/** A browser can still scroll and print this many rows; the whole list is in the result. */
const MOST_ROWS = 1000;

export interface Column<T> {
  head: string;
  cell: (item: T) => HtmlValue;
  /** A class for its cells. */
  look?: 'wide' | 'number';
}

/**
 * A table whose first column heads its rows. On a narrow screen the style sheet turns each row into a card. The roles are explicit, because
 * browsers differ in how they expose a table that is not displayed as one.
 *
 * @param look `even`: columns as wide as in the tables around it
 * @param caption read out before the table; not shown, because the heading above says the same
 */
export function dataTable<T>(
  caption: string,
  columns: ReadonlyArray<Column<T>>,
  items: readonly T[],
  look?: 'even',
): Html {
  const heads = columns.map(
    ({ head, look }) => html`<th scope="col" role="columnheader"${look && html` class="${look}"`}>${head}</th>`,
  );
  const rows = items.slice(0, MOST_ROWS).map(
    (item) => html`<tr role="row">${columns.map((column, index) => cellOf(column, item, index === 0))}</tr>
`,
  );
  return html`<table role="table"${look && html` class="${look}"`}>
<caption class="unseen">${caption}</caption>
<thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup">
${rows}</tbody>
</table>
${cutNote(items.length)}`;
}

function cellOf<T>({ head, cell, look }: Column<T>, item: T, first: boolean): Html {
  const look_ = look && html` class="${look}"`;
  return first
    ? html`<th scope="row" role="rowheader"${look_}>${cell(item)}</th>`
    : html`<td role="cell" data-label="${head}"${look_}>${cell(item)}</td>`;
}

export function list<T>(items: readonly T[], itemOf: (item: T) => HtmlValue, look?: string): Html {
  return html`<ul${look && html` class="${look}"`}>
${items.slice(0, MOST_ROWS).map((item) => html`<li>${itemOf(item)}</li>\n`)}</ul>
${cutNote(items.length)}`;
}

function cutNote(total: number): Html | undefined {
  if (total <= MOST_ROWS) return undefined;
  return html`<p class="note">Cut here: ${total - MOST_ROWS} more of ${total} in <code>fusegate-result.json</code>.</p>`;
}

/** Names and values; pairs without a value are left out. */
export function definitions(pairs: ReadonlyArray<readonly [string, HtmlValue]>, look = 'pairs'): Html {
  const known = pairs.filter(([, value]) => value !== undefined && value !== false && value !== '').slice(0, MOST_ROWS);
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
  /** As the heading and as the link in the list of sections. */
  title: string;
  body: Html;
}

export function sectionMarkup({ id, title, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}</section>
`;
}
