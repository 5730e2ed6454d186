/**
 * Wording that a policy accepts counts as understood: rule 3 of the verdict. Applied before anything is judged, so that the judge knows
 * only one kind of "understood".
 *
 * Accepting clears the way to a fact; the protection's own name must still be printed. It never lifts a denial.
 */
import { lookUpName } from '../../catalogue/name-index.ts';
import { opensKnownPart } from '../../certificate/known-wording.ts';
import { beginningOf, quotableFacts } from '../../certificate/outside-text.ts';
import type {
  CertificateDocument,
  DocumentReading,
  Evidence,
  Fact,
  Facts,
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
 * What a policy lists for text. For the JSON this is the place and the value, `$.root_detection: true`: the same place with another value may
 * be a denial. Positions in a list change from build to build, so the index is left out.
 */
function acceptForm({ document, where, text }: Mention): string {
  return foldWhiteSpace(document === 'json' ? `${where.replace(/\[\d+\]/gu, '[*]')}: ${text}` : text);
}

/** What a policy lists for it, of any kind. */
function formOf(wording: Wording): string {
  return wording.kind === 'text' ? acceptForm(wording) : foldWhiteSpace(wording.text);
}

export interface Understood {
  evidence: Evidence;
  /** What counted only because it is accepted, without duplicates, as results quote it. */
  accepted: Wording[];
}

export function understand(evidence: Evidence, accept: Accept = NOTHING): Understood {
  const accepted = new Map<string, Wording>();
  const use = ({ kind, text, document, where, outside }: Wording) => {
    const quotable: Wording = { kind, text: outside ? beginningOf(text) : text, document, where };
    accepted.set(JSON.stringify([kind, text, document, where]), quotable);
  };
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
    const yes = lists[LIST_OF[wording.kind]].has(formOf(wording));
    if (yes) use(wording);
    known.set(wording, yes);
    return yes;
  };
  const cleared = document.unread.filter(isAccepted);
  const unread = document.unread.filter((wording) => !cleared.includes(wording));
  const mentions = placedMentions(document);
  const isSettled = (mention: Mention) => {
    // Wording in the block is also reported as a mention: if it is accepted as a heading, it need not be accepted as text too.
    const own = cleared.some(isAt(mention)) || isAccepted(asText(mention));
    return own && (mention.beside ?? []).every((wording) => isAccepted(wording) || isAccepted(asText(wording)));
  };
  const settled = mentions.filter(isSettled);
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
    mentions: mentions.filter((mention) => !settled.includes(mention)),
    facts: clearedFacts(quotableFacts(document), isAccepted),
    ...(lines.length === 0 ? {} : { accepted: lines }),
    complete: document.complete || (document.bounded && cleared.length > 0 && unread.length === 0),
    features: document.features
      .filter((fact) => !saysNothing(fact))
      .map((fact) => withName(readFact(fact, isAccepted))),
  };
}

function clearedFacts(facts: Facts, isAccepted: (wording: Wording) => boolean): Facts {
  const cleared = ({ unread = [], ...fact }: Fact): Fact => {
    const left = unread.filter((wording) => !isAccepted(wording));
    return left.length === 0 ? fact : { ...fact, unread: left };
  };
  return Object.fromEntries(Object.entries(facts).map(([name, values]) => [name, values.map(cleared)])) as Facts;
}

/** Text leading to the facts that is not understood: they prove nothing until it is. */
export function doubtsAbout(facts: readonly Fact[]): Wording[] {
  return [...new Set(facts.flatMap(({ unread = [] }) => unread))];
}

/** Mentions, with whether they are outside the list. */
function placedMentions({ mentions, unread, listenerDoubts }: CertificateDocument): Mention[] {
  const outside = [...unread, ...listenerDoubts].filter((wording) => wording.outside);
  if (outside.length === 0) return mentions;
  return mentions.map((mention) => (outside.some(isAt(mention)) ? { ...mention, outside: true } : mention));
}

/** What the line of a protection may be taken for. */
const LINES: ReadonlySet<WordingKind> = new Set<WordingKind>(['title', 'label', 'text']);

function isAt(mention: Mention): (wording: Wording) => boolean {
  return ({ text, where }) => text === mention.text && where === mention.where;
}

