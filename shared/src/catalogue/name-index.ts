/**
 * The catalogue by name. Precedence: display names, keys, lexical aliases, Threat-Event names, synonyms. A name that was matched to a
 * protection by meaning is kept apart: it tells which protection is meant, but never proves it (design, rule 6). If a name could mean
 * several protections, the index does not pick one; the author must choose.
 */

import { compactName, normaliseName, withoutSeparators } from '../text/normalise.ts';
import { type CatalogueEntry, type CatalogueEvent, catalogue, entryTitle } from './catalogue.ts';
import { SYNONYMS } from './synonyms.ts';

export type IndexedName =
  /** The display name itself, or the same words in another spelling. */
  | { as: 'display'; entry: CatalogueEntry }
  /** An internal key that certificates print. */
  | { as: 'key'; entry: CatalogueEntry; key: string }
  /** A Threat-Event that the KB pairs with the protection, or that uses the same words. */
  | { as: 'event'; entry: CatalogueEntry; event: CatalogueEvent }
  /** Another spelling that was seen, matched by meaning. */
  | { as: 'alias'; entry: CatalogueEntry }
  /** A Threat-Event that was matched by public code or by meaning. */
  | { as: 'inferred-event'; entry: CatalogueEntry; event: CatalogueEvent }
  /** Words that we derived ourselves; no certificate has been seen to print them. */
  | { as: 'suggested'; entry: CatalogueEntry }
  /** What people call it. */
  | { as: 'synonym'; entry: CatalogueEntry };

/** Names that could mean several protections, and why only the author can say which. */
export interface NameChoice {
  names: readonly string[];
  why: string;
}

/** Instruction words around a name in KB titles ("Use Pin to Host"); they do not change which protection is meant. */
const INSTRUCTION_WORDS = new Set(['use', 'enforce', 'implement', 'appdome']);

function coreWords(name: string): string {
  return normaliseName(name)
    .split('_')
    .filter((word) => !INSTRUCTION_WORDS.has(word))
    .join('');
}

/** Whether an alias has the same words as the display name: other separators, or an instruction in front. */
function isLexicalAlias(alias: string, display: string | undefined): boolean {
  return display !== undefined && coreWords(alias) === coreWords(display);
}

function isProvenEvent({ name, pairing }: CatalogueEvent, { name: display }: CatalogueEntry): boolean {
  return display !== undefined && (pairing === 'kb' || compactName(name) === compactName(display));
}

/** The first entry is kept: the passes below go from the strongest kind of name to the weakest. */
function buildIndex(entries: readonly CatalogueEntry[]): Map<string, IndexedName> {
  const index = new Map<string, IndexedName>();
  const add = (name: string, indexed: IndexedName) => {
    const normal = normaliseName(name);
    for (const form of [normal, withoutSeparators(normal)]) {
      if (form !== '' && !index.has(form)) index.set(form, indexed);
    }
  };
  for (const entry of entries) if (entry.name !== undefined) add(entry.name, { as: 'display', entry });
  for (const entry of entries) if (entry.key !== undefined) add(entry.key, { as: 'key', entry, key: entry.key });
  for (const entry of entries) {
    for (const alias of entry.aliases) if (isLexicalAlias(alias, entry.name)) add(alias, { as: 'display', entry });
  }
  for (const entry of entries) {
    for (const event of entry.events) if (isProvenEvent(event, entry)) add(event.name, { as: 'event', entry, event });
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

/** Built on the first look-up, so that a job without names does not pay for it. */
let index: ReadonlyMap<string, IndexedName> | undefined;

/** @returns the catalogue's strongest match for this name */
export function lookUpName(name: string): IndexedName | undefined {
  index ??= buildIndex(catalogue.entries);
  return index.get(normaliseName(name)) ?? index.get(compactName(name));
}

let choices: ReadonlyMap<string, NameChoice> | undefined;

/** @returns the protections that a name could mean, if people use it for several */
export function lookUpChoice(name: string): NameChoice | undefined {
  choices ??= new Map(
    SYNONYMS.filter(({ choose }) => choose).flatMap(({ said, means, why }) =>
      said.map((one) => [compactName(one), { names: means, why }]),
    ),
  );
  return choices.get(compactName(name));
}

/** @returns synonyms and names from other sources: they lead to the protection but never prove it */
export function otherNames(entry: CatalogueEntry): string[] {
  const title = entryTitle(entry);
  const said = SYNONYMS.filter(({ means, choose }) => !choose && means.includes(title)).flatMap(
    (synonym) => synonym.said,
  );
  return [...entry.aliases.filter((alias) => !lookUpChoice(alias)), ...said];
}

/** @returns names that people use for this protection and for others */
export function vagueNames(entry: CatalogueEntry): string[] {
  const title = entryTitle(entry);
  return SYNONYMS.filter(({ means, choose }) => choose && means.includes(title)).flatMap(({ said }) => said);
}

let eventNames: ReadonlySet<string> | undefined;

/** Whether a name is a Threat-Event's and not a protection's own. Such a name never proves presence (design, rule 2). */
export function isEventName(name: string): boolean {
  eventNames ??= new Set(catalogue.entries.flatMap((entry) => entry.events.map((event) => compactName(event.name))));
  const found = lookUpName(name)?.as;
  return eventNames.has(compactName(name)) && found !== 'display' && found !== 'key';
}

/** Builds what look-ups need, where there is time for it before the first one. */
export function prepareNames(): void {
  lookUpChoice('');
  isEventName('');
}
