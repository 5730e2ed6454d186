/**
 * What a certificate looks like, without anything that identifies people or apps: for reporting a certificate that is not understood.
 *
 * An allow-list decides what is kept: the certificate's own wording, and names in the catalogue. Everything else, including ids and hashes,
 * becomes a placeholder of the same length.
 */
import { catalogue } from '../catalogue/catalogue.ts';
import { readCertifiedSecure } from '../certificate/certified-secure-layout.ts';
import { PLACE_KEYS } from '../certificate/json-features.ts';
import { ENTRY_KEYS } from '../certificate/json-presence.ts';
import { readJsonCertificate } from '../certificate/json-reader.ts';
import { JsonObject, type JsonValue, jsonType, parseJsonTree } from '../certificate/json-tree.ts';
import {
  END_OF_BLOCK,
  INTELLIGENCE_TITLE,
  isFooterLine,
  isKnownHeading,
  isKnownMode,
  LISTENER_WARNING,
  ROW_LABELS,
} from '../certificate/known-wording.ts';
import { type PdfText, readPdfText, type TextPage, type TextRun } from '../certificate/pdf-text.ts';
import {
  type CertificateDocument,
  FACT_NAMES,
  type FactName,
  type RawCertificate,
  type ReadingProblem,
  type WordingKind,
} from '../model/certificate.ts';
import { type Clock, systemClock } from '../model/clock.ts';

export interface LayoutReport {
  layoutReport: 1;
  documents: LayoutDocument[];
}

export type LayoutDocument = PdfLayout | JsonLayout;

/** Positions in points, from the lower left corner of the page. */
interface PdfLayout extends LayoutSummary {
  kind: 'pdf';
  pages?: TextPage[];
  runs?: TextRun[];
}

interface JsonLayout extends LayoutSummary {
  kind: 'json';
  tree?: JsonLayoutValue;
}

interface LayoutSummary {
  /** Why it could not be read. */
  problem?: ReadingProblem;
  shape?: string;
  /** Names of the facts that were found. */
  facts?: string[];
  /** How many names were found, by presence. */
  names?: Record<string, number>;
  /** Where wording was not understood. */
  unread?: Array<{ kind: WordingKind; where: string }>;
}

/** `"root_detection"` (a known text), `string`, `number`, `true`, `false`, `null`, or its contents. */
export type JsonLayoutValue = string | { object: Array<[string, JsonLayoutValue]> } | { array: JsonLayoutValue[] };

export async function pdfLayout(raw: RawCertificate, clock: Clock = systemClock): Promise<PdfLayout> {
  if (raw.state === 'absent') return { kind: 'pdf', problem: 'absent' };
  const reading = await readPdfText(raw.bytes, clock);
  if (!reading.ok) return { kind: 'pdf', problem: reading.problem };
  const document = readCertifiedSecure(reading.text, raw.sha256);
  const personal = typeof document === 'string' ? [] : personalValues(document);
  return {
    kind: 'pdf',
    ...(typeof document === 'string' ? { problem: document } : summaryOf(document)),
    ...(typeof document !== 'string' && reading.text.additions !== undefined ? { problem: 'revised' as const } : {}),
    pages: reading.text.pages,
    runs: withoutPersons(reading.text, personal),
  };
}

export function jsonLayout(raw: RawCertificate): JsonLayout {
  const reading = readJsonCertificate(raw);
  if (!reading.ok || raw.state === 'absent') return { kind: 'json', problem: reading.ok ? 'absent' : reading.problem };
  const text = new TextDecoder('utf-8').decode(raw.bytes);
  return { kind: 'json', ...summaryOf(reading.document), tree: treeOf(parseJsonTree(text)) };
}

function summaryOf(document: CertificateDocument): LayoutSummary {
  const names: Record<string, number> = {};
  for (const { presence } of document.features) names[presence] = (names[presence] ?? 0) + 1;
  return {
    shape: document.shape,
    facts: Object.keys(document.facts),
    names,
    // Text outside the list of protections is a doubt about listeners.
    unread: [...new Set([...document.unread, ...document.listenerDoubts])].map(({ kind, where }) => ({ kind, where })),
  };
}

// --- Text ---

/** Fields that people name themselves. Such a value never counts as known text, even if it looks like it. */
const PERSONAL_FACTS: readonly FactName[] = ['app_name', 'fusion_set_name', 'annotation', 'bundle_id', 'signer'];

function personalValues(document: CertificateDocument): string[] {
  return PERSONAL_FACTS.flatMap((name) => document.facts[name] ?? []).map(({ value }) => value.trim());
}

/** Exported for tests on positioned text. */
export function withoutPersons(text: PdfText, personal: readonly string[] = []): TextRun[] {
  const fonts = new Map<string, string>();
  return text.runs.map((run) => {
    const font = fonts.get(run.font) ?? `f${fonts.size + 1}`;
    fonts.set(run.font, font);
    return {
      page: run.page,
      x: rounded(run.x),
      y: rounded(run.y),
      width: rounded(run.width),
      size: rounded(run.size),
      font,
      text: personal.includes(run.text.trim()) ? placeholder(run.text) : shareable(run.text),
    };
  });
}

function rounded(points: number): number {
  return Math.round(points * 100) / 100;
}

