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
import { type SpokenNames, speaksOf } from './spoken-of.ts';

/** What the certificates say about listeners that matters for a protection that only detects. */
export interface MissingListenersOf {
  /** Its own listeners that are listed as missing. */
  own: Fact[];
  /** Listeners listed as missing for an unknown protection, and those that resemble its own, whatever an alias says. */
  unpaired: Fact[];
  /** Those of `unpaired` that resemble its own: with signs around the name, or with more words. */
  likely: Fact[];
  /** Wording that may mean that one is missing. */
  doubts: Wording[];
  /** The list has no known end, so the warning may be where the reader did not look. */
  unbounded: boolean;
}

export function listenersOf(subject: SubjectCondition, sources: Sources): MissingListenersOf {
  const names = namesOf(subject);
  const spoken: SpokenNames = { own: [...names], claimed: new Set() };
  const aliases = aliasesOf(sources).map((alias) => ({ ...alias, own: names.has(compactName(alias.protection)) }));
  const isOwn = (form: string) => names.has(form) || aliases.some((alias) => alias.own && alias.form === form);
  const pairs = (form: string) => isOwn(form) || aliases.some((alias) => alias.form === form) || isCatalogued(form);
  const listed = missingListeners(sources).map((fact) => {
    const verbatim = aliases.filter((alias) => isVerbatim(alias, fact));
    const { forms, readable } = readListener(fact, pairs);
    const own = verbatim.some((alias) => alias.own) || (readable && forms.some(isOwn));
    const likely = !own && ([compactName(fact.value), ...forms].some(isOwn) || speaksOf({ text: fact.value }, spoken));
    return { fact, own, likely, paired: verbatim.length > 0 || (readable && forms.every(pairs)) };
  });
  const unpaired = listed.filter(({ paired, likely }) => !paired || likely);
  return {
    own: listed.filter(({ own }) => own).map(({ fact }) => fact),
    unpaired: unpaired.map(({ fact }) => fact),
    likely: unpaired.filter(({ likely }) => likely).map(({ fact }) => fact),
    ...listenerDoubts(sources),
  };
}

/** What the policy's aliases say about the missing listeners. */
export function listenerAliases(sources: Sources): Array<{ name: string; printed: string }> {
  const aliases = aliasesOf(sources);
  const pairs = (form: string) => aliases.some((alias) => alias.form === form) || isCatalogued(form);
  return missingListeners(sources).flatMap((fact) => {
    const { forms, readable } = readListener(fact, pairs);
    return aliases
      .filter((alias) => isVerbatim(alias, fact) || (readable && forms.includes(alias.form)))
      .map(({ protection }) => ({ name: protection, printed: fact.value }));
  });
}

interface ListenerAlias {
  protection: string;
  /** As the policy writes it. */
  printed: string;
  form: string;
}

function aliasesOf({ aliases = {} }: Sources): ListenerAlias[] {
  return Object.entries(aliases).flatMap(([protection, names]) =>
    names.map((printed) => ({ protection, printed, form: compactName(printed) })),
  );
}

/** A policy may pair what is not the form of a name, but only verbatim. */
function isVerbatim({ printed }: ListenerAlias, { value }: Fact): boolean {
  return foldWhiteSpace(printed) === foldWhiteSpace(value);
}

function readListener({ value }: Fact, pairs: (form: string) => boolean): { forms: string[]; readable: boolean } {
  const names = namesIn(value, pairs);
  return { forms: names.map(compactName), readable: names.length > 0 && names.every(isListenerName) };
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
