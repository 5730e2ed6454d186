import { fitColumns } from '@fusegate/shared/text/progress-text';
import type { TextStream } from './command-io.ts';

const UP_AND_CLEAR = (lines: number) => `\r${lines > 1 ? `\u001b[${lines - 1}A` : ''}\u001b[0J`;
/** For a terminal that does not report its width. */
const DEFAULT_COLUMNS = 80;

/**
 * The last lines of a terminal, redrawn in place. Lines are cut to the terminal's width, because a wrapped line cannot be erased. The
 * cursor stays visible, so that a killed process leaves the terminal as it was.
 */
export class LiveArea {
  readonly #stream: TextStream;
  #drawn = 0;

  constructor(stream: TextStream) {
    this.#stream = stream;
  }

  get columns(): number {
    const { columns } = this.#stream;
    return columns && columns > 0 ? columns : DEFAULT_COLUMNS;
  }

  draw(lines: readonly string[]): void {
    // One column stays free: some terminals wrap as soon as the last one is written.
    const fitting = lines.map((line) => fitColumns(line, this.columns - 1));
    const text = fitting.join('\n');
    if (text === '' && this.#drawn === 0) return;
    this.#stream.write(`${this.#drawn > 0 ? UP_AND_CLEAR(this.#drawn) : ''}${text}`);
    this.#drawn = fitting.length;
  }

  clear(): void {
    if (this.#drawn > 0) this.#stream.write(UP_AND_CLEAR(this.#drawn));
    this.#drawn = 0;
  }
}
