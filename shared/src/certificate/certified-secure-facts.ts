/**
 * The labelled facts of a Certified Secure certificate (appdome-api.md §6.2): build, app, Fusion Set, signature, hashes, dates.
 *
 * A label counts in the label column of its own section, as the whole of its text; its value stands in the value column on the same
 * baseline. Names of people are cut off: `17-Jul-25, 15:00 UTC by …` is kept as the time.
 */
import type { Fact, FactName, Facts } from '../model/certificate.ts';
import { PRINTED_TIME, type Section, type SectionKind } from './certified-secure-sections.ts';
import { BLOCK_TITLE, isFooter } from './known-wording.ts';
import { joined, type Paragraph, placeOf, SAME_ROW, type Span } from './page-layout.ts';

/** Labels begin at x = 59 to 97, values at 213 and more. */
const LABEL_COLUMN_END = 110;
const VALUE_COLUMN = 205;

type Reading = (paragraph: Paragraph) => string | undefined;

const sentence: Reading = (paragraph) => joined(paragraph);
/** Ids and package names have no blanks: where they wrap, they are cut. */
const unbroken: Reading = (paragraph) => joined(paragraph, '');
const time: Reading = (paragraph) => new RegExp(`^(${PRINTED_TIME})(?: by .*)?$`).exec(joined(paragraph))?.[1];

/** 64 hex digits, however they wrap (48+16, 47+17, 45+19 seen). What is not 64 digits long is no hash. */
const sha256: Reading = (paragraph) => {
  const digits = joined(paragraph, '');
  return /^[0-9a-fA-F]{64}$/.test(digits) ? digits : undefined;
};

const LABELLED: ReadonlyArray<{ section: SectionKind; label: string; name: FactName; read: Reading }> = [
  { section: 'certification', label: 'Certificate Creation:', name: 'certificate_created', read: time },
  { section: 'certification', label: 'Build ID:', name: 'build_id', read: unbroken },
  { section: 'certification', label: 'Appdome Version:', name: 'appdome_version', read: unbroken },
  { section: 'added', label: 'App ID:', name: 'app_id', read: unbroken },
  { section: 'added', label: 'Bundle ID:', name: 'bundle_id', read: unbroken },
  { section: 'added', label: 'Version:', name: 'app_version', read: sentence },
  { section: 'added', label: 'Orig App SHA-256:', name: 'original_sha256', read: sha256 },
  { section: 'added', label: 'Orig App Size:', name: 'original_size', read: sentence },
  { section: 'secured', label: 'Fusion Set ID:', name: 'fusion_set_id', read: unbroken },
  { section: 'secured', label: 'Last Modified:', name: 'fusion_set_modified', read: time },
  { section: 'secured', label: 'Annotation:', name: 'annotation', read: sentence },
  { section: 'secured', label: 'Security Inside:', name: 'security_inside', read: sentence },
  { section: 'signed', label: 'Certificate SHA-256:', name: 'signer_certificate_sha256', read: sha256 },
  { section: 'signed', label: 'Final App SHA-256:', name: 'final_sha256', read: sha256 },
  { section: 'signed', label: 'Final App Size:', name: 'final_size', read: sentence },
];

class FactList {
  readonly facts: Facts = {};
  /** Where the text begins that facts and their labels were read from. */
  readonly read = new Set<Span>();

  add(name: FactName, value: string | undefined, at: Span): void {
    if (value === undefined || value === '') return;
    const fact: Fact = { value, document: 'pdf', where: placeOf(at) };
    this.facts[name] = [...(this.facts[name] ?? []), fact];
    this.read.add(at);
  }
}

export interface PageFacts {
  facts: Facts;
  /** What stands outside the security block and is no part of the layout that we know: no heading, label, value or footer. */
  strays: Paragraph[];
}

/** @returns every fact that the sections show; two values on one row are two facts, and so a contradiction */
export function readFacts(sections: readonly Section[]): PageFacts {
  const list = new FactList();
  for (const section of sections) {
    if (section.kind === 'header') readAppName(section, list);
    if (section.kind === 'certification') readCertification(section, list);
    for (const { section: kind, label, name, read } of LABELLED) {
      if (section.kind === kind)
        readLabelled(section, label, (paragraph) => list.add(name, read(paragraph), paragraph.first));
    }
    if (section.kind === 'secured') readCoveredOs(section, list);
    if (section.kind === 'signed') readSigner(section, list);
    readHeading(section, list);
  }
  readFusionSetName(sections, list);
  const strays = sections
    .filter(({ kind }) => kind !== 'security')
    .flatMap((section) =>
      section.body.filter((paragraph) => !list.read.has(paragraph.first) && !isKnown(section, paragraph)),
    );
  return { facts: list.facts, strays };
}

/** `Version 1.0.1 (5)` and a bundle id: shown below the app's name. */
const APP_LINES = /^(?:Version .+ \(.+\)|[\w-]+(?:\.[\w-]+)+)$/u;
/** What has a place of its own and is no fact that anything is decided by. */
const KNOWN_TEXT: Partial<Record<SectionKind, (text: string, x: number) => boolean>> = {
  header: (text, x) => x > 120 && x < 132 && (APP_LINES.test(text) || text === 'For'),
  secured: (text, x) =>
    x > VALUE_COLUMN && (OS_VERSION.test(text) || /^(?:Android|iOS) \| Appdome OS support policy$/u.test(text)),
  context: (text, x) => (x > VALUE_COLUMN ? APP_LINES.test(text) : text === 'App Preview:'),
  footer: isFooter,
};

