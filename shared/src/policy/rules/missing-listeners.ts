/**
 * Finds the protection for each listener that the certificate lists as missing: rule 5 of the verdict.
 *
 * A name that pairs with nothing may belong to any protection, so while there is one, no protection that only detects is proven.
 */
import { lookUpName } from '../../catalogue/name-index.ts';
import { isComponent } from '../../catalogue/names.ts';
import type { Fact, Wording } from '../../model/certificate.ts';
import { compactName } from '../../text/normalise.ts';
import type { SubjectCondition } from './rule.ts';
import type { Sources } from './sources.ts';

/** What the certificates say about listeners that matters for a protection that only detects. */
export interface MissingListenersOf {
  /** Its own listeners that are listed as missing. */
  own: Fact[];
  /** Listeners listed as missing for an unknown protection. */
  unpaired: Fact[];
  /** Wording that may mean that one is missing. */
  doubts: Wording[];
  /** The list has no known end, so the warning may be where the reader did not look. */
  unbounded: boolean;
}

export function listenersOf(subject: SubjectCondition, sources: Sources): MissingListenersOf {
  const names = namesOf(subject);
  const aliases = Object.entries(sources.aliases ?? {}).flatMap(([protection, printed]) =>
    printed.map((name) => ({ name: compactName(name), own: names.has(compactName(protection)) })),
  );
  const isOwn = (form: string) => names.has(form) || aliases.some(({ name, own }) => own && name === form);
  const pairs = (form: string) => isOwn(form) || aliases.some(({ name }) => name === form) || isCatalogued(form);
  const listed = missingListeners(sources).map((fact) => ({ fact, forms: formsOf(fact.value, pairs) }));
  return {
    own: listed.filter(({ forms }) => forms.some(isOwn)).map(({ fact }) => fact),
    unpaired: listed.filter(({ forms }) => !forms.every(pairs)).map(({ fact }) => fact),
    ...listenerDoubts(sources),
  };
}

export function missingListeners(sources: Sources): Fact[] {
  return sources.readable.flatMap((document) => document.missingListeners);
}

export function listenerDoubts(sources: Sources): Pick<MissingListenersOf, 'doubts' | 'unbounded'> {
  return {
    doubts: sources.readable.flatMap((document) => document.listenerDoubts),
    unbounded: sources.pdf !== undefined && !sources.pdf.bounded,
  };
}

/** All names under which its listener may be listed. */
function namesOf(subject: SubjectCondition): Set<string> {
  const names =
    subject.kind === 'feature'
      ? [subject.name, ...subject.events, ...subject.proofs, ...subject.mentions]
      : [subject.printed, ...(subject.events ?? []), ...(subject.actsAs ?? [])];
  return new Set(names.map(compactName));
}

/** Tries the whole text first, since names wrap; several names on one line are separated by their words. */
function formsOf(text: string, pairs: (form: string) => boolean): string[] {
  const whole = compactName(text);
  return pairs(whole)
    ? [whole]
    : text
        .split(/[\s,;]+/u)
        .filter(Boolean)
        .map(compactName);
}

/**
 * A Threat-Event, a display name or a key of a protection. Words that we derived and names matched by meaning do not count. Nor does a
 * component: it reports nothing, so its name does not tell whose listener is missing.
 */
function isCatalogued(form: string): boolean {
  const as = form === '' || isComponent(form) ? undefined : lookUpName(form)?.as;
  return as === 'event' || as === 'inferred-event' || as === 'display' || as === 'key';
}