/** Texts that certificates print literally (appdome-api.md §6.2). Those of the security block are in known-wording.ts. */
const FIXED_TEXTS = [
  ...['Certification', 'Certificate Creation:', 'Build ID:', 'Appdome Version:', 'For', '©', 'Android', 'iOS'],
  ...['App ID:', 'Bundle ID:', 'Version:', 'Orig App SHA-256:', 'Orig App Size:', 'App Preview:'],
  ...['Fusion Set ID:', 'Last Modified:', 'Covered OS:', 'Annotation:', 'Security Inside:'],
  ...['Certificate SHA-256:', 'Final App SHA-256:', 'Final App Size:'],
  ...[INTELLIGENCE_TITLE, LISTENER_WARNING, END_OF_BLOCK, ...ROW_LABELS.keys()],
];

/** Lines that contain free text, shown as `*`. */
const LINES = [
  'This certifies that Appdome has secured * Version *, build #* for * with the',
  'security features identified in this certificate on *',
  'App Added by * on *',
  'App Secured via API (*) with *',
  'Added Context via API - (*) with *',
  'App Signed via API (*) on Appdome with *',
  'Fusion Set by * on *',
  '* Fusion Set by * on *',
  'Version * (*)',
  'APPDOME MOBILE APP SECURITY In "*" FUSION SET',
  'Other In "*" FUSION SET',
  '* In "*" FUSION SET',
  '* | Appdome OS support policy',
  '* UTC by *',
  'This app is signed correctly by owner *',
  'The app signature will expire on *',
  '* Appdome - Confidential.',
].map((line) => {
  const kept = line.split('*');
  const escaped = kept.map((part) => part.replace(/[.()|]/gu, '\\$&'));
  return { kept, pattern: new RegExp(`^${escaped.join('(.*?)')}$`, 'su') };
});

let texts: ReadonlySet<string> | undefined;

/** Whether a text is the certificate's own: fixed wording, or a name in the catalogue. */
function isKnownText(text: string): boolean {
  texts ??= new Set([
    ...FIXED_TEXTS,
    ...catalogue.entries.flatMap(({ name, suggestedName, key, relatedKeys, aliases, events }) =>
      [name, suggestedName, key, ...relatedKeys, ...aliases, ...events.map((event) => event.name)].filter(
        (one) => one !== undefined,
      ),
    ),
  ]);
  return texts.has(text) || isKnownHeading(text) || isKnownMode(text) || isPartOfSentence(text);
}

/** Shorter parts could be anything. */
const SHORTEST_PART = 20;
/** No line of a certificate is this long. */
const LONGEST_LINE = 500;

/** Long sentences wrap. */
function isPartOfSentence(text: string): boolean {
  return text.length >= SHORTEST_PART && (isFooterLine(text) || LISTENER_WARNING.includes(text));
}

function shareable(text: string): string {
  const trimmed = text.trim();
  if (isKnownText(trimmed)) return text;
  if (text.length > LONGEST_LINE) return placeholder(text);
  for (const { kept, pattern } of LINES) {
    const parts = pattern.exec(text)?.slice(1);
    if (parts !== undefined) return kept.map((part, index) => part + placeholder(parts[index] ?? '')).join('');
  }
  // `Root Detection: …`, `In-App Detection (…)`
  const [, name = '', rest = ''] = /^(.+?)(:.*| \(.*)$/su.exec(trimmed) ?? [];
  return isKnownText(name) ? name + placeholder(rest) : placeholder(text);
}

/** The same number of characters, none of them original. */
export function placeholder(text: string): string {
  return Array.from(text, (one) => {
    if (/\s/u.test(one)) return ' ';
    if (/\p{N}/u.test(one)) return '0';
    if (/\p{Lu}/u.test(one)) return 'X';
    if (/\p{L}/u.test(one)) return 'x';
    return /[!-~]/u.test(one) ? one : '?';
  }).join('');
}

// --- JSON ---

const FACT_KEYS = new Set<string>(FACT_NAMES);
let words: ReadonlySet<string> | undefined;

function wordsOf(key: string): string[] {
  return key
    .replace(/([a-z0-9])([A-Z])/gu, '$1_$2')
    .toLowerCase()
    .split(/[\s._-]+/u)
    .filter((word) => word !== '');
}

/** A key made only of words from known keys is kept; an unknown one may be somebody's name. */
function shareableKey(key: string): string {
  words ??= new Set(
    [
      ...[...FACT_KEYS, ...PLACE_KEYS, ...ENTRY_KEYS],
      ...catalogue.entries.flatMap(({ key: own }) => own ?? []),
    ].flatMap(wordsOf),
  );
  const own = wordsOf(key);
  if (isKnownText(key) || (own.length > 0 && own.every((word) => words?.has(word)))) return key;
  return placeholder(key);
}

function treeOf(value: JsonValue, key?: string): JsonLayoutValue {
  if (Array.isArray(value)) return { array: value.map((element) => treeOf(element)) };
  if (value instanceof JsonObject)
    return {
      object: value.members.map((member) => [shareableKey(member.key), treeOf(member.value, member.key)]),
    };
  if (typeof value === 'boolean') return String(value);
  const isFact = key !== undefined && FACT_KEYS.has(key);
  return typeof value === 'string' && !isFact && isKnownText(value) ? JSON.stringify(value) : jsonType(value);
}
