import { columnsOf, fitColumns } from '@fusegate/shared/text/progress-text';
import type { TextStream } from './command-io.ts';

const CLEAR_BELOW = '\u001b[0J';
const CLEAR_LINE = '\u001b[0K';
/** For a terminal that does not report its width. */
const DEFAULT_COLUMNS = 80;

/**
 * The last lines of a terminal, redrawn in place: each change is one write, and new text replaces the old without an empty line in
 * between, so nothing flickers. Lines are cut to the terminal's width, because a wrapped line is hard to erase. The cursor stays visible,
 * so that a killed process leaves the terminal as it was.
 */
export class LiveArea {
  readonly #stream: TextStream;
  #drawn: string[] = [];

  constructor(stream: TextStream) {
    this.#stream = stream;
  }

  get columns(): number {
    const { columns } = this.#stream;
    return columns && columns > 0 ? columns : DEFAULT_COLUMNS;
  }

  draw(lines: readonly string[]): void {
    const start = this.#toStart();
    const text = this.#fit(lines);
    if (text !== '' || start !== '') this.#stream.write(`${start}${text}${start && CLEAR_BELOW}`);
  }

  /** Writes text above the live lines, which are drawn again below it. */
  print(text: string, lines: readonly string[]): void {
    const start = this.#toStart();
    this.#stream.write(`${start}${start && CLEAR_BELOW}${text}\n${this.#fit(lines)}`);
  }

  clear(): void {
    this.draw([]);
  }

  /** The lines that were drawn take more rows if the window has become narrower since. */
  #toStart(): string {
    if (this.#drawn.length === 0) return '';
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(columnsOf(line) / this.columns)), 0);
    return `\r${rows > 1 ? `\u001b[${rows - 1}A` : ''}`;
  }

  #fit(lines: readonly string[]): string {
    // One column stays free: some terminals wrap as soon as the last one is written.
    this.#drawn = lines.map((line) => fitColumns(line, this.columns - 1));
    return this.#drawn.join(`${CLEAR_LINE}\n`);
  }
}
