/**
 * Reads the block APPDOME MOBILE APP SECURITY: categories with their rows of chips, the lines of threat intelligence, and the missing
 * listeners (appdome-api.md §6.2).
 *
 * A fact is `present` only if everything on the path to it is known wording in its known place (`known-wording.ts`). Everything else is
 * unread, and affects the text below it: see `#touch`. Nothing is guessed, and no word counts as a "no".
 */
import type { Fact, FeatureFact, Wording, WordingKind } from '../model/certificate.ts';
import { defined } from '../model/defined.ts';
import { withoutWhiteSpace } from '../text/white-space.ts';
import type { CertificateSection } from './certified-secure-sections.ts';
import { intelligenceLine } from './intelligence-lines.ts';
import * as known from './known-wording.ts';
import { joined, type Paragraph, placeOf, SAME_ROW, type Span } from './page-layout.ts';

export interface SecurityBlock {
  features: FeatureFact[];
  missingListeners: Fact[];
  /** Top to bottom. */
  unread: PlacedWording[];
  listenerDoubts: PlacedWording[];
  /** Whether the line Optimize Build, which ends the block, is there. */
  ended: boolean;
}

export interface PlacedWording {
  wording: Wording;
  /** From its first line to the last one that it may belong to, from the top of the first page downwards. */
  top: number;
  bottom: number;
}

/** Labels and headings begin at x = 65 to 68; the title, lines and warning of the intelligence part at 89 to 93. */
const ROW_COLUMN = { from: 61, to: 71 };
const INNER_COLUMN = { from: 85, to: 97 };
/** Sizes are at the right edge, from x = 505. */
const SIZE_COLUMN = 450;
/** Titles, headings and labels are set in 10 points, chips, lines and the warning in 8. */
const NORMAL_TYPE = { from: 9.5, to: 10.5 };
const SMALL_TYPE = { from: 7.5, to: 8.5 };
/** On real certificates a wrapped line of chips is about 29 below the previous one; the next label is 34 below. */
const CHIP_ROW_PITCH = { from: 24, to: 32.5 };
/** From the end of a label or a chip to the next chip: 27 or more. Anything nearer is in the same frame. */
const CHIP_GAP = 20;
const SAME_EDGE = 4;

const CHIP = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/u;
const SIZE_DELTA = /^[+-] ?\d+(?:\.\d+)?[KMG]?B?$/u;

type Part = 'categories' | 'intelligence' | 'listeners' | 'end';

/** What a piece of text is, judging by its wording, place and size alone. */
type Role =
  | 'other-title'
  | 'heading'
  | 'label'
  | 'intelligence-title'
  | 'warning'
  | 'end'
  | 'unknown-title'
  | 'unknown-heading'
  | 'unknown-label'
  | 'line'
  | 'chip'
  | 'text';

/** The pieces on one baseline, left to right. */
type PageRow = Paragraph[];

function within(value: number, { from, to }: { from: number; to: number }): boolean {
  return value >= from && value <= to;
}

const isSmall = ({ first }: Paragraph) => within(first.size, SMALL_TYPE);
const isNormal = ({ first }: Paragraph) => within(first.size, NORMAL_TYPE);
const standsIn = ({ first }: Paragraph, column: { from: number; to: number }) => within(first.x, column);

function isChip(piece: Paragraph): boolean {
  return isSmall(piece) && piece.lines.length === 1 && CHIP.test(piece.first.text);
}

/** `+ 5.44M` at the right edge: how much the block, or the rest of it, adds to the app. */
function isSizeDelta(piece: Paragraph): boolean {
  const { lines, first } = piece;
  return lines.length === 1 && first.x > SIZE_COLUMN && isNormal(piece) && SIZE_DELTA.test(first.text);
}

function toRows(pieces: readonly Paragraph[]): PageRow[] {
  const rows: PageRow[] = [];
  for (const piece of [...pieces].sort((a, b) => a.first.top - b.first.top || a.first.x - b.first.x)) {
    const row = rows.at(-1);
    if (row?.[0] !== undefined && piece.first.top - row[0].first.top <= SAME_ROW) row.push(piece);
    else rows.push([piece]);
  }
  for (const row of rows) row.sort((a, b) => a.first.x - b.first.x);
  return rows;
}

