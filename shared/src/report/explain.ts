/**
 * Where each fact of a certificate was found: `fusegate explain`. Nothing is judged here; what a reader did not see is not there, and
 * what it saw with a value that says nothing is `unknown`.
 */
import { lookUpName } from '../catalogue/name-index.ts';
import { featureOfPrintedName } from '../catalogue/names.ts';
import { contradictions, disagreements } from '../certificate/identity.ts';
import type {
  CertificateDocument,
  DocumentReading,
  Evidence,
  Fact,
  FeatureFact,
  Wording,
} from '../model/certificate.ts';
import { defined } from '../model/defined.ts';
import { isListenerName } from '../policy/rules/missing-listeners.ts';
import { aligned } from '../text/columns.ts';
import { plainLine } from '../text/untrusted-text.ts';

export interface ExplainedName
  extends Pick<FeatureFact, 'name' | 'presence' | 'role' | 'category' | 'threatEvents' | 'rawValue' | 'where'> {
  /** Wording leading to it that is not understood; while there is any, it proves nothing. */
  unread?: UnreadWording[];
  /** The protection that it proves by the catalogue; absent where it can be required as `key: NAME` only. */
  proves?: string;
}

export interface UnreadWording extends Pick<Wording, 'kind' | 'text' | 'where'> {
  /** It may belong to the part that lists missing listeners. */
  listenerDoubt?: true;
}

export interface ExplainedDocument {
  kind: 'pdf' | 'json';
  read: boolean;
  /** Why it could not be read. */
  problem?: string;
  sha256?: string;
  shape?: string;
  /** What is not in its list is absent. */
  complete?: boolean;
  facts: Array<{ name: string; value: string; where: string }>;
  names: ExplainedName[];
  /** All wording of the list that was not understood. */
  unread: UnreadWording[];
  /** Other text where a name may be spoken of. */
  mentions: Array<{ text: string; where: string }>;
  missingListeners: Array<{ name: string; where: string; protection?: string }>;
  topLevel: Array<{ key: string; type: string }>;
}

export interface Explanation {
  label: string;
  documents: ExplainedDocument[];
  /** Facts with more than one value, in one document or between both. */
  conflicts: string[];
}

export function explainEvidence(label: string, evidence: Evidence): Explanation {
  const documents = [evidence.pdf, evidence.json];
  return {
    label,
    documents: documents.map(explainReading),
    conflicts: [
      ...documents
        .flatMap((reading) => (reading.ok ? contradictions(reading.document) : []))
        .map(({ name, facts }) => `${name} has more than one value: ${facts.map(placed).join(', ')}`),
      ...disagreements(evidence).map(
        ({ name, pdf, json }) => `${name} differs: ${[...pdf, ...json].map(placed).join(', ')}`,
      ),
    ],
  };
}

function placed(fact: Fact): string {
  return `${fact.value} (${fact.document} ${fact.where})`;
}

function explainReading(reading: DocumentReading): ExplainedDocument {
  const nothing = { facts: [], names: [], unread: [], mentions: [], missingListeners: [], topLevel: [] };
  if (!reading.ok) {
    const { kind, message, sha256 } = reading;
    return { kind, read: false, problem: message, ...defined({ sha256 }), ...nothing };
  }
  const { document } = reading;
  return {
    kind: document.kind,
    read: true,
    sha256: document.sha256,
    shape: document.shape,
    complete: document.complete,
    facts: factsOf(document),
    names: document.features.map(explainName),
    unread: unreadOf(document),
    mentions: mentionsOf(document),
    missingListeners: document.missingListeners.map((fact) => {
      const protection = isListenerName(fact.value) ? lookUpName(fact.value)?.entry.name : undefined;
      return defined({ name: fact.value, where: fact.where, protection });
    }),
    topLevel: document.topLevel,
  };
}

/** Free text that people write for themselves is left out, as in results. */
function factsOf(document: CertificateDocument): ExplainedDocument['facts'] {
  return Object.entries(document.facts)
    .filter(([name]) => name !== 'annotation')
    .flatMap(([name, facts]) => (facts ?? []).map(({ value, where }) => ({ name, value, where })));
}

function wordingOf({ kind, text, where }: Wording): UnreadWording {
  return { kind, text, where };
}

