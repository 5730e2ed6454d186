/**
 * The labelled facts of a Certified Secure certificate (appdome-api.md §6.2): build, app, Fusion Set, signature, hashes, dates.
 *
 * A label counts only in the label column of its own section, and only if it is the whole text; its value is in the value column on the
 * same baseline. Names of people are cut off: of `17-Jul-25, 15:00 UTC by …` only the time is kept.
 */
import type { Fact, FactName, Facts } from '../model/certificate.ts';
import { withoutWhiteSpace } from '../text/white-space.ts';
import { type CertificateSection, PRINTED_TIME, type SectionKind } from './certified-secure-sections.ts';
import { BLOCK_TITLE, VALUE_FORMS } from './known-wording.ts';
import { joined, type Paragraph, placeOf, SAME_ROW, type Span } from './page-layout.ts';
import type { PlacedWording } from './security-block.ts';

/** Labels begin at x = 59 to 97, values at 213 and more. */
export const LABEL_COLUMN_END = 110;
export const VALUE_COLUMN = 205;

type Reading = (paragraph: Paragraph) => string | undefined;

const sentence: Reading = (paragraph) => joined(paragraph);
/** Ids and package names contain no blanks, so a line break inside one is just a wrap. */
const unbroken: Reading = (paragraph) => joined(paragraph, '');
const TIME = new RegExp(`^(${PRINTED_TIME})(?: by .*)?$`, 'u');
const time: Reading = (paragraph) => TIME.exec(joined(paragraph))?.[1];

/** 64 hex digits, wherever they wrap (48+16, 47+17, 45+19 seen). Anything of another length is not a hash. */
const sha256: Reading = (paragraph) => {
  const digits = joined(paragraph, '');
  return VALUE_FORMS.sha256.test(digits) ? digits : undefined;
};

/** A label, and the form of its value: `people` = free text written by a person. */
export interface Labelled {
  section: SectionKind;
  label: string;
  form: RegExp | 'people';
  /** The value is an id or a hash, which may wrap anywhere. */
  cut?: boolean;
}

const fact = (section: SectionKind, label: string, name: FactName, read: Reading, form: Labelled['form']) => ({
  ...{ section, label, name, read, form },
  cut: read === unbroken || read === sha256,
});

export const LABELLED_FACTS: ReadonlyArray<Labelled & { name: FactName; read: Reading }> = [
  fact('certification', 'Certificate Creation:', 'certificate_created', time, TIME),
  fact('certification', 'Build ID:', 'build_id', unbroken, VALUE_FORMS.id),
  fact('certification', 'Appdome Version:', 'appdome_version', unbroken, VALUE_FORMS.appdomeVersion),
  fact('added', 'App ID:', 'app_id', unbroken, VALUE_FORMS.id),
  fact('added', 'Bundle ID:', 'bundle_id', unbroken, VALUE_FORMS.bundleId),
  fact('added', 'Version:', 'app_version', sentence, VALUE_FORMS.appVersion),
  fact('added', 'Orig App SHA-256:', 'original_sha256', sha256, VALUE_FORMS.sha256),
  fact('added', 'Orig App Size:', 'original_size', sentence, VALUE_FORMS.size),
  fact('secured', 'Fusion Set ID:', 'fusion_set_id', unbroken, VALUE_FORMS.id),
  fact('secured', 'Last Modified:', 'fusion_set_modified', time, TIME),
  fact('secured', 'Annotation:', 'annotation', sentence, 'people'),
  fact('secured', 'Security Inside:', 'security_inside', sentence, VALUE_FORMS.sizeDelta),
  fact('signed', 'Certificate SHA-256:', 'signer_certificate_sha256', sha256, VALUE_FORMS.sha256),
  fact('signed', 'Final App SHA-256:', 'final_sha256', sha256, VALUE_FORMS.sha256),
  fact('signed', 'Final App Size:', 'final_size', sentence, VALUE_FORMS.size),
];

class FactList {
  readonly facts: Facts = {};
  readonly #strays: readonly PlacedWording[];

  constructor(strays: readonly PlacedWording[]) {
    this.#strays = strays;
  }

  add(name: FactName, value: string | undefined, at: Span): void {
    if (value === undefined || value === '') return;
    const unread = this.#strays.filter(({ top }) => top <= at.top + SAME_ROW).map(({ wording }) => wording);
    const fact: Fact = { value, document: 'pdf', where: placeOf(at), ...(unread.length === 0 ? {} : { unread }) };
    this.facts[name] = [...(this.facts[name] ?? []), fact];
  }
}

/**
 * @param strays text outside the list of protections that is not understood: it may take back what is below it, or beside it
 * @returns every fact that the sections show; two values on one row are two facts, hence a contradiction
 */
