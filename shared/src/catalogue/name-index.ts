/**
 * The catalogue by name. Display names beat keys, keys beat lexical aliases, these beat Threat-Event names, these what people say. A name
 * that was joined to a protection by meaning is kept apart: it says what is meant, and never proves it (design, rule 6). Where several
 * protections could be meant, it says nothing, and the writer must choose.
 */

import { compactName, normaliseName } from '../text/normalise.ts';
import { type CatalogueEntry, type CatalogueEvent, catalogue, entryTitle } from './catalogue.ts';
import { SYNONYMS } from './synonyms.ts';

export type IndexedName =
  /** The display name itself, or the same words written otherwise. */
  | { as: 'display'; entry: CatalogueEntry }
  /** An internal key that certificates print. */
  | { as: 'key'; entry: CatalogueEntry; key: string }
  /** A Threat-Event that the KB pairs with the protection, or that is the same words. */
  | { as: 'event'; entry: CatalogueEntry; event: CatalogueEvent }
  /** Another spelling that was seen, joined by meaning. */
  | { as: 'alias'; entry: CatalogueEntry }
  /** A Threat-Event that was joined by public code or by meaning. */
  | { as: 'inferred-event'; entry: CatalogueEntry; event: CatalogueEvent }
  /** Words that we made up ourselves; no certificate has been seen to print them. */
  | { as: 'suggested'; entry: CatalogueEntry }
  /** What people say for it. */
  | { as: 'synonym'; entry: CatalogueEntry };

/** Names that several protections may go by, and why nobody but the writer can say which. */
export interface NameChoice {
  names: readonly string[];
  why: string;
}

/** Words of an instruction around a name in KB titles ("Use Pin to Host"); they do not change which protection is meant. */
const INSTRUCTION_WORDS = new Set(['use', 'enforce', 'implement', 'appdome']);

function coreWords(name: string): string {
  return normaliseName(name)
    .split('_')
    .filter((word) => !INSTRUCTION_WORDS.has(word))
    .join('');
}

/** Whether an alias is the display name in the same words: other separators, or an instruction in front. */
function isLexicalAlias(alias: string, display: string): boolean {
  return coreWords(alias) === coreWords(display);
}

function isLexicalEvent(event: CatalogueEvent, entry: CatalogueEntry): boolean {
  return entry.name !== undefined && compactName(event.name) === compactName(entry.name);
}

/** First come, first kept: the passes below go from the strongest kind of name to the weakest. */
function buildIndex(entries: readonly CatalogueEntry[]): Map<string, IndexedName> {
  const index = new Map<string, IndexedName>();
  const add = (name: string, indexed: IndexedName) => {
    for (const form of [normaliseName(name), compactName(name)]) {
      if (form !== '' && !index.has(form)) index.set(form, indexed);
    }
  };
  for (const entry of entries) if (entry.name !== undefined) add(entry.name, { as: 'display', entry });
  for (const entry of entries) if (entry.key !== undefined) add(entry.key, { as: 'key', entry, key: entry.key });
  for (const entry of entries) {
    const { name } = entry;
    if (name === undefined) continue;
    for (const alias of entry.aliases) if (isLexicalAlias(alias, name)) add(alias, { as: 'display', entry });
  }
  for (const entry of entries) {
    for (const event of entry.events) {
      const proven = entry.name !== undefined && (event.pairing === 'kb' || isLexicalEvent(event, entry));
      if (proven) add(event.name, { as: 'event', entry, event });
    }
  }
  for (const entry of entries)
    if (entry.suggestedName !== undefined) add(entry.suggestedName, { as: 'suggested', entry });
  for (const entry of entries)
    for (const alias of entry.aliases) if (!lookUpChoice(alias)) add(alias, { as: 'alias', entry });
  for (const entry of entries)
    for (const event of entry.events) add(event.name, { as: 'inferred-event', entry, event });
  const byTitle = new Map(entries.map((entry) => [entryTitle(entry), entry]));
  for (const { said, means, choose } of SYNONYMS) {
    const entry = byTitle.get(means[0] ?? '');
    if (entry && !choose) for (const name of said) add(name, { as: 'synonym', entry });
  }
  return index;
}

/** Built on the first lookup, so that a job without names does not wait for it. */
let index: ReadonlyMap<string, IndexedName> | undefined;

/** @returns what the catalogue has under this name, in its strongest sense */
export function lookUpName(name: string): IndexedName | undefined {
  index ??= buildIndex(catalogue.entries);
  return index.get(normaliseName(name)) ?? index.get(compactName(name));
}

let choices: ReadonlyMap<string, NameChoice> | undefined;

/** @returns what a name could mean, where people use it for several protections */
export function lookUpChoice(name: string): NameChoice | undefined {
  choices ??= new Map(
    SYNONYMS.filter(({ choose }) => choose).flatMap(({ said, means, why }) =>
      said.map((one) => [compactName(one), { names: means, why }]),
    ),
  );
  return choices.get(compactName(name));
}

/** @returns what people say for a protection, and what other sources call it: names that lead to it and never prove it */
export function otherNames(entry: CatalogueEntry): string[] {
  const title = entryTitle(entry);
  const said = SYNONYMS.filter(({ means, choose }) => !choose && means.includes(title)).flatMap(
    (synonym) => synonym.said,
  );
  return [...entry.aliases.filter((alias) => !lookUpChoice(alias)), ...said];
}

/** @returns names that people use for it and for others, so that they do not lead to it alone */
export function vagueNames(entry: CatalogueEntry): string[] {
  const title = entryTitle(entry);
  return SYNONYMS.filter(({ means, choose }) => choose && means.includes(title)).flatMap(({ said }) => said);
}

/** Whether a name is a protection's own: a display name or a key that was seen. */
function isFeatureName(name: string): boolean {
  const found = lookUpName(name);
  return found !== undefined && (found.as === 'display' || found.as === 'key');
}

let eventNames: ReadonlySet<string> | undefined;

/** Whether a name is a Threat-Event's and not a protection's own. Such a name never proves presence (design, rule 2). */
export function isEventName(name: string): boolean {
  eventNames ??= new Set(catalogue.entries.flatMap((entry) => entry.events.map((event) => compactName(event.name))));
  return eventNames.has(compactName(name)) && !isFeatureName(name);
}
