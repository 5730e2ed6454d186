/**
 * All masking happens here: everything printed or written for people goes through it.
 *
 * A secret of six or more characters is masked wherever it occurs, in any of its forms. A shorter one is masked only as a whole word, or a
 * password `sun` would black out every log. Secrets that are ordinary words are left alone inside ids, hashes and paths, where they occur
 * by chance and where masking would destroy what a reader needs. A long or mixed secret does not occur by chance, so it is masked there too.
 * A secret that is a word of our own texts is masked in foreign text only: where it enters, before it is part of a sentence of ours.
 */

import { APP_KINDS } from '../model/run-request.ts';
import { Secret } from '../model/secret.ts';
import { UUID_FORM } from '../model/uuid.ts';
import { derivedForms, SHORTEST_SUBSTRING, SHORTEST_WORD } from './derived-forms.ts';
import { isOwnWord, isPublicPassword } from './own-word.ts';

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

interface Span {
  start: number;
  end: number;
}

const BEGINNING = 16;
const PAIRS = 1 << 14;
const NONE: readonly string[] = [];

/** A number of its own for each two characters of ASCII. */
function pairAt(text: string, index: number): number {
  return ((text.charCodeAt(index) << 7) ^ text.charCodeAt(index + 1)) & (PAIRS - 1);
}

/** Finds many texts in one pass, however many and however long they are: a regular expression of them all would have a limit. */
class Needles {
  /** A set only where several begin alike: a key has hundreds of thousands that do not. */
  readonly #byBeginning = new Map<string, string | Set<string>>();
  readonly #beginningLengths = new Set<number>();
  /** Which pairs of first characters there are, by a hash: what keeps the pass fast. */
  readonly #pairs = new Uint8Array(PAIRS);
  #longest = 0;
  /** The beginnings, once somebody looks for a part of one. */
  #sorted: string[] | undefined;

  add(needle: string): void {
    const beginning = needle.slice(0, BEGINNING);
    const others = this.#byBeginning.get(beginning);
    if (others === undefined) this.#byBeginning.set(beginning, needle);
    else if (typeof others === 'string') this.#byBeginning.set(beginning, new Set([others, needle]));
    else others.add(needle);
    this.#beginningLengths.add(beginning.length);
    this.#pairs[pairAt(needle, 0)] = 1;
    this.#longest = Math.max(this.#longest, needle.length);
    this.#sorted = undefined;
  }