function isKnown(section: Section, paragraph: Paragraph): boolean {
  const { x } = paragraph.first;
  const text = joined(paragraph);
  const isLabel = LABELLED.some(({ section: kind, label }) => kind === section.kind && label === text);
  if (x < LABEL_COLUMN_END && (isLabel || (section.kind === 'secured' && text === COVERED_OS))) return true;
  if (section.kind === 'context' && labelRows(section, 'App Preview:').some((row) => standsOn(row, paragraph)))
    return true;
  return KNOWN_TEXT[section.kind]?.(text, x) || KNOWN_TEXT[section.kind]?.(joined(paragraph, ''), x) || false;
}

function standsOn(row: Span, paragraph: Paragraph): boolean {
  return paragraph.lines.some((line) => Math.abs(line.top - row.top) <= SAME_ROW);
}

function labelRows(section: Section, label: string): Span[] {
  return section.body
    .map((paragraph) => paragraph.first)
    .filter((span) => span.text === label && span.x < LABEL_COLUMN_END);
}

function readLabelled(section: Section, label: string, found: (value: Paragraph) => void): void {
  for (const row of labelRows(section, label)) {
    for (const paragraph of section.body) {
      if (paragraph.first.x >= VALUE_COLUMN && standsOn(row, paragraph)) found(paragraph);
    }
  }
}

/** The header's large line beside the icon. */
function readAppName(section: Section, list: FactList): void {
  const name = section.body.find(({ first }) => first.x > 120 && first.x < 132 && first.size > 11 && first.size < 13);
  if (name !== undefined) list.add('app_name', joined(name), name.first);
}

/**
 * Build number and platform at the end of the certifying sentence. The app's name and version stand before them and are free text,
 * so only the end of the sentence is read.
 */
const SENTENCE_END =
  /^This certifies that Appdome has secured .*, build #(\S+) for (Android|iOS) with the security features identified in this certificate on \S+\.$/;

export function certifyingSentence(section: Section): Paragraph | undefined {
  return section.body.find(
    (paragraph) => paragraph.first.x < 64 && joined(paragraph).startsWith('This certifies that Appdome has secured '),
  );
}

function readCertification(section: Section, list: FactList): void {
  const paragraph = certifyingSentence(section);
  const match = paragraph && SENTENCE_END.exec(joined(paragraph));
  if (!paragraph || !match) return;
  list.read.add(paragraph.first);
  list.add('app_build_number', match[1], paragraph.first);
  list.add('platform', match[2], paragraph.first);
}

const HEADING_TIME = new RegExp(` on (${PRINTED_TIME})$`);
const TIME_OF_SECTION: Partial<Record<SectionKind, FactName>> = {
  added: 'app_added',
  secured: 'app_secured',
  context: 'context_added',
  signed: 'app_signed',
};
const BUILD_CLIENT = /^App Secured via API (?:- )?\(([^()]*)\)/;

function readHeading(section: Section, list: FactList): void {
  const { heading, kind, title } = section;
  const name = TIME_OF_SECTION[kind];
  if (heading === undefined || name === undefined) return;
  list.add(name, HEADING_TIME.exec(title)?.[1], heading.first);
  if (kind === 'secured') list.add('build_external_api_plugin_name', BUILD_CLIENT.exec(title)?.[1], heading.first);
}

const COVERED_OS = 'Covered OS:';
const OS_VERSION = /^[A-Za-z]+ \d+(?:\.\d+)*\+?$/;

/** The OS versions below the row Covered OS, in frames that begin right of the value column's edge. */
function readCoveredOs(section: Section, list: FactList): void {
  const [label] = labelRows(section, COVERED_OS);
  if (label === undefined) return;
  const versions = section.body
    .flatMap((paragraph) => paragraph.lines)
    .filter((span) => span.x > 228 && span.top > label.top + SAME_ROW && OS_VERSION.test(span.text))
    .sort((a, b) => a.top - b.top || a.x - b.x);
  const [first] = versions;
  if (first !== undefined) list.add('covered_os', versions.map((span) => span.text).join(', '), first);
}

const OWNER = /^This app is signed correctly by owner (.+)$/;
const EXPIRY = /^The app signature will expire on (.+)$/;

function readSigner(section: Section, list: FactList): void {
  for (const paragraph of section.body) {
    if (paragraph.first.x > LABEL_COLUMN_END) continue;
    const text = joined(paragraph);
    list.add('signer', OWNER.exec(text)?.[1], paragraph.first);
    list.add('signature_expires', EXPIRY.exec(text)?.[1], paragraph.first);
  }
}

const SECURED_TITLE = new RegExp(`^App Secured (?:via API (?:- )?\\([^()]*\\) )?with (.*) on ${PRINTED_TIME}$`);

/**
 * The Fusion Set's name as people wrote it stands in `… with NAME Fusion Set by USER on …`, where both are free text. The block's
 * title prints the name in quotes but with other capitals, so it decides where the name ends; where it cannot, no name is read.
 */
function readFusionSetName(sections: readonly Section[], list: FactList): void {
  const quoted = sections.map((section) => BLOCK_TITLE.exec(section.title)?.[1]).find((name) => name !== undefined);
  for (const section of sections) {
    const text = section.kind === 'secured' ? SECURED_TITLE.exec(section.title)?.[1] : undefined;
    if (text === undefined || section.heading === undefined) continue;
    const parts = text.split(' Fusion Set by ');
    const names = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join(' Fusion Set by '));
    const sure = quoted === undefined ? names : names.filter((name) => folded(name) === folded(quoted));
    if (sure.length === 1) list.add('fusion_set_name', sure[0], section.heading.first);
  }
}

/** Both are wrapped, at different places. */
function folded(name: string): string {
  return name.replace(/\s+/gu, '').toLowerCase();
}