export function readFacts(sections: readonly CertificateSection[], strays: readonly PlacedWording[] = []): Facts {
  const list = new FactList(strays);
  for (const section of sections) {
    if (section.kind === 'header') readAppName(section, list);
    if (section.kind === 'certification') readCertification(section, list);
    for (const { section: kind, label, name, read } of LABELLED_FACTS) {
      if (section.kind === kind)
        readLabelled(section, label, (paragraph) => list.add(name, read(paragraph), paragraph.first));
    }
    if (section.kind === 'secured') readCoveredOs(section, list);
    if (section.kind === 'signed') readSigner(section, list);
    readHeading(section, list);
  }
  readFusionSetName(sections, list);
  return list.facts;
}

function standsOn(row: Span, paragraph: Paragraph): boolean {
  return paragraph.lines.some((line) => Math.abs(line.top - row.top) <= SAME_ROW);
}

export function labelRows(section: CertificateSection, label: string): Span[] {
  return section.body
    .map((paragraph) => paragraph.first)
    .filter((span) => span.text === label && span.x < LABEL_COLUMN_END);
}

function readLabelled(section: CertificateSection, label: string, found: (value: Paragraph) => void): void {
  for (const row of labelRows(section, label)) {
    for (const paragraph of section.body) {
      if (paragraph.first.x >= VALUE_COLUMN && standsOn(row, paragraph)) found(paragraph);
    }
  }
}

/** The header's large line beside the icon. */
export const isAppName = ({ first }: Paragraph) => first.x > 120 && first.x < 132 && first.size > 11 && first.size < 13;

function readAppName(section: CertificateSection, list: FactList): void {
  const name = section.body.find(isAppName);
  if (name !== undefined) list.add('app_name', joined(name), name.first);
}

/**
 * Build number and platform at the end of the certifying sentence. The app's name and version come before them and are free text, so only
 * the end of the sentence is read.
 */
const SENTENCE_END =
  /^This certifies that Appdome has secured .*, build #(\S+) for (Android|iOS) with the security features identified in this certificate on \S+\.$/;

export function certifyingSentence(section: CertificateSection): Paragraph | undefined {
  return section.body.find(
    (paragraph) => paragraph.first.x < 64 && joined(paragraph).startsWith('This certifies that Appdome has secured '),
  );
}

function readCertification(section: CertificateSection, list: FactList): void {
  const paragraph = certifyingSentence(section);
  const match = paragraph && SENTENCE_END.exec(joined(paragraph));
  if (!paragraph || !match) return;
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

function readHeading(section: CertificateSection, list: FactList): void {
  const { heading, kind, title } = section;
  const name = TIME_OF_SECTION[kind];
  if (heading === undefined || name === undefined) return;
  list.add(name, HEADING_TIME.exec(title)?.[1], heading.first);
  if (kind === 'secured') list.add('build_external_api_plugin_name', BUILD_CLIENT.exec(title)?.[1], heading.first);
}

export const COVERED_OS = 'Covered OS:';

/** The OS versions below the row Covered OS, in frames that begin right of the value column's edge. */
function readCoveredOs(section: CertificateSection, list: FactList): void {
  const [label] = labelRows(section, COVERED_OS);
  if (label === undefined) return;
  const versions = section.body
    .flatMap((paragraph) => paragraph.lines)
    .filter((span) => span.x > 228 && span.top > label.top + SAME_ROW && VALUE_FORMS.osVersion.test(span.text))
    .sort((a, b) => a.top - b.top || a.x - b.x);
  const [first] = versions;
  if (first !== undefined) list.add('covered_os', versions.map((span) => span.text).join(', '), first);
}

export const OWNER = /^This app is signed correctly by owner (.+)$/u;
export const EXPIRY = /^The app signature will expire on (.+)$/u;

function readSigner(section: CertificateSection, list: FactList): void {
  for (const paragraph of section.body) {
    if (paragraph.first.x > LABEL_COLUMN_END) continue;
    const text = joined(paragraph);
    list.add('signer', OWNER.exec(text)?.[1], paragraph.first);
    list.add('signature_expires', EXPIRY.exec(text)?.[1], paragraph.first);
  }
}

const SECURED_TITLE = new RegExp(`^App Secured (?:via API (?:- )?\\([^()]*\\) )?with (.*) on ${PRINTED_TIME}$`);

/**
 * `… with NAME Fusion Set by USER on …` has the Fusion Set's name as its author wrote it, but both names are free text. The block's title
 * prints the name in quotes, with different capitalisation, so it decides where the name ends. If it cannot, no name is read.
 */
function readFusionSetName(sections: readonly CertificateSection[], list: FactList): void {
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

/** The two texts wrap at different places. */
function folded(name: string): string {
  return withoutWhiteSpace(name).toLowerCase();
}