function unreadOf({ unread, listenerDoubts }: CertificateDocument): UnreadWording[] {
  const isDoubt = (wording: Wording) =>
    listenerDoubts.some(({ text, where }) => text === wording.text && where === wording.where);
  return unread.map((wording) => ({ ...wordingOf(wording), ...(isDoubt(wording) && { listenerDoubt: true }) }));
}

/** Unread wording is a mention too; it is listed once. */
function mentionsOf({ mentions, unread }: CertificateDocument): ExplainedDocument['mentions'] {
  return mentions
    .filter((mention) => !unread.some(({ text, where }) => text === mention.text && where === mention.where))
    .map(({ text, where }) => ({ text, where }));
}

function explainName(fact: FeatureFact): ExplainedName {
  const { name, presence, role, category, threatEvents, rawValue, where } = fact;
  const unread = fact.unread?.length ? fact.unread.map(wordingOf) : undefined;
  const proves = presence === 'present' ? featureOfPrintedName(name)?.name : undefined;
  return defined({ name, presence, role, category, threatEvents, rawValue, unread, where, proves });
}

/** @returns lines for a terminal, harmless ones */
export function explanationLines({ label, documents, conflicts }: Explanation): string[] {
  return [
    plainLine(label),
    ...documents.flatMap(documentLines),
    ...section(
      'conflicts',
      conflicts.map((text) => plainLine(text)),
    ),
  ];
}

function documentLines(document: ExplainedDocument): string[] {
  const name = document.kind.toUpperCase();
  if (!document.read) return [`  ${name}: not read: ${plainLine(document.problem ?? '')}`];
  const { facts, names, unread, mentions, missingListeners, topLevel } = document;
  const list = document.complete
    ? 'the list is complete: what is not in it is absent'
    : 'what is not in its list may still be in the app';
  const hidden = mentions.length - SHOWN_MENTIONS;
  const sections: Array<[title: string, rows: string[][]]> = [
    ['facts', facts.map((fact) => [fact.name, fact.value, fact.where])],
    ['names', names.map((one) => [one.presence, one.name, saidOf(one), doubtOrProof(one), one.where])],
    [
      'wording that is not understood; the text below it proves nothing',
      unread.map(({ kind, text, where, listenerDoubt }) => [
        kind,
        `"${text}"`,
        listenerDoubt ? 'may speak of listeners' : '',
        where,
      ]),
    ],
    [OTHER_TEXT, mentions.slice(0, SHOWN_MENTIONS).map(({ text, where }) => [`"${text}"`, where])],
    ['listeners that the app lacks', missingListeners.map((one) => [one.name, one.protection ?? '', one.where])],
    ['top-level keys', topLevel.map(({ key, type }) => [key, type])],
  ];
  return [
    `  ${name}: shape ${plainLine(document.shape ?? '')}, sha256 ${document.sha256}; ${list}`,
    ...sections.flatMap(([title, rows]) =>
      section(title, [
        ...columns(rows),
        ...(title === OTHER_TEXT && hidden > 0 ? [`and ${hidden} more, which --json shows`] : []),
      ]),
    ),
  ];
}

const OTHER_TEXT = 'other text that is not understood; a name in it is not proven';
const SHOWN_MENTIONS = 40;

function saidOf({ threatEvents, rawValue, presence }: ExplainedName): string {
  const value = rawValue === undefined || presence === 'present' ? undefined : `value ${rawValue}`;
  return [threatEvents, value].filter((one) => one !== undefined).join(', ');
}

function doubtOrProof({ proves, unread }: ExplainedName): string {
  if (unread !== undefined)
    return `not understood: ${unread.map(({ kind, text, where }) => `${kind} "${text}" (${where})`).join(', ')}`;
  return proves === undefined ? '' : `proves ${proves}`;
}

function section(title: string, rows: string[]): string[] {
  return rows.length === 0 ? [] : [`    ${title}`, ...rows.map((row) => `      ${row}`)];
}

const WIDEST = 64;

function columns(rows: string[][]): string[] {
  const safe = rows.map((row) => row.map((cell, index) => plainLine(cell, index === row.length - 1 ? 200 : 120)));
  return aligned(safe, () => WIDEST);
}