export function asText({ text, document, where, outside }: Mention): Wording {
  return { kind: 'text', text, document, where, ...(outside ? { outside } : {}) };
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

/** What a line to paste has a person accept. Text outside the list is left out, since results do not quote it. */
export function acceptanceOf(wordings: readonly Wording[]): Partial<Accept> {
  return acceptListsOf(wordings.filter(({ outside }) => !outside));
}

/** The policy's lists with all of it, without duplicates. Text that a policy cannot contain is left out. */
export function acceptListsOf(wordings: readonly Wording[]): Partial<Accept> {
  return together(
    wordings
      .map((wording) => ({ wording, text: formOf(wording) }))
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

const INIT = '`fusegate policy init --certificate FILE`';

/**
 * @param denial what the wording must not do, to be accepted
 * @returns what to do with wording that a person has read and found harmless: the exact text to paste, or where to get it
 */
export function acceptHint(
  wordings: readonly Wording[],
  policy: PolicyPlace,
  denial = 'take the protection back',
): string {
  if (wordings.some(({ outside }) => outside)) {
    return `Read the certificate there: \`fusegate explain FILE\` prints all of it. If it does not ${denial}, ${INIT} writes the \`accept\` lines for it, commented`;
  }
  const accept = policy.pending ?? acceptanceOf(wordings);
  const where = Object.values(accept).flat().length > 1 ? 'these words there do' : 'it does';
  const read = `Read the certificate there. If ${where} not ${denial}, `;
  if (acceptLine(accept).length > LONGEST_PASTED) {
    return `Read the certificate there. It is too much for a line to paste: ${INIT} writes a policy that lists all of it, commented`;
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
      const { kind, document, where } = wording;
      return document === 'json' && kind === 'text' ? placed(wording) : `${kind} "${textOf(wording)}" (${where})`;
    }),
    ', ',
  );
}

/** As reports may quote it. */
export function textOf({ text, outside }: Pick<Mention, 'text' | 'outside'>): string {
  return outside ? beginningOf(text) : foldWhiteSpace(text);
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

/**
 * The resolved policy as a result shows it: accepted wording from outside the list of protections only by its beginning, too. What this
 * certificate does not print may be from there.
 */
export function quotableResolved(
  resolved: Record<string, string[]>,
  accepted: readonly Wording[],
): Record<string, string[]> {
  const whole = new Set(accepted.map((wording) => `${LIST_OF[wording.kind]} ${formOf(wording)}`));
  return Object.fromEntries(
    Object.entries(resolved).map(([section, entries]) => {
      const list = /^accept\.(.*)$/u.exec(section)?.[1];
      if (list === undefined) return [section, entries];
      return [
        section,
        entries.map((text) => (whole.has(`${list} ${foldWhiteSpace(text)}`) ? text : beginningOf(text))),
      ];
    }),
  );
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
  const inside = unread.filter((wording) => !wording.outside);
  // What is outside the list could still speak of listeners.
  const outside = [
    ...unread.filter((wording) => wording.outside),
    ...documents.flatMap((document) => document.listenerDoubts).filter((wording) => !unread.some(isAt(wording))),
  ];
  const bare = inside.filter(
    ({ kind, text }) => ['title', 'text'].includes(kind) && opensKnownPart(foldWhiteSpace(text)),
  );
  const unknown = inside.filter((wording) => !bare.includes(wording));
  const warning = (wordings: readonly Wording[], message: string, hint: string): Finding[] =>
    wordings.length === 0
      ? []
      : [{ code: 'certificate.unread', level: 'warning', message: `${message}: ${quoted(wordings)}`, hint }];
  return [
    ...warning(
      unknown,
      'The certificate has wording that is not known, and nothing below it is proven',
      acceptHint(unknown, policy),
    ),
    ...warning(
      outside,
      'The certificate has text outside its list of protections that is not known',
      `${acceptHint(outside, policy)}. It may differ in the next build.`,
    ),
    ...warning(
      bare,
      'The certificate prints a title with nothing below it',
      'Look at the certificate there; real ones omit such a title. No requirement depends on it.',
    ),
  ];
}