/** A row of chips while it is being read. */
interface ChipRow {
  label: Span;
  role: 'plugin' | 'parameter';
  /** The label, if it is unknown. */
  unread: Wording[];
  facts: Draft[];
  /** Its lines of chips, each with its last chip. */
  lines: Span[];
  /** Left edge of the first line. */
  left: number;
}

interface Draft {
  fact: Omit<FeatureFact, 'presence' | 'unread'>;
  top: number;
  unread: Set<Wording>;
  /** All chips of its row. */
  row?: Draft[];
}

interface Unread extends PlacedWording {
  /** It could be, or belong to, the part that lists missing listeners. */
  doubtful: boolean;
  /** Above the block. */
  above?: true;
}

/**
 * @param section the block, with lines of other paragraphs that lie over it
 * @param above wording above the block's title that was not understood
 */
export function readSecurityBlock(section: CertificateSection, above: readonly PlacedWording[]): SecurityBlock {
  const foreign = section.overrun.map((line): Paragraph => ({ lines: [line], first: line, last: line }));
  const rows = toRows([...foreign, ...section.body.filter((piece) => !isSizeDelta(piece))]);
  const reader = new BlockReader(section.heading, known.BLOCK_TITLE.exec(section.title)?.[1], new Set(foreign), above);
  for (const [index, row] of rows.entries()) {
    // A whole certificate has fewer pieces of text than this; if so many are not understood, it is not a list.
    if (reader.unreadCount > UNREAD_LIMIT) return { ...reader.finish(), features: [], ended: false };
    reader.read(row, rows.slice(index + 1, index + 1 + LOOK_AHEAD));
  }
  return reader.finish();
}

const UNREAD_LIMIT = 200;

/** Rows between a heading and its first label. */
const LOOK_AHEAD = 4;

class BlockReader {
  readonly #title: Paragraph | undefined;
  readonly #setName: string | undefined;
  /** Text of other sections, which starts nothing here. */
  readonly #foreign: ReadonlySet<Paragraph>;
  readonly #drafts: Draft[] = [];
  readonly #unread: Unread[] = [];
  readonly #listeners: Fact[] = [];
  /** Unread wording that affects every fact from here to the end of the block. */
  readonly #touching: Wording[] = [];
  /** The same, up to the end of the categories: headings with rows of their own. */
  #headings: Wording[] = [];
  /** Tops of the rows with something that is understood, downwards. */
  readonly #understood: number[] = [];
  #part: Part = 'categories';
  /** Below an unknown title there may be both rows and lines. */
  #underUnknownTitle = false;
  #category: string | undefined;
  #row: ChipRow | undefined;
  /** The known title. */
  #intelligence: Paragraph | undefined;
  /** Top of the title, known or not, below which lines and the warning may be. */
  #linesFrom = 0;
  #warning: Paragraph | undefined;
  #lines = 0;

  constructor(
    title: Paragraph | undefined,
    setName: string | undefined,
    foreign: ReadonlySet<Paragraph>,
    above: readonly PlacedWording[],
  ) {
    this.#title = title;
    this.#setName = setName;
    this.#foreign = foreign;
    for (const placed of above) this.#unread.push({ ...placed, doubtful: true, above: true });
    this.#touching.push(...above.map(({ wording }) => wording));
  }

  get unreadCount(): number {
    return this.#unread.length;
  }

