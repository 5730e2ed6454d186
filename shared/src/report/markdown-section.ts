/**
 * Markdown pieces of limited size: a table takes rows while there is room and then says how many it left out. Rows are made one by one, so
 * a hostile list of a million names costs no more than the rows shown.
 */

import { followableUrl, markdownCode, markdownLink, markdownText } from '../text/untrusted-text.ts';
import type { ReportedRequirement } from './describe.ts';

/** The shortest cell that still fits a SHA-256 and a sentence. */
export const CELL = 300;

/** Why the rule is there, in its author's words, as Markdown after the rule's name. */
export function whyRequired({ reference }: Pick<ReportedRequirement, 'reference'>): string {
  const { id, reason, link } = reference;
  const url = link === undefined ? undefined : followableUrl(link);
  const parts = [
    id === undefined ? '' : markdownCode(id, CELL),
    reason === undefined ? '' : markdownText(reason, CELL),
    link === undefined ? '' : url === undefined ? markdownText(link, CELL) : markdownLink(link, url),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

/**
 * @param cellsOf one item as Markdown cells, already escaped
 * @param budget UTF-8 bytes that the table may take, including its last line
 */
export function table<T>(
  head: readonly string[],
  items: readonly T[],
  cellsOf: (item: T) => readonly string[],
  budget: number,
): string {
  const lines = [row(head), row(head.map(() => '---'))];
  const { shown, left } = within(items, (item) => row(cellsOf(item)), budget - bytes(lines.join('\n')));
  return [...lines, ...shown, ...(left > 0 ? ['', cutLine(left, items.length)] : [])].join('\n');
}

/** @param textOf one item as Markdown, already escaped */
export function bullets<T>(items: readonly T[], textOf: (item: T) => string, budget: number): string {
  const { shown, left } = within(items, (item) => `- ${textOf(item)}`, budget);
  return [...shown, ...(left > 0 ? [`- ${cutLine(left, items.length)}`] : [])].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cutLine(left: number, of: number): string {
  return `_Cut here: ${left} more of ${of} in fusegate-result.json._`;
}

/** Room for the line that counts what was left out. */
const RESERVE = 160;

function within<T>(
  items: readonly T[],
  lineOf: (item: T) => string,
  budget: number,
): { shown: string[]; left: number } {
  const shown: string[] = [];
  let room = budget - RESERVE;
  for (const item of items) {
    const line = lineOf(item);
    room -= bytes(line) + 1;
    if (room < 0) break;
    shown.push(line);
  }
  return { shown, left: items.length - shown.length };
}

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
