/**
 * Wording that a policy accepts counts as understood: rule 3 of the verdict. Applied before anything is judged, so that the judge knows
 * only one kind of "understood".
 *
 * Accepting clears the way to a fact; the protection's own name must still be printed. It never lifts a denial.
 */
import { lookUpName } from '../../catalogue/name-index.ts';
import { opensKnownPart } from '../../certificate/known-wording.ts';
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
import { foldWhiteSpace } from '../../text/white-space.ts';
import { yamlWord } from '../file/yaml-word.ts';
import type { Accept } from './rule.ts';

const LIST_OF: Record<WordingKind, keyof Accept> = {
  title: 'titles',
  heading: 'headings',
  label: 'labels',
  mode: 'modes',
  text: 'texts',
};

/** The longest allowed entry of `accept.texts`. */
const LONGEST_ACCEPTED = 1000;

const NOTHING: Accept = { titles: [], headings: [], labels: [], modes: [], texts: [] };

/**
 * What a policy lists for it. For the JSON this is the place and the value, `$.root_detection: true`: the same place with another value may
 * be a denial. Positions in a list change from build to build, so the index is left out.
 */
function acceptForm({ document, where, text }: Mention): string {
  return foldWhiteSpace(document === 'json' ? `${where.replace(/\[\d+\]/gu, '[*]')}: ${text}` : text);
}

export interface Understood {
  evidence: Evidence;
  /** What counted only because it is accepted, without duplicates. */
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
  const lists = Object.fromEntries(
    Object.entries(accept).map(([list, texts]) => [list, new Set(texts.map(foldWhiteSpace))]),
  ) as Record<keyof Accept, Set<string>>;
  const known = new Map<Wording, boolean>();
  const isAccepted = (wording: Wording) => {
    const before = known.get(wording);
    if (before !== undefined) return before;
    const { kind } = wording;
    const yes = lists[LIST_OF[kind]].has(kind === 'text' ? acceptForm(wording) : foldWhiteSpace(wording.text));
    if (yes) use(wording);
    known.set(wording, yes);
    return yes;
  };
  const cleared = document.unread.filter(isAccepted);
  const unread = document.unread.filter((wording) => !cleared.includes(wording));
  const isSettled = (mention: Mention) => {
    // Wording in the block is also reported as a mention: if it is accepted as a heading, it need not be accepted as text too.
    const own = cleared.some(isAt(mention)) || isAccepted(asText(mention));
    return own && (mention.beside ?? []).every((wording) => isAccepted(wording) || isAccepted(asText(wording)));
  };
  const settled = document.mentions.filter(isSettled);
  /** A heading or a mode says nothing about one name alone. */
  const mayBeLine = (mention: Mention) => !cleared.some((one) => isAt(mention)(one) && !LINES.has(one.kind));
  const lines = settled
    .filter((mention) => mention.document === 'pdf' && mayBeLine(mention))
    .map((mention) => ({ ...mention, inList: document.unread.some(isAt(mention)) }));
  /** An accepted value without an answer stops objecting; it never becomes a yes. */
  const saysNothing = (fact: FeatureFact) =>
    fact.document === 'json' && saysNoMore(fact) && isAccepted(asText(asMention(fact)));
  const withName = (fact: FeatureFact): FeatureFact => {
    const { name: text, document: kind, where } = fact;
    // A name in the catalogue mentions no other protection anyway.
    if (kind !== 'pdf' || lookUpName(text) !== undefined || !isAccepted(asText({ text, document: kind, where })))
      return fact;
    return { ...fact, accepted: true };
  };
  return {
    ...document,
    unread,
    listenerDoubts: document.listenerDoubts.filter((wording) => !isAccepted(wording)),
    mentions: document.mentions.filter((mention) => !settled.includes(mention)),
    ...(lines.length === 0 ? {} : { accepted: lines }),
    complete: document.complete || (document.bounded && cleared.length > 0 && unread.length === 0),
    features: document.features
      .filter((fact) => !saysNothing(fact))
      .map((fact) => withName(readFact(fact, isAccepted))),
  };
}

/** What the line of a protection may be taken for. */
const LINES: ReadonlySet<WordingKind> = new Set<WordingKind>(['title', 'label', 'text']);

function isAt(mention: Mention): (wording: Wording) => boolean {
  return ({ text, where }) => text === mention.text && where === mention.where;
}

export function asText({ text, document, where }: Mention): Wording {
  return { kind: 'text', text, document, where };
}

/** It has neither a "yes" nor a "no", and no wording around it could give it one. */
export function saysNoMore({ presence, unread }: FeatureFact): boolean {
  return presence === 'unknown' && unread === undefined;
}

/** What an entry says, in the form that a policy can accept. */
export function asMention({ document, where, rawValue = '' }: FeatureFact): Mention {
  return { text: rawValue, document, where };
}

