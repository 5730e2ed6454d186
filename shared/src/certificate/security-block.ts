/**
 * The block APPDOME MOBILE APP SECURITY: categories with their `Plugins:` and `Parameters:` rows of chips (appdome-api.md §6.2).
 *
 * Only position and size make a chip: right of a row's label, on its baseline or in a wrapped row below it, in smaller type than the
 * label, one word. People's texts are never set in that size, so none of them becomes a protection. What is not understood is counted
 * and makes the list incomplete; nothing is guessed.
 */
import type { Fact, FeatureFact } from './certificate.ts';
import type { Section } from './certified-secure-sections.ts';
import { readIntelligence } from './intelligence-lines.ts';
import { isSmall, joined, type Paragraph, placeOf, SAME_ROW, type Span } from './page-layout.ts';

export interface SecurityBlock {
  features: FeatureFact[];
  missingListeners: Fact[];
  /** How many pieces of text in the block were not understood. */
  unread: number;
  /** The size line Optimize Build, which ends the block, is there. */
  ended: boolean;
}

/** Labels and headings of this block begin at x = 65 to 68, those of the intelligence lines at 89 to 93. */
const ROW_COLUMN = { from: 61, to: 71 };
const INNER_COLUMN = { from: 80, to: 100 };
/** A wrapped row of chips is about 29 below the one before (rows of the same kind, real ones). */
const CHIP_ROW_PITCH = 36;
const SAME_EDGE = 4;
/** Sizes stand at the right edge, from x = 505. */
const SIZE_COLUMN = 450;

const CHIP = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const SIZE_DELTA = /^[+-] ?\d+(?:\.\d+)?[KMG]?B?$/;
const OTHER_HEADING = /^Other In ".*" FUSION SET$/;
const WARNING = /^The following implementations? for Threat-Events? appears? to be missing:?$/i;

type Zone = 'categories' | 'intelligence' | 'missing' | 'end';

function inColumn(span: Span, column: { from: number; to: number }): boolean {
  return span.x >= column.from && span.x <= column.to;
}

export function readSecurityBlock(section: Section): SecurityBlock {
  const reference = section.heading?.first.size ?? 10;
  const zones: Record<Zone, Paragraph[]> = { categories: [], intelligence: [], missing: [], end: [] };
  let zone: Zone = 'categories';
  let unread = section.overrun;
  let intelligenceTitles = 0;
  for (const paragraph of section.body) {
    if (isSizeDelta(paragraph, reference)) continue;
    const marker = markerOf(paragraph, reference);
    if (marker === 'intelligence') intelligenceTitles += 1;
    if (marker === undefined) zones[zone].push(paragraph);
    // The parts come in this order, each once.
    else if (ORDER.indexOf(marker) > ORDER.indexOf(zone)) zone = marker;
    else unread += 1;
  }
  const categories = readCategories(zones.categories, reference);
  const intelligence = readIntelligence(
    zones.intelligence.flatMap(({ lines }) => lines),
    reference,
  );
  // A title without lines below it was not understood: the real one is left out when it has none.
  if (intelligenceTitles > 0 && intelligence.features.length === 0) unread += 1;
  return {
    features: [...categories.features, ...intelligence.features],
    missingListeners: readMissingListeners(zones.missing),
    unread: unread + categories.unread + intelligence.unread + zones.end.length,
    ended: zone === 'end',
  };
}

const ORDER: readonly Zone[] = ['categories', 'intelligence', 'missing', 'end'];

/** The paragraph that begins a part of the block, if it is one. */
function markerOf(paragraph: Paragraph, reference: number): Zone | undefined {
  const { first } = paragraph;
  const text = joined(paragraph);
  const small = isSmall(first, reference);
  if (inColumn(first, INNER_COLUMN)) {
    if (!small && text === 'APPLICATION THREAT INTELLIGENCE') return 'intelligence';
    if (small && WARNING.test(text)) return 'missing';
  }
  return !small && inColumn(first, ROW_COLUMN) && text === 'Optimize Build' ? 'end' : undefined;
}

/** `+ 5.44M` at the right edge: how much the block, or its rest, adds to the app. */
function isSizeDelta({ lines, first }: Paragraph, reference: number): boolean {
  return lines.length === 1 && first.x > SIZE_COLUMN && !isSmall(first, reference) && SIZE_DELTA.test(first.text);
}

/** Every word below the warning is a listener that is not there: reading too many is the strict side. */
function readMissingListeners(paragraphs: readonly Paragraph[]): Fact[] {
  return paragraphs
    .flatMap(({ lines }) => lines)
    .flatMap((span) =>
      span.text
        .split(/[\s,]+/)
        .filter(Boolean)
        .map((value): Fact => ({ value, document: 'pdf', where: placeOf(span) })),
    );
}

