/**
 * When a name of a certificate may count as proven, said without the reader: of single runs and distances, with no order, no state, no
 * lines and no paragraphs.
 *
 * Every run of the block is known by its own wording, size and column, or it is foreign. A chip may prove where a known label stands on
 * its line, a known heading or title above that, and nothing foreign higher up or on its line. A line of intelligence may prove where it
 * has a known mode, its title above it, and nothing foreign higher up but headings of rows.
 */
import { catalogue } from '@fusegate/shared/catalogue/catalogue';
import type { PdfText, TextRun } from '@fusegate/shared/certificate/pdf-text';

/** Spelt out, and not imported from what it checks. */
const HEADINGS = ['OS Integrity', 'Secure Communication', 'ONEShield by Appdome', ...catalogue.inferredHeadings].map(
  plain,
);
const LABELS = ['Plugins:', 'Parameters:'];
const MODES = ['In-App Detection', 'In-App Defense', 'Threat-Memory', 'Enforce Connection Only'];
const WARNING = 'The following implementations for Threat-Events appear to be missing:';

function plain(text: string): string {
  return text.replace('™', '').replace(/\s+/g, ' ').trim().toLowerCase();
}

const near = (a: number, b: number, by: number) => Math.abs(a - b) <= by;
const isNormal = ({ size }: TextRun) => near(size, 10, 0.5);
const isSmall = ({ size }: TextRun) => near(size, 8, 0.5);
const inRowColumn = ({ x }: TextRun) => near(x, 66, 5);
const inInnerColumn = ({ x }: TextRun) => near(x, 91, 6);
/** On one line: labels and chips differ by 1, rows by 21 and more. */
const LINE = 5.6;

/**
 * Whom a run that is not known speaks of: everything below it, the categories below it where it is a heading of rows, or no more than a
 * row of chips or a line that it belongs to.
 */
type Foreign = { of: 'everything' | 'categories' } | { of: 'row'; lead: TextRun } | { of: 'line'; name: TextRun };

export class PageOracle {
  readonly #block: TextRun[];
  readonly #titles: TextRun[];
  readonly #intelligence: TextRun | undefined;
  readonly #leads = new Map<TextRun, TextRun | undefined>();
  readonly #foreign: Array<{ run: TextRun; foreign: Foreign }> = [];

