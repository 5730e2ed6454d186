/**
 * All masking happens here: everything printed or written for people goes through it.
 *
 * A secret of six or more characters is masked wherever it occurs, in any of its forms. A shorter one is masked only as a whole word, or a
 * password `sun` would black out every log. Secrets that are ordinary words are left alone inside ids, hashes and paths, where they occur
 * by chance and where masking would destroy what a reader needs. A long or mixed secret does not occur by chance, so it is masked there too.
 */

import { APP_KINDS } from '../model/run-request.ts';
import { Secret } from '../model/secret.ts';
import { UUID_FORM } from '../model/uuid.ts';
import { derivedForms, SHORTEST_SUBSTRING, SHORTEST_WORD } from './derived-forms.ts';
import { isPublicWord } from './public-words.ts';

export const MASK = '***';

/** A value this short, with one kind of character, is likely to be a word or number that also occurs elsewhere. */
const ORDINARY = /^([a-z]{1,11}|[A-Z]{1,11}|[A-Z][a-z]{1,10}|\d{1,11}|[0-9a-f]{1,11}|[0-9A-F]{1,11})$/;

const HASH = /(?<![0-9a-z])[0-9a-f]{40,128}(?![0-9a-z])/;
/** com.example.app: three parts at least, so that a host name in a sentence does not match. */
const BUNDLE_ID = /(?<![\w.@/-])[a-z][\w-]*(?:\.[a-z][\w-]*){2,}(?![\w-])/;
/** A file path: folders separated by / or \\, absolute or not; never part of a URL. */
const PATH = /(?<![\w:/\\.-])(?:[a-z]:[\\/]|\.{0,2}[\\/])?(?:[\w@+~.-]+[\\/])+[\w@+~.-]*(?![\w:/\\])/;
const EXTENSIONS = [...APP_KINDS, 'pdf', 'json', 'xml', 'md', 'env', 'jks', 'keystore', 'p12'];
const FILE_NAME = new RegExp(String.raw`(?<![\w/\\.-])[\w@+~.-]+\.(?:${EXTENSIONS.join('|')})(?![\w/\\])`);
const SPARED = new RegExp(
  [UUID_FORM, ...[HASH, PATH, FILE_NAME, BUNDLE_ID].map(({ source }) => source)].join('|'),
  'gi',
);

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function alternatives(forms: Iterable<string>): string {
  return [...forms]
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join('|');
}

function sparedSpans(text: string): Array<{ start: number; end: number }> {
  return Array.from(text.matchAll(SPARED), (match) => ({ start: match.index, end: match.index + match[0].length }));
}

export class Masker {
  readonly #everywhere = new Set<string>();
  readonly #ordinary = new Set<string>();
  readonly #words = new Set<string>();
  #everywherePattern: RegExp | undefined;
  #ordinaryPattern: RegExp | undefined;

  add(secret: Secret | string): void {
    const value = secret instanceof Secret ? secret.reveal() : secret;
    if (isPublicWord(value)) return;
    for (const form of derivedForms(value)) this.#setFor(form)?.add(form);
    this.#compile();
  }

  #setFor(form: string): Set<string> | undefined {
    if (form.length >= SHORTEST_SUBSTRING) return ORDINARY.test(form) ? this.#ordinary : this.#everywhere;
    return form.length >= SHORTEST_WORD ? this.#words : undefined;
  }

  #compile(): void {
    this.#everywherePattern = this.#everywhere.size > 0 ? new RegExp(alternatives(this.#everywhere), 'gu') : undefined;
    const parts = [
      ...(this.#ordinary.size > 0 ? [alternatives(this.#ordinary)] : []),
      ...(this.#words.size > 0 ? [`(?<![\\p{L}\\p{N}_])(?:${alternatives(this.#words)})(?![\\p{L}\\p{N}_])`] : []),
    ];
    this.#ordinaryPattern = parts.length > 0 ? new RegExp(parts.join('|'), 'gu') : undefined;
  }

  /** @returns the text with every known secret replaced by `***` */
  mask(text: string): string {
    const pattern = this.#everywherePattern;
    const masked = pattern ? text.replace(pattern, MASK) : text;
    if (!this.#ordinaryPattern) return masked;
    const spared = sparedSpans(masked);
    return masked.replace(this.#ordinaryPattern, (found: string, ...rest: unknown[]) => {
      const start = rest.find((each) => typeof each === 'number') ?? 0;
      const inside = spared.some((span) => span.start <= start && start + found.length <= span.end);
      return inside ? found : MASK;
    });
  }
}

/** @returns a masker that knows these secrets */
export function maskerOf(secrets: Iterable<Secret | string>): Masker {
  const masker = new Masker();
  for (const secret of secrets) masker.add(secret);
  return masker;
}
