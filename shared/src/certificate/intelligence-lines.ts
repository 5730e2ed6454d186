/**
 * The lines under APPLICATION THREAT INTELLIGENCE: `Root Detection: In-App Detection`, the name bold, several on one row
 * (appdome-api.md §6.2).
 */
import type { FeatureFact } from './certificate.ts';
import { isSmall, placeOf, SAME_ROW, type Span } from './page-layout.ts';
import { knownMode } from './threat-event-modes.ts';

interface Entry {
  /** Up to the colon; undefined while no colon was seen. */
  name: string | undefined;
  text: string;
  at: Span;
  row: number;
  /** The name was put together from two rows: two neighbours could have been taken for one. */
  doubtful?: boolean;
}

/** Rows are 29 apart; a line that continues the row before is not further away. */
const ROW_PITCH = 36;

/** A word that says that a protection does not act. Never seen on a certificate; such a line must not prove presence. */
const OFF_WORDS = /^(?:off|none|no|disabled|inactive|not .*)$/i;

/** @param spans all text of the part; each span is one frame */
export function readIntelligence(
  spans: readonly Span[],
  reference: number,
): { features: FeatureFact[]; unread: number } {
  const entries: Entry[] = [];
  let unread = 0;
  let row = 0;
  let last: Span | undefined;
  for (const span of inRows(spans)) {
    if (!isSmall(span, reference) || span.x < 80) {
      unread += 1;
      continue;
    }
    const newRow = last === undefined || span.top - last.top > SAME_ROW;
    const near = last !== undefined && span.top - last.top <= ROW_PITCH;
    if (newRow) row += 1;
    const entry = split(span, row);
    const before = entries.at(-1);
    // Only the first text of a row can continue the last one of the row before.
    if (newRow && near && before !== undefined && before.row === row - 1 && continuesEntry(before, entry))
      merge(before, entry);
    else entries.push(entry);
    last = span;
  }
  const features: FeatureFact[] = [];
  for (const entry of entries) {
    const feature = toFeature(entry);
    if (feature === undefined || feature.presence === 'unknown') unread += 1;
    if (feature !== undefined) features.push(feature);
  }
  return { features, unread };
}

function inRows(spans: readonly Span[]): Span[] {
  const rows: Span[][] = [];
  for (const span of [...spans].sort((a, b) => a.top - b.top || a.x - b.x)) {
    const row = rows.find(([first]) => first !== undefined && Math.abs(first.top - span.top) <= SAME_ROW);
    if (row === undefined) rows.push([span]);
    else row.push(span);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.x - b.x));
}

/** The bold piece ends with the colon; where the whole line is one piece, its only colon divides it. */
function split(span: Span, row: number): Entry {
  const index = span.pieces.findIndex((piece) => piece.text.endsWith(':'));
  if (index >= 0) {
    const words = (pieces: typeof span.pieces) => pieces.map((piece) => piece.text).join(' ');
    return {
      name: words(span.pieces.slice(0, index + 1)).slice(0, -1),
      text: words(span.pieces.slice(index + 1)),
      at: span,
      row,
    };
  }
  const parts = span.text.split(': ');
  if (parts.length === 2) return { name: parts[0] ?? '', text: parts[1] ?? '', at: span, row };
  return { name: undefined, text: span.text, at: span, row };
}

function continuesEntry(before: Entry, next: Entry): boolean {
  if (before.name === undefined) return next.name !== undefined;
  return next.name === undefined && knownMode(before.text) === undefined;
}

function merge(before: Entry, next: Entry): void {
  if (before.name === undefined) {
    before.name = `${before.text} ${next.name ?? ''}`;
    before.text = next.text;
    before.doubtful = true;
  } else {
    before.text = `${before.text} ${next.text}`.trim();
  }
  before.row = next.row;
}

/** undefined = no name and mode in it. An unknown mode is reported as unknown: it may be the word for "off". */
function toFeature(entry: Entry): FeatureFact | undefined {
  const { name, text: mode } = entry;
  if (name === undefined || name.trim() === '' || name.includes(':') || mode === '') return undefined;
  const fact = { name: name.trim(), role: 'intelligence', document: 'pdf', where: placeOf(entry.at) } as const;
  if (entry.doubtful) return { ...fact, presence: 'unknown', rawValue: 'the name wraps into the next row' };
  if (knownMode(mode) !== undefined) return { ...fact, presence: 'present', threatEvents: mode };
  return { ...fact, presence: OFF_WORDS.test(mode) ? 'absent' : 'unknown', rawValue: mode };
}
