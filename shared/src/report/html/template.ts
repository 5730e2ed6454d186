/**
 * Keeps markup and text apart by type: in `html\`…\`` every string is escaped as text, and only the output of `html` itself stays markup.
 * Nothing else in a report may write a `<`.
 */
import { htmlSentence, htmlText } from '../../text/untrusted-text.ts';

/** A piece of markup. Its only field is private, so no string can pass for it. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** `undefined` and `false` render as nothing, so that a part can be left out inline. */
export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

/** Attribute values must be in double quotes. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return new Html(strings.reduce((markup, part, index) => `${markup}${markupOf(values[index - 1])}${part}`));
}

/** Our own sentences, in which backticks mark what to type. */
export function sentence(text: string, max?: number): Html {
  return new Html(htmlSentence(text, max));
}

/** Text that may be longer than a log line, such as a command that would be useless when cut. */
export function longText(text: string, max: number): Html {
  return new Html(htmlText(text, max));
}

function markupOf(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.map(markupOf).join('');
  return typeof value === 'number' ? String(value) : htmlText(value);
}
