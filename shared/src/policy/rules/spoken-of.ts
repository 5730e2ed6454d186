/**
 * Whether wording that was not understood mentions a protection: rule 2 of the verdict. In any spelling, since hiding a name from this
 * check would hide a denial.
 */

import { lookUpName } from '../../catalogue/name-index.ts';
import type { Mention } from '../../model/certificate.ts';
import { lettersOf, matchIndices, wordsOf } from '../../text/letters.ts';
import { normaliseName, SIGNS } from '../../text/normalise.ts';
import { withoutWhiteSpace } from '../../text/white-space.ts';

/** Fewer letters occur in other words by chance. */
const TELLING = 8;
/** Separates words that are not adjacent. */
const BREAK = '\n';

export interface SpokenNames {
  /** The names of one protection, normalised. */
  own: readonly string[];
  /** Printed names, verbatim, that the policy uses for something. */
  claimed: ReadonlySet<string>;
}

export function speaksOf(mention: Speech, names: SpokenNames): boolean {
  const { words, starts, text } = lettersIn(mention);
  const wordAt = (place: number) => starts.findLastIndex((start) => start <= place);
  /** Inside one word, only that word counts. */
  const counts = (from: number, to: number) => {
    const word = wordAt(from);
    return word !== wordAt(to - 1) || !(mention.joined || isOthers(words[word] ?? '', names));
  };
  return names.own.some((name) => {
    const form = lettersOf(name);
    if (form === '') return false;
    const places = matchIndices(form, text).filter((at) => counts(at, at + form.length));
    if (form.length >= TELLING) return places.length > 0;
    const isEdge = (at: number) => at === text.length || starts.includes(at);
    return (
      places.some((at) => isEdge(at) && isEdge(at + form.length)) ||
      (!mention.joined && words.some((word) => !isOthers(word, names) && hasWords(word, form)))
    );
  });
}

type Speech = Pick<Mention, 'text' | 'words' | 'joined'>;

interface Letters {
  words: readonly string[];
  /** The index in `text` of each word's first letter. */
  starts: number[];
  text: string;
}

const seen = new WeakMap<Speech, Letters>();

/** Cached, since every rule searches the same mentions. */
function lettersIn(mention: Speech): Letters {
  const before = seen.get(mention);
  if (before !== undefined) return before;
  const words = mention.words ?? [mention.text];
  const starts: number[] = [];
  let text = '';
  for (const word of words) {
    starts.push(text.length);
    text += word === '' ? BREAK : lettersOf(word);
  }
  const letters = { words, starts, text };
  seen.set(mention, letters);
  return letters;
}

/** A short name must match one or several whole words of the text, or their plural. */
function hasWords(text: string, form: string): boolean {
  const letters = [...form].join(' ?');
  return new RegExp(`(?:^| )${letters}s?(?: |$)`, 'u').test(wordsOf(text).join(' '));
}

/** The exact name of another protection is about that one. */
function isOthers(word: string, { own, claimed }: SpokenNames): boolean {
  if (own.some((name) => lettersOf(name) === lettersOf(word))) return false;
  return claimed.has(word.trim()) || isCatalogueName(word);
}

const NAMES = new Set<string | undefined>(['display', 'key', 'event', 'inferred-event', 'suggested']);

function isCatalogueName(text: string): boolean {
  return NAMES.has(lookUpName(text)?.as);
}

/**
 * Whether a printed name that is not the protection's own says something about it: `Root Detection Off` beside `Root Detection`, or its own
 * name with a sign that may mean "not".
 */
export function printedNameSpeaksOf(printed: string, names: SpokenNames): boolean {
  if (names.own.includes(normaliseName(printed))) return !isPlain(printed);
  return lookUpName(printed) === undefined && speaksOf({ text: printed }, names);
}

/** Whether nothing surrounds a printed name except trademark signs and quotation marks. */
export function isPlain(printed: string): boolean {
  return /^[\p{L}\p{N}](?:.*[\p{L}\p{N})])?$/su.test(withoutWhiteSpace(printed.replace(SIGNS, '')));
}
