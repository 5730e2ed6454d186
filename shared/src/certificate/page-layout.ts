/**
 * Positioned runs → spans → paragraphs. Knows typography, but nothing about certificates.
 *
 * A PDF has no lines: text objects come in any order (appdome-api.md §6.3), so coordinates decide everything here, and the order of the
 * input makes no difference.
 */
import type { PdfText, TextRun } from './pdf-text.ts';

/** A piece of a span in one font. */
export interface SpanPiece {
  font: string;
  text: string;
}

/** Text that belongs together on one baseline: a label, a value, a chip. */
export interface Span {
  page: number;
  x: number;
  /** Baseline, from the page's lower edge: for telling people where it is. */
  y: number;
  /** Baseline, from the top of the first page downwards across all pages: for comparing. */
  top: number;
  right: number;
  size: number;
  text: string;
  pieces: SpanPiece[];
}

/** Lines of one text below each other: a wrapped sentence, or a single span. */
export interface Paragraph {
  lines: Span[];
  first: Span;
  last: Span;
}

/** Baselines within this distance are one line. On real certificates labels and values differ by up to 2, rows by 10 or more. */
export const SAME_ROW = 4;
/** Runs of one span share their baseline, except for rounding. */
const SAME_BASELINE = 1.5;
/** In multiples of the font size: on real certificates a blank is 0.3, the narrowest gap between two frames 2.0. */
const WORD_GAP = 1.2;
const BLANK = 0.12;
/** Runs that overlap by more do not follow each other. */
const OVERLAP = 0.25;
const SAME_SIZE = 0.3;
const SAME_EDGE = 1.5;
/**
 * In multiples of the font size. On real certificates wrapped lines are 1.2 to 1.5 apart, separate rows 1.7 or more. Anything nearer is a
 * continuation, so never a label or a heading of its own.
 */
const LINE_PITCH = 1.65;

/** @returns `page 1 at 213,1940`: points from the lower left corner */
export function placeOf(span: Span): string {
  return `page ${span.page} at ${Math.round(span.x)},${Math.round(span.y)}`;
}

interface Placed extends TextRun {
  top: number;
}

function place(text: PdfText): Placed[] {
  const offsets: number[] = [];
  let above = 0;
  for (const page of text.pages) {
    offsets.push(above + page.height);
    above += page.height;
  }
  return text.runs.map((run) => ({ ...run, top: (offsets[run.page - 1] ?? 0) - run.y })).sort(inReadingOrder);
}

/** The last keys only make the order independent of the input order. */
function inReadingOrder(a: Placed, b: Placed): number {
  return a.top - b.top || a.x - b.x || a.size - b.size || compare(a.text, b.text) || compare(a.font, b.font);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function continues(span: Span, run: Placed): boolean {
  const gap = run.x - span.right;
  return (
    span.page === run.page &&
    Math.abs(span.top - run.top) <= SAME_BASELINE &&
    Math.abs(span.size - run.size) <= SAME_SIZE &&
    gap <= WORD_GAP * run.size &&
    gap >= -OVERLAP * run.size
  );
}

/** Joins adjacent runs, left to right. */
export function toSpans(text: PdfText): Span[] {
  // Left to right, so that a run finds the span it continues, however its baseline is rounded.
  const runs = place(text).sort((a, b) => a.x - b.x || inReadingOrder(a, b));
  const byRow = new Map<number, Span[]>();
  const spans: Span[] = [];
  for (const run of runs) {
    const row = Math.round(run.top);
    let span: Span | undefined;
    // Counted in steps, not rows: for a huge row number, adding one gives the same number.
    for (let step = -2; step <= 2 && span === undefined; step += 1) {
      span = byRow.get(row + step)?.find((candidate) => continues(candidate, run));
    }
    if (span === undefined) {
      const made = newSpan(run);
      spans.push(made);
      const onRow = byRow.get(row);
      if (onRow === undefined) byRow.set(row, [made]);
      else onRow.push(made);
    } else {
      append(span, run);
    }
  }
  return spans.sort((a, b) => a.top - b.top || a.x - b.x || compare(a.text, b.text));
}

function newSpan(run: Placed): Span {
  const text = run.text.trim();
  const { page, x, y, top, size, font } = run;
  return { page, x, y, top, right: x + run.width, size, text, pieces: [{ font, text }] };
}

function append(span: Span, run: Placed): void {
  const text = run.text.trim();
  const blank = run.x - span.right > BLANK * run.size || run.text.startsWith(' ') ? ' ' : '';
  span.text += `${blank}${text}`;
  span.pieces.push({ font: run.font, text });
  span.right = Math.max(span.right, run.x + run.width);
}

/** Chains spans with the same left edge and size that are as far apart as wrapped lines. */
export function toParagraphs(spans: readonly Span[]): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  // Grouped by left edge, so that not every span of a long page is compared with every other.
  const open = new Map<number, Paragraph[]>();
  for (const span of spans) {
    const edge = Math.round(span.x);
    const candidates = [edge - 2, edge - 1, edge, edge + 1, edge + 2].flatMap((key) => open.get(key) ?? []);
    const paragraph = candidates.find(({ last }) => isNextLine(last, span));
    if (paragraph === undefined) {
      const made = { lines: [span], first: span, last: span };
      paragraphs.push(made);
      const kept = (open.get(edge) ?? []).filter(({ last }) => span.top - last.top <= LINE_PITCH * last.size);
      open.set(edge, [...kept, made]);
    } else {
      paragraph.lines.push(span);
      paragraph.last = span;
    }
  }
  return paragraphs;
}

function isNextLine(last: Span, span: Span): boolean {
  const pitch = span.top - last.top;
  return (
    pitch > SAME_ROW &&
    pitch <= LINE_PITCH * span.size &&
    Math.abs(last.x - span.x) <= SAME_EDGE &&
    Math.abs(last.size - span.size) <= SAME_SIZE
  );
}

/** The paragraph as one line: sentences are joined with blanks, values that wrap anywhere (a hash) with nothing. */
export function joined(paragraph: Paragraph, separator: ' ' | '' = ' '): string {
  return paragraph.lines.map((line) => line.text).join(separator);
}
