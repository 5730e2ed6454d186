/**
 * How results quote text outside the list of protections that is not understood. People's names may be in it, and results may be public,
 * so an allow-list decides: only words of the certificate's own wording and of the catalogue. `explain` prints the whole text.
 */
import { catalogue } from '../catalogue/catalogue.ts';
import type { CertificateDocument, FactName, Facts } from '../model/certificate.ts';
import { lettersOf } from '../text/letters.ts';
import { foldWhiteSpace } from '../text/white-space.ts';
import { COVERED_OS, LABELLED_FACTS } from './certified-secure-facts.ts';
import { END_OF_BLOCK, INTELLIGENCE_TITLE, LISTENER_WARNING } from './known-wording.ts';

/** The sentences and headings of real certificates, without what people write in them (appdome-api.md §6.2). */
const SENTENCES = [
  'Certification For App Preview: App Added by',
  'App Secured via API with Fusion Set by',
  'Added Context via API App Signed via API on Appdome',
  'This app is signed correctly by owner. The app signature will expire on',
  'This certifies that Appdome has secured Version build for Android iOS with the security features identified in this certificate on',
];

const MOST_WORDS = 2;

let words: ReadonlySet<string> | undefined;

function isOwnWord(word: string): boolean {
  words ??= new Set(
    [
      ...[...SENTENCES, COVERED_OS, INTELLIGENCE_TITLE, LISTENER_WARNING, END_OF_BLOCK],
      ...LABELLED_FACTS.map(({ label }) => label),
      ...catalogue.modes.map(({ mode }) => mode),
      ...catalogue.inferredHeadings,
      ...catalogue.entries.flatMap(({ name = '', key = '', events }) => [name, key, ...events.map((one) => one.name)]),
    ]
      .flatMap((text) => text.split(/\s+/u))
      .map(lettersOf),
  );
  const letters = lettersOf(word);
  return letters !== '' && words.has(letters);
}

/** @returns at most its first two words, up to the first that is not the certificate's own, and `…` for the rest */
export function beginningOf(text: string): string {
  const all = foldWhiteSpace(text).split(' ');
  const first = all.slice(0, MOST_WORDS);
  const unknown = first.findIndex((word) => !isOwnWord(word));
  const kept = unknown === -1 ? first : first.slice(0, unknown);
  return kept.length === all.length ? kept.join(' ') : `${kept.join(' ')}…`;
}

/** Facts whose value is read from inside a sentence, in a form of its own; no name fits it. */
const NEVER_A_NAME: ReadonlySet<FactName> = new Set<FactName>([
  'platform',
  'app_build_number',
  'app_added',
  'app_secured',
  'context_added',
  'app_signed',
  'covered_os',
]);

function mayHoldName(name: FactName, value: string): boolean {
  if (NEVER_A_NAME.has(name)) return false;
  const form = LABELLED_FACTS.find((labelled) => labelled.name === name)?.form;
  return form === undefined || form === 'people' || !form.test(value);
}

/** @returns the facts, with only the beginning of values that stand in unread text and could hold a person's name */
export function quotableFacts({ kind, facts, unread, listenerDoubts }: CertificateDocument): Facts {
  if (kind !== 'pdf') return facts;
  const outside = [...unread, ...listenerDoubts].filter((wording) => wording.outside);
  if (outside.length === 0) return facts;
  const places = new Set(outside.map(({ where }) => where));
  const quotable = Object.entries(facts).map(([name, values]) => [
    name,
    values?.map((fact) =>
      places.has(fact.where) && mayHoldName(name as FactName, fact.value)
        ? { ...fact, value: beginningOf(fact.value) }
        : fact,
    ),
  ]);
  return Object.fromEntries(quotable) as Facts;
}
