import {
  EMISSION,
  type Emission,
  type Face,
  type Measure,
  type Shape,
  type TextRun,
  wrapCharacters,
  wrapText,
} from './text-run.ts';

export const PAGE_WIDTH = 596;
/** Similar to the real document's colours, but not its brand colours. */
export const COLORS = { ink: '#3c4043', pale: '#8a9099', accent: '#1d7f9e', warning: '#d9731a' } as const;

/** The right edge for rows of chips and for values: text must not leave the page. */
const RIGHT_EDGE = 545;

interface RunOptions {
  size?: number;
  face?: Face;
  color?: string;
  emission?: Emission;
  outlined?: boolean;
}

interface ChipRowOptions {
  x: number;
  size: number;
  /** Space from the end of one chip's text to the start of the next one's. */
  gap: number;
  /** From one row's baseline to the next one's. */
  rowHeight: number;
  color?: string;
}

/** A piece of a chip: `Name:` bold and the mode regular are two pieces of one chip. */
export interface ChipPiece {
  text: string;
  face: Face;
}

/**
 * Collects runs and shapes from the top of the page down. Free text is first put on one line: a line break or control character in a name
 * must not move the text below it.
 */
export class PageBuilder {
  readonly runs: TextRun[] = [];
  readonly shapes: Shape[] = [];
  /** Baseline of the last line written. */
  y = 0;
  readonly #measure: Measure;

  constructor(measure: Measure) {
    this.#measure = measure;
  }

  #widthOf(text: string, { size = 10, face = 'regular' }: RunOptions): number {
    return this.#measure(drawable(text), face, size);
  }

  /** Moves down: `page.down(18).text(…)`. */
  down(points: number): this {
    this.y += points;
    return this;
  }

  text(x: number, text: string, options: RunOptions = {}): void {
    const { size = 10, face = 'regular', color = COLORS.ink, emission = EMISSION.main, outlined = false } = options;
    this.runs.push({ x, y: this.y, size, face, text: drawable(text), color, emission, outlined });
  }

  /** Right-aligned, e.g. the size deltas. */
  textRight(right: number, text: string, options: RunOptions = {}): void {
    this.text(right - this.#widthOf(text, options), text, options);
  }

  textCentred(text: string, options: RunOptions = {}): void {
    this.text((PAGE_WIDTH - this.#widthOf(text, options)) / 2, text, options);
  }

  /** A wrapped paragraph; leaves `y` at its last line. */
  paragraph(x: number, text: string, limit: number, lineHeight: number, options: RunOptions = {}): void {
    const { size = 10, face = 'regular' } = options;
    this.#lines(x, wrapText(drawable(text), face, size, limit, this.#measure), lineHeight, options);
  }

  /** The same, wrapped anywhere: how hashes wrap. */
  characters(x: number, text: string, limit: number, lineHeight: number, options: RunOptions = {}): void {
    this.#lines(x, wrapCharacters(text, 'regular', 10, limit, this.#measure), lineHeight, options);
  }

  #lines(x: number, lines: string[], lineHeight: number, options: RunOptions = {}): void {
    for (const [index, line] of lines.entries()) {
      if (index > 0) this.down(lineHeight);
      this.text(x, line, options);
    }
  }

  /** A label, and its value on the same baseline; leaves `y` at the value's last line. */
  labelled(labelX: number, label: string, valueX: number, value: string, options: RunOptions = {}): void {
    const { emission = EMISSION.main, outlined = false } = options;
    this.text(labelX, label, { outlined, emission });
    const own = emission === EMISSION.detachedLabel ? EMISSION.main : emission;
    this.paragraph(valueX, value, RIGHT_EDGE - valueX, 12, { ...options, emission: own });
  }

  /** Chips in rows, wrapped where a chip would leave the page; leaves `y` at the last row. */
  chips(
    chips: Array<{ pieces: ChipPiece[]; marked: boolean }>,
    { x: left, size, gap, rowHeight, color }: ChipRowOptions,
  ): void {
    let x = left;
    for (const { pieces, marked } of chips) {
      const placed = pieces.map(({ text, face }, index) => {
        const plain = drawable(text);
        return { text: plain, face, width: this.#measure(index < pieces.length - 1 ? `${plain} ` : plain, face, size) };
      });
      const width = placed.reduce((sum, piece) => sum + piece.width, 0);
      if (x > left && x + width > RIGHT_EDGE) {
        x = left;
        this.down(rowHeight);
      }
      this.#chipFrame(x, width, marked);
      for (const { text, face, width: advance } of placed) {
        this.text(x, text, { size, face, color: color ?? COLORS.ink });
        x += advance;
      }
      x += gap;
    }
  }

  rule(distance: number): void {
    this.shapes.push({ kind: 'line', x: 65, y: this.y + distance, width: 485, color: '#c9ced4' });
  }

  /** A frame, plus a small mark if Threat-Events is on: on the real certificate it is not text either. */
  #chipFrame(x: number, width: number, marked: boolean): void {
    const left = marked ? x - 22 : x - 6;
    this.shapes.push({
      kind: 'box',
      x: left,
      y: this.y - 13,
      width: x + width + 8 - left,
      height: 20,
      fill: '#ffffff',
      stroke: '#d5dae0',
      radius: 3,
    });
    if (marked) {
      this.shapes.push({ kind: 'box', x: x - 15, y: this.y - 7, width: 7, height: 7, fill: COLORS.accent, radius: 1 });
    }
  }
}

/** Fonts have no glyph for control characters and line breaks, so they become spaces. */
function drawable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
