import { EMISSION, type Emission, type Face, type Measure, type Shape, type TextRun, wrapText } from './text-run.ts';

/** Page width, and colours similar to the real document's but not its brand colours. */
export const PAGE_WIDTH = 596;
export const INK = '#3c4043';
const PALE = '#8a9099';
const ACCENT = '#1d7f9e';
const WARNING = '#d9731a';
export const COLORS = { ink: INK, pale: PALE, accent: ACCENT, warning: WARNING } as const;

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

  /** Moves down and returns the new baseline. */
  down(points: number): number {
    this.y += points;
    return this.y;
  }

  text(x: number, text: string, options: RunOptions = {}): void {
    const { size = 10, face = 'regular', color = INK, emission = EMISSION.main, outlined = false } = options;
    this.runs.push({ x, y: this.y, size, face, text: drawable(text), color, emission, outlined });
  }

  /** Right-aligned, e.g. the size deltas. */
  textRight(right: number, text: string, options: RunOptions = {}): void {
    const { size = 10, face = 'regular' } = options;
    this.text(right - this.#measure(drawable(text), face, size), text, options);
  }

  textCentred(text: string, options: RunOptions = {}): void {
    const { size = 10, face = 'regular' } = options;
    this.text((PAGE_WIDTH - this.#measure(drawable(text), face, size)) / 2, text, options);
  }

  /** A wrapped paragraph; leaves `y` at its last line. */
  paragraph(x: number, text: string, limit: number, lineHeight: number, options: RunOptions = {}): void {
    const { size = 10, face = 'regular' } = options;
    this.lines(x, wrapText(drawable(text), face, size, limit, this.#measure), lineHeight, options);
  }

  /** Lines below one another, the first at `y`; leaves `y` at the last one. */
  lines(x: number, lines: string[], lineHeight: number, options: RunOptions = {}): void {
    for (const [index, line] of lines.entries()) {
      if (index > 0) this.down(lineHeight);
      this.text(x, line, options);
    }
  }

  /** A label, and its value on the same baseline; leaves `y` at the value's last line. */
  labelled(labelX: number, label: string, valueX: number, value: string, options: RunOptions = {}): void {
    this.text(labelX, label, { outlined: options.outlined ?? false, emission: options.emission ?? EMISSION.main });
    const emission = options.emission === EMISSION.detachedLabel ? EMISSION.main : (options.emission ?? EMISSION.main);
    this.paragraph(valueX, value, RIGHT_EDGE - valueX, 12, { ...options, emission });
  }

  /** Chips in rows, wrapped where a chip would leave the page; leaves `y` at the last row. */
  chips(chips: Array<{ pieces: ChipPiece[]; marked: boolean }>, options: ChipRowOptions): void {
    let x = options.x;
    for (const { pieces, marked } of chips) {
      const texts = pieces.map((piece) => ({ ...piece, text: drawable(piece.text) }));
      const width = this.#width(texts, options.size);
      if (x > options.x && x + width > RIGHT_EDGE) {
        x = options.x;
        this.down(options.rowHeight);
      }
      this.#chipFrame(x, width, marked);
      for (const [index, piece] of texts.entries()) {
        this.text(x, piece.text, { size: options.size, face: piece.face, color: options.color ?? INK });
        x += this.#measure(index < texts.length - 1 ? `${piece.text} ` : piece.text, piece.face, options.size);
      }
      x += options.gap;
    }
  }

  rule(distance: number): void {
    this.shapes.push({ kind: 'line', x: 65, y: this.y + distance, width: 485, color: '#c9ced4' });
  }

  #width(pieces: ChipPiece[], size: number): number {
    return pieces.reduce((sum, { text, face }, index) => {
      return sum + this.#measure(index < pieces.length - 1 ? `${text} ` : text, face, size);
    }, 0);
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
      this.shapes.push({ kind: 'box', x: x - 15, y: this.y - 7, width: 7, height: 7, fill: ACCENT, radius: 1 });
    }
  }
}

/** Fonts have no glyph for control characters and line breaks, so they become spaces. */
function drawable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