  read(row: PageRow, below: readonly PageRow[]): void {
    const roles = row.map((piece) => ({ piece, role: this.#roleOf(piece, row, below) }));
    // Pieces that start something come first: the rest of their row, on both sides, belongs to them.
    roles.sort((a, b) => rank(a.role) - rank(b.role));
    let isUnderstood = false;
    for (const { piece, role } of roles) {
      const before = this.#unread.length;
      if (BEGINS.has(role)) this.#begin(piece, role, below);
      else this.#content(piece, role);
      if (this.#unread.length === before) isUnderstood = true;
    }
    if (isUnderstood && row[0] !== undefined) this.#understood.push(row[0].first.top);
  }

  finish(): SecurityBlock {
    // Real certificates omit a title with nothing below it.
    if (this.#title !== undefined && this.#drafts.length === 0) this.#note(this.#title, 'title', true);
    if (this.#intelligence !== undefined && this.#lines === 0) this.#note(this.#intelligence, 'title', true);
    if (this.#warning !== undefined && this.#listeners.length === 0) this.#note(this.#warning, 'text', true);
    const unread = this.#unread.toSorted((a, b) => a.top - b.top);
    this.#reach(unread.filter(({ above }) => !above));
    return {
      features: this.#drafts.map(toFact),
      missingListeners: this.#listeners,
      unread,
      listenerDoubts: unread.filter(({ doubtful }) => doubtful),
      ended: this.#part === 'end',
    };
  }

  /**
   * Between two understood rows, all unread text may be about one thing, and text that begins nothing about the row above it. It may also be
   * about what is unread on the row below, if that is nearer.
   */
  #reach(unread: readonly Unread[]): void {
    const isBelow = (row: number, top: number) => row - top > SAME_ROW;
    for (const one of unread) {
      const { top, wording } = one;
      const above = this.#understood.findLast((row) => !isBelow(row, top));
      const below = this.#understood.find((row) => isBelow(row, top)) ?? Number.POSITIVE_INFINITY;
      const isNearer = below - top <= top - (above ?? Number.NEGATIVE_INFINITY);
      // They are in order, so it is the last one that reaches farthest.
      const last = unread.findLast((other) => other.top < below || (isNearer && !isBelow(other.top, below)));
      one.bottom = Math.max(one.bottom, last?.top ?? one.bottom);
      if (above === undefined) continue;
      const onRow = this.#drafts.filter((draft) => draft.top >= above && !isBelow(draft.top, top));
      if (wording.kind === 'text') for (const draft of onRow.flatMap(wholeRow)) draft.unread.add(wording);
      // Without the line that ends it, the block could end anywhere below what is understood.
      const isLast = this.#part !== 'end' && below === Number.POSITIVE_INFINITY && isBelow(top, above);
      if (isLast && wording.kind !== 'mode') wording.outside = true;
    }
  }

  #roleOf(piece: Paragraph, row: PageRow, below: readonly PageRow[]): Role {
    if (this.#foreign.has(piece)) return 'text';
    const text = joined(piece);
    const inRowColumn = isNormal(piece) && standsIn(piece, ROW_COLUMN);
    if (inRowColumn && text === known.END_OF_BLOCK) return 'end';
    if (inRowColumn && this.#isOtherTitle(text)) return 'other-title';
    if (known.TITLE_FORM.test(text)) return 'unknown-title';
    if (inRowColumn) return leadRole(piece, row, below);
    if (isNormal(piece) && standsIn(piece, INNER_COLUMN)) {
      return text === known.INTELLIGENCE_TITLE ? 'intelligence-title' : 'unknown-title';
    }
    if (!isSmall(piece)) return 'text';
    if (text === known.LISTENER_WARNING && standsIn(piece, INNER_COLUMN)) return 'warning';
    if (isChip(piece)) return 'chip';
    const isLine = piece.lines.length === 1 && piece.first.x >= INNER_COLUMN.from && intelligenceLine(piece.first);
    return isLine ? 'line' : 'text';
  }

  #isOtherTitle(text: string): boolean {
    const name = known.OTHER_TITLE.exec(text)?.[1];
    return (
      name !== undefined && this.#setName !== undefined && withoutWhiteSpace(name) === withoutWhiteSpace(this.#setName)
    );
  }

  #begin(piece: Paragraph, role: Role, below: readonly PageRow[]): void {
    if (role === 'end' && this.#part !== 'end') {
      this.#part = 'end';
      this.#row = undefined;
    } else if (role === 'warning' && this.#hasLines()) {
      this.#warning = piece;
      this.#part = 'listeners';
    } else if (this.#part !== 'categories') this.#touch(piece, role === 'unknown-title' ? 'title' : 'text', true);
    else this.#beginInCategories(piece, role, below);
  }

  #beginInCategories(piece: Paragraph, role: Role, below: readonly PageRow[]): void {
    const before = this.#row;
    this.#row = undefined;
    switch (role) {
      case 'intelligence-title':
        this.#part = 'intelligence';
        this.#intelligence = piece;
        this.#linesFrom = piece.first.top;
        this.#headings = [];
        break;
      case 'other-title':
        this.#category = 'Other';
        break;
      case 'heading':
        this.#category = joined(piece);
        break;
      case 'unknown-title':
        this.#underUnknownTitle = true;
        this.#linesFrom = piece.first.top;
        this.#category = joined(piece);
        this.#touch(piece, 'title', !hasRows(below, 'title'), before);
        break;
      case 'unknown-heading':
        this.#category = joined(piece);
        this.#touch(piece, 'heading', false, before);
        break;
      case 'label':
      case 'unknown-label':
        this.#label(piece, role, before);
        break;
      default:
        this.#touch(piece, 'text', true, before);
    }
  }

  #label(piece: Paragraph, role: 'label' | 'unknown-label', before: ChipRow | undefined): void {
    // A row without a category above it is not the known layout.
    if (this.#category === undefined) this.#touch(piece, 'text', true, before);
    this.#row = {
      label: piece.first,
      role: known.ROW_LABELS.get(joined(piece)) ?? 'parameter',
      unread: role === 'label' ? [] : [this.#note(piece, 'label', false)],
      facts: [],
      lines: [],
      left: 0,
    };
  }

  #content(piece: Paragraph, role: Role): void {
    if (this.#part === 'listeners' && isSmall(piece) && piece.first.x >= INNER_COLUMN.from) this.#listener(piece);
    else if (role === 'line' && this.#hasLines() && piece.first.top - this.#linesFrom > SAME_ROW)
      this.#line(piece.first);
    else if (role === 'chip' && this.#row !== undefined && belongs(this.#row, piece.first)) this.#chip(piece.first);
    else this.#touch(piece, 'text', true);
  }

  #hasLines(): boolean {
    return this.#part === 'intelligence' || (this.#part === 'categories' && this.#underUnknownTitle);
  }

  /** Every name below the warning is a missing listener: reading too many is the strict side. */
  #listener(piece: Paragraph): void {
    for (const line of piece.lines) {
      for (const value of line.text.split(',').map((name) => name.trim())) {
        if (value !== '') this.#listeners.push({ value, document: 'pdf', where: placeOf(line) });
      }
    }
  }

  #line(span: Span): void {
    const line = intelligenceLine(span);
    if (line === undefined) return;
    this.#lines += 1;
    const { name, mode: threatEvents } = line;
    const draft = this.#draft(span, { name, role: 'intelligence', threatEvents });
    if (known.isKnownMode(threatEvents)) return;
    const wording: Wording = { kind: 'mode', text: threatEvents, document: 'pdf', where: placeOf(span) };
    this.#unread.push({ wording, top: span.top, bottom: span.top, doubtful: false });
    draft.unread.add(wording);
  }

  #chip(span: Span): void {
    const row = this.#row;
    if (row === undefined) return;
    const draft = this.#draft(span, { name: span.text, role: row.role, ...defined({ category: this.#category }) });
    for (const wording of row.unread) draft.unread.add(wording);
    row.facts.push(draft);
    draft.row = row.facts;
  }

  #draft(span: Span, fact: Omit<FeatureFact, 'presence' | 'unread' | 'document' | 'where'>): Draft {
    const draft: Draft = {
      fact: { ...fact, document: 'pdf', where: placeOf(span) } as const,
      top: span.top,
      unread: new Set([...this.#touching, ...this.#headings]),
    };
    this.#drafts.push(draft);
    return draft;
  }

  #note(piece: Paragraph, kind: WordingKind, doubtful: boolean): Wording {
    const wording: Wording = { kind, text: joined(piece), document: 'pdf', where: placeOf(piece.first) };
    this.#unread.push({ wording, top: piece.first.top, bottom: piece.last.top, doubtful });
    return wording;
  }

  /**
   * Unread text affects everything below it in the block (a heading with rows of its own: only in the categories), everything on its own
   * row or nearer above it than the next row would be, and the whole row of chips that it is in. See `#reach` for what else it may be about.
   */
  #touch(piece: Paragraph, kind: WordingKind, doubtful: boolean, row = this.#row): void {
    const wording = this.#note(piece, kind, doubtful);
    if (this.#part === 'end' || this.#foreign.has(piece)) wording.outside = true;
    const { top } = piece.first;
    if (kind === 'heading') this.#headings.push(wording);
    else this.#touching.push(wording);
    for (const draft of this.#drafts) if (top - draft.top < CHIP_ROW_PITCH.from) draft.unread.add(wording);
    const last = row?.lines.at(-1) ?? row?.label;
    if (row === undefined || last === undefined || top - last.top > CHIP_ROW_PITCH.to) return;
    for (const draft of row.facts) draft.unread.add(wording);
  }
}

const BEGINS: ReadonlySet<Role> = new Set<Role>([
  'end',
  'other-title',
  'unknown-title',
  'intelligence-title',
  'warning',
  'heading',
  'unknown-heading',
  'label',
  'unknown-label',
]);

function rank(role: Role): number {
  if (role === 'intelligence-title') return 0;
  return BEGINS.has(role) ? 1 : 2;
}

/** Text of normal size where labels and headings are. */
function leadRole(piece: Paragraph, row: PageRow, below: readonly PageRow[]): Role {
  const text = joined(piece);
  const hasChips = row.some((other) => isChip(other) && other.first.x > piece.first.right);
  if (hasChips && known.ROW_LABELS.has(text)) return 'label';
  // Beside another label, or on several lines, it could affect more than one row.
  const isAlone =
    piece.lines.length === 1 &&
    row.every((other) => other === piece || !isNormal(other) || !standsIn(other, ROW_COLUMN));
  if (hasChips) return isAlone ? 'unknown-label' : 'text';
  if (known.isKnownHeading(text)) return 'heading';
  // A label without chips is not a row: real certificates omit rows that have none.
  return !text.endsWith(':') && hasRows(below, 'heading') ? 'unknown-heading' : 'text';
}

/** Whether the next thing below is a labelled row of chips; below a title, headings may come between. */
function hasRows(below: readonly PageRow[], above: 'title' | 'heading'): boolean {
  for (const row of below) {
    if (row.some((piece) => isNormal(piece) && standsIn(piece, INNER_COLUMN))) return false;
    const lead = row.find((piece) => isNormal(piece) && standsIn(piece, ROW_COLUMN));
    if (lead === undefined) continue;
    if (leadRole(lead, row, []).endsWith('label')) return true;
    if (above === 'heading' || known.TITLE_FORM.test(joined(lead))) return false;
  }
  return false;
}

/** On the label's baseline, further right on a line of chips, or first on a new line below the last one, at the same left edge. */
function belongs(row: ChipRow, span: Span): boolean {
  const last = row.lines.at(-1);
  if (last === undefined) {
    if (Math.abs(span.top - row.label.top) > SAME_ROW || span.x - row.label.right < CHIP_GAP) return false;
    row.lines.push(span);
    row.left = span.x;
    return true;
  }
  const pitch = span.top - last.top;
  if (Math.abs(pitch) <= SAME_ROW) {
    if (span.x - last.right < CHIP_GAP) return false;
    row.lines[row.lines.length - 1] = span;
    return true;
  }
  if (!within(pitch, CHIP_ROW_PITCH) || Math.abs(span.x - row.left) > SAME_EDGE) return false;
  row.lines.push(span);
  return true;
}

function wholeRow(draft: Draft): Draft[] {
  return draft.row ?? [draft];
}

function toFact({ fact, unread }: Draft): FeatureFact {
  return unread.size === 0 ? { ...fact, presence: 'present' } : { ...fact, presence: 'unknown', unread: [...unread] };
}
