/**
 * Wording that a policy accepts counts as understood: rule 3 of the verdict. Applied before anything is judged, so that the judge
 * knows one kind of "understood" only.
 *
 * Accepting clears the way to a fact; the protection's own name must still be printed. It never lifts a denial.
 */
import type {
  CertificateDocument,
  DocumentReading,
  Evidence,
  FeatureFact,
  Mention,
  Wording,
  WordingKind,
} from '../../model/certificate.ts';
import type { Finding } from '../../model/verdict.ts';
import { yamlWord } from '../file/yaml-word.ts';
import type { Accept } from './rule.ts';

const LIST_OF: Record<WordingKind, keyof Accept> = {
  title: 'titles',
  heading: 'headings',
  label: 'labels',
  mode: 'modes',
  text: 'texts',
};

const NOTHING: Accept = { titles: [], headings: [], labels: [], modes: [], texts: [] };

/** Verbatim, but for how the white space between words came about. */
function folded(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

/** A place in a JSON list moves from build to build, so that its number says nothing. */
export function jsonPlace(where: string): string {
  return where.replace(/\[\d+\]/gu, '[*]');
}

export interface Understood {
  evidence: Evidence;
  /** What counted only because it is accepted, each once. */
  accepted: Wording[];
}

export function understand(evidence: Evidence, accept: Accept = NOTHING): Understood {
  const accepted = new Map<string, Wording>();
  const use = (wording: Wording) => accepted.set(JSON.stringify(wording), wording);
  const read = (reading: DocumentReading): DocumentReading =>
    reading.ok ? { ok: true, document: acceptIn(reading.document, accept, use) } : reading;
  return { evidence: { pdf: read(evidence.pdf), json: read(evidence.json) }, accepted: [...accepted.values()] };
}

function acceptIn(document: CertificateDocument, accept: Accept, use: (wording: Wording) => void): CertificateDocument {
  const listed = (list: keyof Accept, text: string) => accept[list].some((one) => folded(one) === folded(text));
  const isAccepted = (wording: Wording) => {
    const yes = listed(LIST_OF[wording.kind], wording.text);
    if (yes) use(wording);
    return yes;
  };
  const cleared = document.unread.filter(isAccepted);
  const unread = document.unread.filter((wording) => !cleared.includes(wording));
  const stays = (mention: Mention) => {
    // Wording of the block is told as a mention too: who accepts it as a heading need not accept it as text.
    if (cleared.some(({ text, where }) => text === mention.text && where === mention.where)) return false;
    const yes = listed('texts', mention.document === 'json' ? jsonPlace(mention.where) : mention.text);
    if (yes) use({ kind: 'text', ...mention });
    return !yes;
  };
  /** A value without an answer, at the very place that is accepted, stops objecting; it never becomes a yes. */
  const saysNothing = (fact: FeatureFact) => {
    const yes = fact.document === 'json' && fact.presence === 'unknown' && listed('texts', fact.where);
    if (yes) use({ kind: 'text', text: fact.name, document: fact.document, where: fact.where });
    return yes;
  };
  return {
    ...document,
    unread,
    listenerDoubts: document.listenerDoubts.filter((wording) => !isAccepted(wording)),
    mentions: document.mentions.filter(stays),
    complete: document.complete || (document.bounded && cleared.length > 0 && unread.length === 0),
    features: document.features.filter((fact) => !saysNothing(fact)).map((fact) => readFact(fact, isAccepted)),
  };
}

function readFact(fact: FeatureFact, isAccepted: (wording: Wording) => boolean): FeatureFact {
  if (fact.unread === undefined || fact.presence !== 'unknown') return fact;
  const left = fact.unread.filter((wording) => !isAccepted(wording));
  if (left.length > 0) return { ...fact, unread: left };
  const { unread: _, rawValue: __, ...understood } = fact;
  return { ...understood, presence: 'present' };
}

/** What a person has to accept, as the policy's lists; each text once. */
export function acceptanceOf(wordings: readonly Wording[], places: readonly string[] = []): Partial<Accept> {
  return together([
    ...wordings.map(({ kind, text }) => ({ [LIST_OF[kind]]: [folded(text)] })),
    ...places.map((place) => ({ texts: [place] })),
  ]);
}

/** Several of them as one, so that one line settles all of them. */
export function together(all: ReadonlyArray<Partial<Accept>>): Partial<Accept> {
  const lists: Partial<Accept> = {};
  for (const one of all) {
    for (const [list, texts] of Object.entries(one) as Array<[keyof Accept, string[]]>) {
      lists[list] = [...new Set([...(lists[list] ?? []), ...texts])];
    }
  }
  return lists;
}

/** `accept: { headings: [New Section] }` */
function acceptLine(accept: Partial<Accept>): string {
  return `accept: ${flowMap(accept)}`;
}

function flowMap(lists: Partial<Accept>): string {
  const entries = Object.entries(lists).map(([list, texts]) => `${list}: [${texts.map(yamlWord).join(', ')}]`);
  return `{ ${entries.join(', ')} }`;
}

/** Where a line for the policy goes, and what a policy needs besides it where there is none. */
export interface PolicyPlace {
  path?: string | undefined;
  /** What the run requires, as entries of `require`. */
  requires: string[];
  /** What all rules together need accepted, so that each message prints the one line for all. */
  pending?: Partial<Accept>;
}

/** @returns what to do with wording that a person has read and found harmless: one sentence with the exact text to paste */
export function acceptHint(own: Partial<Accept>, policy: PolicyPlace): string {
  const accept = policy.pending ?? own;
  const where = Object.values(accept).flat().length > 1 ? 'these words there do' : 'it does';
  const read = `Read the certificate there. If ${where} not take the protection back, `;
  if (policy.path !== undefined) return `${read}add to ${policy.path}: \`${acceptLine(accept)}\``;
  const whole = `{ version: 1, require: [${policy.requires.join(', ')}], ${acceptLine(accept)} }`;
  return `${read}save this as fusegate-policy.yml and name it with --policy: \`${whole}\``;
}

/** More of it makes no message better; the line to paste has all of it. */
const MOST_QUOTED = 6;

/** `heading "Not Included" (page 1 at 64,900)` */
export function quoted(wordings: readonly Wording[]): string {
  const shown = wordings.slice(0, MOST_QUOTED).map(({ kind, text, where }) => `${kind} "${folded(text)}" (${where})`);
  const rest = wordings.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** For every report: what stood on somebody's word. */
export function acceptedFinding(accepted: readonly Wording[]): Finding[] {
  if (accepted.length === 0) return [];
  return [
    {
      code: 'policy.accepted',
      level: 'note',
      message: `Counted as understood because the policy accepts it: ${quoted(accepted)}`,
      hint: 'Take it out of `accept` once certificates stop printing it.',
    },
  ];
}

/** Wording that nothing knows and nothing accepts, where the run is judged all the same. */
export function unreadFinding(documents: readonly CertificateDocument[], policy: PolicyPlace): Finding[] {
  const unread = documents.flatMap((document) => document.unread);
  if (unread.length === 0) return [];
  return [
    {
      code: 'certificate.unread',
      level: 'warning',
      message: `The certificate holds wording that is not known, and nothing below it is proven: ${quoted(unread)}`,
      hint: acceptHint(acceptanceOf(unread), policy),
    },
  ];
}
