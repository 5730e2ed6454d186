/**
 * Markup and text kept apart by type: in `html\`…\`` every string is text and is escaped, and only what was made by `html` itself
 * stays markup. Nothing else in a report may write a `<`.
 */
import { htmlSentence, htmlText } from '../../text/untrusted-text.ts';

/** A piece of markup. Its one field is private to the type system, so that no string passes for it. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** `undefined` and `false` are nothing, so that a part may be left out in place. */
export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

/** Attribute values must stand in double quotes. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return new Html(strings.reduce((markup, part, index) => `${markup}${markupOf(values[index - 1])}${part}`));
}

/** Our own sentences, in which backticks mark what is to be typed. */
export function sentence(text: string, max?: number): Html {
  return new Html(htmlSentence(text, max));
}

/** Text that may be longer than a line of a log, such as a command that is of no use when it is cut. */
export function longText(text: string, max: number): Html {
  return new Html(htmlText(text, max));
}

function markupOf(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.map(markupOf).join('');
  return typeof value === 'number' ? String(value) : htmlText(value);
}
