/**
 * What the demo writes itself: headings, commands, and one live line while something takes long. Without a terminal, a line when it starts
 * and one when it ends.
 */

/** Often enough for a clock of seconds. */
const REDRAW_MS = 500;
/** For a terminal that does not report its width. */
const DEFAULT_COLUMNS = 80;

/** @typedef {{ write(text: string): unknown, isTTY?: boolean, columns?: number }} Stream */

export class Screen {
  #stream;
  #live;
  #colored;

  /**
   * @param {Stream} stream
   * @param {Record<string, string | undefined>} environment
   */
  constructor(stream, environment) {
    this.#stream = stream;
    this.#live = stream.isTTY === true && environment.TERM !== 'dumb';
    this.#colored = this.#live && !environment.NO_COLOR;
  }

  get columns() {
    return this.#stream.columns || DEFAULT_COLUMNS;
  }

  /** @param {string} [text] */
  line(text = '') {
    this.#stream.write(`${text}\n`);
  }

  /** @param {string} text */
  bold(text) {
    return this.#painted('1', text);
  }

  /** @param {string} text */
  dim(text) {
    return this.#painted('2', text);
  }

  /** @param {string} text */
  green(text) {
    return this.#painted('32', text);
  }

  /** @param {string} text */
  red(text) {
    return this.#painted('31', text);
  }

  /** @param {string} text */
  cyan(text) {
    return this.#painted('36', text);
  }

  /**
   * @param {string} code
   * @param {string} text
   */
  #painted(code, text) {
    return this.#colored ? `\u001b[${code}m${text}\u001b[0m` : text;
  }

  /** @param {string} title */
  heading(title) {
    const rule = '─'.repeat(Math.max(0, Math.min(this.columns, 100) - title.length - 4));
    this.line(`\n${this.dim('──')} ${this.bold(title)} ${this.dim(rule)}\n`);
  }

  /** @param {string[]} words of a command; option and value are one word, so that they stay in one row */
  command(words) {
    const [first, ...rest] = commandRows(words, this.columns - 2);
    this.line(this.cyan([`$ ${first}`, ...rest.map((row) => `      ${row}`)].join('\n')));
  }

  /**
   * Does something that takes long, and says so.
   * @template T
   * @param {string} words what is being done
   * @param {(told: (how: string) => void) => Promise<T>} work it may say how far it is
   * @returns {Promise<T>}
   */
  async during(words, work) {
    const began = performance.now();
    const took = () => performance.now() - began;
    let far = '';
    const draw = () =>
      this.#stream.write(`\r${`  ${words}${far}, ${clock(took())}`.slice(0, this.columns - 1)}\u001b[0K`);
    const told = (/** @type {string} */ how) => {
      far = `, ${how}`;
      if (this.#live) draw();
    };
    if (!this.#live) this.line(`${words} …`);
    if (this.#live) draw();
    const timer = this.#live ? setInterval(draw, REDRAW_MS) : undefined;
    const cancelled = () => {
      this.line();
      process.exit(130);
    };
    process.once('SIGINT', cancelled);
    try {
      const done = await work(told);
      this.#end(this.green('✓'), `${words}${far}, ${seconds(took())}`);
      return done;
    } catch (error) {
      this.#end(this.red('!'), `${words}${far}, stopped after ${seconds(took())}`);
      throw error;
    } finally {
      clearInterval(timer);
      process.off('SIGINT', cancelled);
    }
  }

  /**
   * @param {string} mark
   * @param {string} text
   */
  #end(mark, text) {
    this.line(`${this.#live ? '\r\u001b[0K' : ''}${mark} ${this.dim(text)}`);
  }
}

/**
 * A command in rows that a shell reads as one.
 * @param {string[]} words
 * @param {number} columns
 * @returns {string[]}
 */
export function commandRows(words, columns) {
  /** @type {string[]} */
  const rows = [];
  let row = '';
  for (const word of words) {
    const longer = row === '' ? word : `${row} ${word}`;
    // Room for the indent and the backslash.
    if (row !== '' && longer.length > columns - 8) {
      rows.push(`${row} \\`);
      row = word;
    } else row = longer;
  }
  return [...rows, row];
}

/** @param {number} ms */
function clock(ms) {
  const total = Math.floor(ms / 1000);
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`;
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