  /** @param titles the runs of the titles that print the Fusion Set's name, as they were */
  constructor(page: PdfText, titles: readonly TextRun[]) {
    const runs = page.runs.map((run) => ({ ...run, text: run.text.trim() }));
    this.#titles = runs.filter((run) =>
      titles.some((one) => unwrapped(one) === unwrapped(run) && near(one.x, run.x, 6) && near(one.size, run.size, 0.5)),
    );
    const opening = this.#titles.filter((run) => run.text.startsWith('APPDOME ') && near(run.x, 65, 4));
    const top = Math.max(...opening.map(({ y }) => y));
    // What stands higher, if only by a little, is for the property of the rest of the page.
    this.#block = runs.filter(({ y }) => y <= top);
    this.#intelligence = this.#block
      .filter((run) => run.text === 'APPLICATION THREAT INTELLIGENCE' && isNormal(run) && inInnerColumn(run))
      .sort((one, other) => other.y - one.y)[0];
    for (const run of this.#block) {
      const foreign = this.#foreignTo(run);
      if (foreign !== undefined) this.#foreign.push({ run, foreign });
    }
  }

  mayProve(name: string): boolean {
    // What was set as one word is one word: two runs that touch prove what they read like together.
    if (!this.#block.some(({ text }) => text === name || text.startsWith(`${name}:`))) return true;
    return this.#block.some((run) => (run.text === name && this.#mayProveChip(run)) || this.#mayProveLine(run, name));
  }

  #mayProveChip(run: TextRun): boolean {
    const label = this.#leadOf(run);
    if (label === undefined || !isPlainChip(run) || !isLabel(label)) return false;
    const hasHeading = this.#block.some((one) => one.y > label.y - LINE && (isHeading(one) || this.#isOtherTitle(one)));
    return hasHeading && this.#nothingForeign(run);
  }

  #mayProveLine(run: TextRun, name: string): boolean {
    const title = this.#intelligence;
    if (title === undefined || run.y >= title.y || !this.#isLine(run)) return false;
    const isNamed = run.text === `${name}:` || MODES.some((mode) => run.text === `${name}: ${mode}`);
    return isNamed && this.#nothingForeign(run, title);
  }

  /** Nothing foreign from the top of the block down to the line of a run; headings of rows end at a title. */
  #nothingForeign(run: TextRun, title?: TextRun): boolean {
    return !this.#foreign.some(({ run: other, foreign }) => {
      if (other === run) return false;
      if (foreign.of === 'categories' && title !== undefined && other.y > title.y + 4) return false;
      if (foreign.of === 'row') return foreign.lead === this.#leadOf(run);
      if (foreign.of === 'line') return foreign.name === run;
      return other.y >= run.y - 3;
    });
  }

  /** A name with a known mode behind it, in one run or in two. */
  #isLine(run: TextRun): boolean {
    if (!isSmall(run) || run.x < 84) return false;
    if (MODES.some((mode) => run.text.endsWith(`: ${mode}`))) return true;
    return run.text.endsWith(':') && this.#block.some((mode) => MODES.includes(mode.text) && follows(run, mode));
  }

  /** The label on its line, known or not, or on the line that its line goes on from. */
  #leadOf(run: TextRun): TextRun | undefined {
    if (!this.#leads.has(run)) {
      // No run leads itself, however the lines lie.
      this.#leads.set(run, undefined);
      this.#leads.set(run, this.#findLead(run));
    }
    return this.#leads.get(run);
  }

  #findLead(run: TextRun): TextRun | undefined {
    const line = this.#block.filter((other) => near(other.y, run.y, LINE));
    // A known title that stands lower, if only by a little, begins what is below it.
    const isBelow = (other: TextRun) => this.#titles.includes(other) && other.y < run.y - 4;
    const leads = line.filter(
      (other) => isNormal(other) && inRowColumn(other) && other.x + other.width < run.x && !isBelow(other),
    );
    const label = leads.find(isLabel) ?? leads[0];
    if (label !== undefined) return label;
    const first = line.filter(isPlainChip).sort((one, other) => one.x - other.x)[0];
    if (first === undefined) return undefined;
    const before = this.#block.find(
      (other) => isPlainChip(other) && near(other.x, first.x, 5) && near(other.y - first.y, 28, 5),
    );
    return before && this.#leadOf(before);
  }

  /** The name of the line that a run goes on with, right behind it or behind what follows it. */
  #nameBefore(run: TextRun, depth = 3): TextRun | undefined {
    const before = this.#block.filter((other) => isSmall(other) && follows(other, run));
    const name = before.find((other) => NAME.test(other.text));
    if (name !== undefined || depth === 0) return name;
    return before.map((other) => this.#nameBefore(other, depth - 1)).find((found) => found !== undefined);
  }

  /** Where headings stand, with a label of chips next below it, before any other lead or title. It may be set on two lines. */
  #hasRows(run: TextRun): boolean {
    if (!isNormal(run) || !inRowColumn(run)) return false;
    const below = this.#block.filter(
      (one) => isNormal(one) && one.y < run.y - 4 && (inRowColumn(one) || inInnerColumn(one)),
    );
    const [next] = below.sort((one, other) => other.y - one.y);
    if (next === undefined) return false;
    const leads = this.#block.some((chip) => isPlainChip(chip) && this.#leadOf(chip) === next);
    if (!leads && isNextLine(run, next)) return this.#hasRows(next);
    return leads && !run.text.endsWith(':');
  }

  /** What it is set as one line with, to its left. */
  #wordBefore(run: TextRun): TextRun | undefined {
    return this.#block.find((one) => one !== run && isNormal(one) && isNormal(run) && touches(one, run));
  }

  #isOtherTitle(run: TextRun): boolean {
    return this.#titles.includes(run) && run.text.startsWith('Other In ') && inRowColumn(run);
  }

  /** @returns undefined for what is known by its own wording, size and column */
  #foreignTo(run: TextRun): Foreign | undefined {
    if (this.#titles.includes(run) || isHeading(run) || isLabel(run) || isEnd(run) || isSizeDelta(run))
      return undefined;
    if (run === this.#intelligence || isWarning(run) || this.#isLine(run)) return undefined;
    const name = this.#nameBefore(run);
    if (name !== undefined) {
      const isMode = MODES.includes(run.text) && name.text.endsWith(':') && follows(name, run);
      return isMode ? undefined : { of: 'line', name };
    }
    // A mode that is not known speaks of its own name alone.
    if (
      NAME.test(run.text) &&
      isSmall(run) &&
      (!run.text.endsWith(':') || this.#block.some((mode) => follows(run, mode)))
    ) {
      return run.text.endsWith(':') ? undefined : { of: 'line', name: run };
    }
    const lead = isPlainChip(run)
      ? this.#leadOf(run)
      : this.#block.some((chip) => isPlainChip(chip) && this.#leadOf(chip) === run)
        ? run
        : undefined;
    if (lead === undefined) return { of: this.#hasRows(this.#wordBefore(run) ?? run) ? 'categories' : 'everything' };
    return isLabel(lead) ? undefined : { of: 'row', lead };
  }
}

/** Titles wrap: white space in them says nothing. */
const unwrapped = ({ text }: TextRun) => text.replace(/\s+/g, '');
/** A name before its only colon. */
const NAME = /^[^:]+:(?: [^:]+)?$/;
const isLabel = (run: TextRun) => LABELS.includes(run.text) && isNormal(run) && inRowColumn(run);
const isHeading = (run: TextRun) => HEADINGS.includes(plain(run.text)) && isNormal(run) && inRowColumn(run);
const isEnd = (run: TextRun) => run.text === 'Optimize Build' && isNormal(run) && inRowColumn(run);
const isWarning = (run: TextRun) => run.text === WARNING && isSmall(run) && inInnerColumn(run);
const isPlainChip = (run: TextRun) => isSmall(run) && /^[\w.-]+$/.test(run.text);
const isSizeDelta = (run: TextRun) => run.x > 450 && isNormal(run) && /^[+-] ?[\d.]+[KMG]?B?$/.test(run.text);

/** As far below as a wrapped line, at the same edge. */
const isNextLine = (run: TextRun, next: TextRun) => near(run.x, next.x, 2) && run.y - next.y < 1.65 * run.size;

/** Behind a name, as near as a word. */
function follows(name: TextRun, mode: TextRun): boolean {
  return mode !== name && isSmall(mode) && touches(name, mode);
}

function touches(left: TextRun, right: TextRun): boolean {
  const gap = right.x - left.x - left.width;
  return near(right.y, left.y, 1.5) && gap > -3 && gap < 10;
}