function readFact(fact: FeatureFact, isAccepted: (wording: Wording) => boolean): FeatureFact {
  if (fact.unread === undefined || fact.presence !== 'unknown') return fact;
  const left = fact.unread.filter((wording) => !isAccepted(wording));
  if (left.length > 0) return { ...fact, unread: left };
  const { unread: _, rawValue: __, ...understood } = fact;
  return { ...understood, presence: 'present' };
}

/** What a person has to accept, as the policy's lists, without duplicates. Text that a policy cannot contain is left out. */
export function acceptanceOf(wordings: readonly Wording[]): Partial<Accept> {
  return together(
    wordings
      .map((wording) => ({
        wording,
        text: wording.kind === 'text' ? acceptForm(wording) : foldWhiteSpace(wording.text),
      }))
      .filter(({ text }) => text.length <= LONGEST_ACCEPTED)
      .map(({ wording, text }) => ({ [LIST_OF[wording.kind]]: [text] })),
  );
}

/** Merges several of them, so that one line settles them all. */
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

/** Where to paste a line for the policy, and what else a new policy needs. */
export interface PolicyPlace {
  path?: string | undefined;
  /** What the run requires, as entries for `require`. */
  requires: string[];
  /** What all rules together need accepted, so that each message prints the one line for all of them. */
  pending?: Partial<Accept>;
}

/** If longer than a report's line (text/untrusted-text.ts), it would be cut and useless. */
const LONGEST_PASTED = 12_000;

/** @returns what to do with wording that a person has read and found harmless: one sentence with the exact text to paste */
export function acceptHint(own: Partial<Accept>, policy: PolicyPlace): string {
  const accept = policy.pending ?? own;
  const where = Object.values(accept).flat().length > 1 ? 'these words there do' : 'it does';
  const read = `Read the certificate there. If ${where} not take the protection back, `;
  if (acceptLine(accept).length > LONGEST_PASTED) {
    return 'Read the certificate there. It is too much for a line to paste: `fusegate policy init --certificate FILE` writes a policy that lists all of it, commented.';
  }
  if (policy.path !== undefined) return `${read}add to ${policy.path}: \`${acceptLine(accept)}\``;
  const whole = `{ version: 1, require: [${policy.requires.join(', ')}], ${acceptLine(accept)} }`;
  return `${read}save this as fusegate-policy.yml and name it with --policy: \`${whole}\``;
}

/** More would not improve the message; the line to paste has all of it. */
const MOST_QUOTED = 6;

/** `heading "Not Included" (page 1 at 64,900)`, `$.status: revoked` */
export function quoted(wordings: readonly Wording[]): string {
  return someOf(
    wordings.map((wording) => {
      const { kind, text, document, where } = wording;
      return document === 'json' && kind === 'text' ? placed(wording) : `${kind} "${foldWhiteSpace(text)}" (${where})`;
    }),
    ', ',
  );
}

export function someOf(texts: readonly string[], between: string): string {
  const shown = texts.slice(0, MOST_QUOTED).join(between);
  return texts.length > MOST_QUOTED ? `${shown} and ${texts.length - MOST_QUOTED} more` : shown;
}

const LONGEST_SHOWN = 160;

/** A JSON value with its place, short enough for a message. */
export function placed({ where, text }: Mention): string {
  const whole = foldWhiteSpace(`${where}: ${text}`);
  return whole.length > LONGEST_SHOWN ? `${whole.slice(0, LONGEST_SHOWN)}…` : whole;
}

/** For every report: what was understood only because the policy says so. */
export function acceptedFinding(accepted: readonly Wording[]): Finding[] {
  if (accepted.length === 0) return [];
  return [
    {
      code: 'policy.accepted',
      level: 'note',
      message: `Counted as understood because the policy accepts it: ${quoted(accepted)}`,
      hint: 'Remove it from `accept` once certificates stop printing it.',
    },
  ];
}

/** Everything unread that no policy accepts, whether or not a rule depends on it. */
export function unreadFinding(documents: readonly CertificateDocument[], policy: PolicyPlace): Finding[] {
  const unread = documents.flatMap((document) => document.unread);
  // What is outside the list could still speak of listeners.
  const outside = documents
    .flatMap((document) => document.listenerDoubts)
    .filter((wording) => !unread.some(isAt(wording)));
  const bare = unread.filter(
    ({ kind, text }) => ['title', 'text'].includes(kind) && opensKnownPart(foldWhiteSpace(text)),
  );
  const unknown = unread.filter((wording) => !bare.includes(wording));
  const warning = (wordings: readonly Wording[], message: string, hint: string): Finding[] =>
    wordings.length === 0
      ? []
      : [{ code: 'certificate.unread', level: 'warning', message: `${message}: ${quoted(wordings)}`, hint }];
  const accept = acceptHint(acceptanceOf([...unknown, ...outside]), policy);
  return [
    ...warning(unknown, 'The certificate has wording that is not known, and nothing below it is proven', accept),
    ...warning(outside, 'The certificate has text outside its list of protections that is not known', accept),
    ...warning(
      bare,
      'The certificate prints a title with nothing below it',
      'Look at the certificate there; real ones omit such a title. No requirement depends on it.',
    ),
  ];
}