  #beginningWith(beginning: string): Iterable<string> {
    const found = this.#byBeginning.get(beginning);
    return typeof found === 'string' ? [found] : (found ?? NONE);
  }

  /** Every occurrence, overlapping ones too, in the order of their starts. */
  in(text: string): Span[] {
    const spans: Span[] = [];
    if (this.#byBeginning.size === 0) return spans;
    for (let start = 0; start < text.length; start += 1) {
      if (this.#pairs[pairAt(text, start)] === 0) continue;
      for (const length of this.#beginningLengths) {
        for (const needle of this.#beginningWith(text.slice(start, start + length))) {
          if (text.startsWith(needle, start)) spans.push({ start, end: start + needle.length });
        }
      }
    }
    return spans;
  }

  /** Where the text breaks off within a needle: from the start of the longest such part to its end. */
  brokenIn(text: string): Span | undefined {
    this.#sorted ??= [...this.#byBeginning.keys()].sort();
    const last = text.length - SHORTEST_WORD;
    for (let start = Math.max(0, text.length - this.#longest + 1); start <= last; start += 1) {
      if (this.#pairs[pairAt(text, start)] !== 0 && this.#beginsWith(text.slice(start)))
        return { start, end: text.length };
    }
    return undefined;
  }

  #beginsWith(part: string): boolean {
    if (part.length >= BEGINNING) {
      const needles = this.#beginningWith(part.slice(0, BEGINNING));
      return [...needles].some((needle) => needle.length > part.length && needle.startsWith(part));
    }
    const sorted = this.#sorted ?? [];
    let from = 0;
    for (let to = sorted.length; from < to; ) {
      const middle = (from + to) >> 1;
      if ((sorted[middle] ?? '') < part) from = middle + 1;
      else to = middle;
    }
    return sorted[from]?.startsWith(part) === true;
  }
}

function sparedSpans(text: string): Span[] {
  return Array.from(text.matchAll(SPARED), (match) => ({ start: match.index, end: match.index + match[0].length }));
}

/** @param spans in the order of their starts */
function masked(text: string, spans: readonly Span[]): string {
  let made = '';
  let at = 0;
  for (const { start, end } of spans) {
    if (start >= at) made += text.slice(at, start) + MASK;
    at = Math.max(at, end);
  }
  return made + text.slice(at);
}

const WORD_CHARACTER = /[\p{L}\p{N}_]/u;

function isWholeWord(text: string, { start, end }: Span): boolean {
  const before = Array.from(text.slice(Math.max(0, start - 2), start)).at(-1) ?? '';
  const after = String.fromCodePoint(text.codePointAt(end) ?? 0x20);
  return !WORD_CHARACTER.test(before) && !WORD_CHARACTER.test(after);
}

/** Whether it is only a part: a secret that makes up the whole of an id or path is not there by chance. */
function isPartOf(span: Span, whole: Span): boolean {
  const isWithin = whole.start <= span.start && span.end <= whole.end;
  return isWithin && whole.end - whole.start > span.end - span.start;
}

export class Masker {
  readonly #everywhere = new Needles();
  /** Words and numbers that may also occur by chance. */
  readonly #ordinary = new Needles();
  /** Those of them that our own texts use. */
  readonly #own = new Needles();

  add(secret: Secret | string): void {
    const value = secret instanceof Secret ? secret.reveal() : secret;
    if (isPublicPassword(value)) return;
    for (const form of derivedForms(value)) this.#needlesFor(form).add(form);
  }

  #needlesFor(form: string): Needles {
    if (isOwnWord(form)) return this.#own;
    return form.length < SHORTEST_SUBSTRING || ORDINARY.test(form) ? this.#ordinary : this.#everywhere;
  }

  /** @returns the text with every known secret replaced by `***`, but for words of our own */
  mask(text: string): string {
    return this.#mask(text, [this.#ordinary]);
  }

  /**
   * For text that is not ours, before it becomes part of a sentence that is.
   * @param end whether the text may break off within a secret; then the part of it that is there is masked, too
   * @returns it with every known secret replaced by `***`
   */
  maskForeign(text: string, end?: 'may be missing'): string {
    const known = this.#mask(text, [this.#ordinary, this.#own]);
    return end === undefined ? known : this.#maskEnd(known);
  }

  /** A character of several bytes may have been cut, too. */
  #maskEnd(text: string): string {
    const whole = text.replace(/\uFFFD+$/, '');
    const parts = [this.#everywhere, this.#ordinary].flatMap((needles) => needles.brokenIn(whole) ?? []);
    const start = Math.min(...parts.map((part) => part.start));
    return parts.length === 0 || isOwnWord(whole.slice(start)) ? text : whole.slice(0, start) + MASK;
  }

  #mask(text: string, byChance: readonly Needles[]): string {
    const known = masked(text, this.#everywhere.in(text));
    const found = byChance.flatMap((needles) => needles.in(known)).sort((a, b) => a.start - b.start);
    if (found.length === 0) return known;
    const spared = sparedSpans(known);
    return masked(
      known,
      found.filter(
        (span) =>
          (span.end - span.start >= SHORTEST_SUBSTRING || isWholeWord(known, span)) &&
          !spared.some((around) => isPartOf(span, around)),
      ),
    );
  }
}

/** @returns a masker that knows these secrets */
export function maskerOf(secrets: Iterable<Secret | string>): Masker {
  const masker = new Masker();
  for (const secret of secrets) masker.add(secret);
  return masker;
}