/** A `Plugins:` or `Parameters:` row while its chips are being collected. */
interface Row {
  label: Span;
  role: 'plugin' | 'parameter';
  category?: string;
  /** Baselines of its lines of chips so far, top to bottom. */
  lines: Array<{ top: number; x: number }>;
}

class CategoryReader {
  readonly features: FeatureFact[] = [];
  unread = 0;
  readonly #reference: number;
  #category: string | undefined;
  #row: Row | undefined;

  constructor(reference: number) {
    this.#reference = reference;
  }

  heading(text: string): void {
    this.close();
    this.#category = text;
  }

  label(span: Span): void {
    this.close();
    const role = span.text === 'Plugins:' ? 'plugin' : 'parameter';
    // A row without a category above it is not the layout that we know.
    if (this.#category === undefined) this.unread += 1;
    this.#row = { label: span, role, lines: [], ...(this.#category === undefined ? {} : { category: this.#category }) };
  }

  /** A row without chips was not understood: the real ones are left out when they have none. */
  close(): void {
    if (this.#row !== undefined && this.#row.lines.length === 0) this.unread += 1;
    this.#row = undefined;
  }

  chip(span: Span): void {
    const row = this.#row;
    if (row === undefined || !isSmall(span, this.#reference) || !CHIP.test(span.text) || !this.#belongs(row, span)) {
      this.unread += 1;
      return;
    }
    this.features.push({
      name: span.text,
      role: row.role,
      ...(row.category === undefined ? {} : { category: row.category }),
      presence: 'present',
      document: 'pdf',
      where: placeOf(span),
    });
  }

  /** On the label's baseline, further right on a line of chips, or first of a new line below the last one, at the same left edge. */
  #belongs(row: Row, span: Span): boolean {
    if (span.x <= row.label.right) return false;
    const last = row.lines.at(-1);
    if (last === undefined) {
      if (Math.abs(span.top - row.label.top) > SAME_ROW) return false;
      row.lines.push({ top: span.top, x: span.x });
      return true;
    }
    if (Math.abs(span.top - last.top) <= SAME_ROW) return span.x > last.x;
    const left = row.lines[0]?.x ?? last.x;
    if (span.top - last.top > CHIP_ROW_PITCH || Math.abs(span.x - left) > SAME_EDGE) return false;
    row.lines.push({ top: span.top, x: span.x });
    return true;
  }
}

interface BlockLine {
  top: number;
  spans: Span[];
  /** The paragraph whose first line stands in the row column on this line. */
  lead?: Paragraph;
}

/** Rows of the page, each from left to right, with the label or heading that begins it. */
function toLines(paragraphs: readonly Paragraph[]): BlockLine[] {
  const leads = paragraphs.filter(({ first }) => inColumn(first, ROW_COLUMN));
  const others = paragraphs.filter(({ first }) => !inColumn(first, ROW_COLUMN)).flatMap(({ lines }) => lines);
  const lines: BlockLine[] = leads.map((lead) => ({ top: lead.first.top, spans: [], lead }));
  for (const span of others) {
    const line = lines.find(({ top }) => Math.abs(top - span.top) <= SAME_ROW);
    if (line === undefined) lines.push({ top: span.top, spans: [span] });
    else line.spans.push(span);
  }
  for (const line of lines) line.spans.sort((a, b) => a.x - b.x);
  return lines.sort((a, b) => a.top - b.top);
}

function readCategories(
  paragraphs: readonly Paragraph[],
  reference: number,
): { features: FeatureFact[]; unread: number } {
  const reader = new CategoryReader(reference);
  for (const { lead, spans } of toLines(paragraphs)) {
    if (lead !== undefined) readLead(lead, reader, reference);
    for (const span of spans) reader.chip(span);
  }
  reader.close();
  return { features: reader.features, unread: reader.unread };
}

function readLead(lead: Paragraph, reader: CategoryReader, reference: number): void {
  const text = joined(lead);
  if (isSmall(lead.first, reference)) reader.unread += 1;
  else if (text === 'Plugins:' || text === 'Parameters:') reader.label(lead.first);
  else if (OTHER_HEADING.test(text)) reader.heading('Other');
  // Category headings are indented against the labels by 3 points; a text at the labels' edge is not one.
  else if (lead.first.x > 66.5 && !text.endsWith(':')) reader.heading(text);
  else reader.unread += 1;
}
