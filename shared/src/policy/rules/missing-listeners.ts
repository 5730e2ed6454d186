/**
 * Finds the protection for each listener that the certificate lists as missing: rule 5 of the verdict.
 *
 * A name that pairs with nothing may belong to any protection, so while there is one, no protection that only detects is proven.
 */
import { lookUpName } from '../../catalogue/name-index.ts';
import { isComponent } from '../../catalogue/names.ts';
import type { Fact, Wording } from '../../model/certificate.ts';
import { compactName } from '../../text/normalise.ts';
import { foldWhiteSpace } from '../../text/white-space.ts';
import type { SubjectCondition } from './rule.ts';
import type { Sources } from './sources.ts';

/** What the certificates say about listeners that matters for a protection that only detects. */
export interface MissingListenersOf {
  /** Its own listeners that are listed as missing. */
  own: Fact[];
  /** Listeners listed as missing for an unknown protection. */
  unpaired: Fact[];
  /** Those of `unpaired` that would be its own, were it not for signs around the name. */
  likely: Fact[];
  /** Wording that may mean that one is missing. */
  doubts: Wording[];
  /** The list has no known end, so the warning may be where the reader did not look. */
  unbounded: boolean;
}

export function listenersOf(subject: SubjectCondition, sources: Sources): MissingListenersOf {
  const names = namesOf(subject);
  const aliases = Object.entries(sources.aliases ?? {}).flatMap(([protection, printed]) =>
    printed.map((name) => ({ name, form: compactName(name), own: names.has(compactName(protection)) })),
  );
  const isOwn = (form: string) => names.has(form) || aliases.some((alias) => alias.own && alias.form === form);
  const pairs = (form: string) => isOwn(form) || aliases.some((alias) => alias.form === form) || isCatalogued(form);
  const listed = missingListeners(sources).map((fact) => {
    // A policy may pair what is not the form of a name, but only verbatim.
    const verbatim = aliases.filter(({ name }) => foldWhiteSpace(name) === foldWhiteSpace(fact.value));
    const names = namesIn(fact.value, pairs);
    const forms = names.map(compactName);
    const readable = names.length > 0 && names.every(isListenerName);
    return {
      fact,
      own: verbatim.some(({ own }) => own) || (readable && forms.some(isOwn)),
      paired: verbatim.length > 0 || (readable && forms.every(pairs)),
      likely: [compactName(fact.value), ...forms].some(isOwn),
    };
  });
  const unpaired = listed.filter(({ paired }) => !paired);
  return {
    own: listed.filter(({ own }) => own).map(({ fact }) => fact),
    unpaired: unpaired.map(({ fact }) => fact),
    likely: unpaired.filter(({ likely }) => likely).map(({ fact }) => fact),
    ...listenerDoubts(sources),
  };
}

const LISTENER_NAME = /^[A-Za-z0-9]+(?:[ _-]+[A-Za-z0-9]+)*$/u;

/**
 * Whether a listed listener has the exact form of a name. Comparing names drops every other sign, and a sign may mean something: `…` that
 * more are missing, `(+)` that it is a count.
 */
export function isListenerName(text: string): boolean {
  return LISTENER_NAME.test(text) || lookUpName(text)?.entry.name === text;
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
function namesIn(text: string, pairs: (form: string) => boolean): string[] {
  return isListenerName(text) && pairs(compactName(text)) ? [text] : text.split(/[\s,;]+/u).filter(Boolean);
}

/**
 * A Threat-Event, a display name or a key of a protection. Words that we derived and names matched by meaning do not count. Nor does a
 * component: it reports nothing, so its name does not tell whose listener is missing.
 */
function isCatalogued(form: string): boolean {
  const as = form === '' || isComponent(form) ? undefined : lookUpName(form)?.as;
  return as === 'event' || as === 'inferred-event' || as === 'display' || as === 'key';
}
