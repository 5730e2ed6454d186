/**
 * Finds text outside the security block that is not understood. Here too only an allow-list decides: a heading in its order, a label of its
 * section, a value of its form, the certifying sentence word for word. Everything else is a stray.
 *
 * Only text written by people may be anything, each in its one place: the app's name, the annotation, the Fusion Set's name, its user, the
 * signer.
 */
import type { Wording } from '../model/certificate.ts';
import { withoutWhiteSpace } from '../text/white-space.ts';
import {
  COVERED_OS,
  certifyingSentence,
  EXPIRY,
  isAppName,
  LABEL_COLUMN_END,
  LABELLED_FACTS,
  type Labelled,
  labelRows,
  OWNER,
  VALUE_COLUMN,
} from './certified-secure-facts.ts';
import { type CertificateSection, PRINTED_TIME, type SectionKind } from './certified-secure-sections.ts';
import { BLOCK_TITLE, isFooterLine, isPartOpening, isRehearsalBanner, VALUE_FORMS } from './known-wording.ts';
import { joined, type Paragraph, placeOf, SAME_ROW } from './page-layout.ts';
import type { PlacedWording } from './security-block.ts';

export interface Stray extends PlacedWording {
  /** The section it is in. */
  section: number;
}

const LABELLED: readonly Labelled[] = [
  ...LABELLED_FACTS,
  { section: 'secured', label: COVERED_OS, form: VALUE_FORMS.coveredOs },
  { section: 'context', label: 'App Preview:', form: 'people' },
];

/** The order of the parts. With private signing, an unknown part may take the place of the signing part. */
const ORDER: readonly SectionKind[] = ['header', 'certification', 'added', 'secured', 'security', 'context', 'signed'];
const placeInOrder = (kind: SectionKind) => (kind === 'other' ? ORDER.indexOf('signed') : ORDER.indexOf(kind));

/** What one place on the page says about another. */
interface Page {
  /** How names end a heading; absent if no block states the Fusion Set's name. */
  names: RegExp | undefined;
  /** The app's name in the header, and the line with its version, as the certifying sentence repeats them. */
  certified: { name: Paragraph; versionLine: string; sentence: Paragraph } | undefined;
  bundleId: string | undefined;
}

/** @returns from top to bottom */
export function straysOf(sections: readonly CertificateSection[]): Stray[] {
  const page = pageOf(sections);
  const strays: Stray[] = [];
  let reached = 0;
  for (const [index, section] of sections.entries()) {
    const { heading, kind, title } = section;
    const place = kind === 'footer' ? ORDER.length : placeInOrder(kind);
    if (heading !== undefined && place > reached && isKnownHeading(section, page)) reached = place;
    else if (heading !== undefined) {
      // Without the names of the Fusion Set and its user, which may differ in the next build.
      strays.push({ section: index, ...placed(heading, page.names?.exec(title)?.[1] ?? title) });
    }
    if (kind === 'security') continue;
    for (const paragraph of section.body) {
      if (!isUnderstood(section, paragraph, page)) strays.push({ section: index, ...placed(paragraph) });
    }
  }
  return strays;
}

function placed(paragraph: Paragraph, text = joined(paragraph)): PlacedWording {
  const { first, last } = paragraph;
  const wording: Wording = { kind: 'text', text, document: 'pdf', where: placeOf(first), outside: true };
  return { wording, top: first.top, bottom: last.top };
}

function pageOf(sections: readonly CertificateSection[]): Page {
  const [header] = sections;
  const certification = sections.find(({ kind }) => kind === 'certification');
  const added = sections.find(({ kind }) => kind === 'added');
  const sentence = certification && certifyingSentence(certification);
  const lines = header?.body.filter(inHeaderColumn) ?? [];
  const [certified] = lines.filter(isAppName).flatMap((name) => {
    const versionLine = lines.map((line) => joined(line)).find((line) => sentence && certifies(sentence, name, line));
    return sentence === undefined || versionLine === undefined ? [] : [{ name, versionLine, sentence }];
  });
  const [row] = added === undefined ? [] : labelRows(added, 'Bundle ID:');
  const bundleId = added?.body.find(({ first }) => row && first.x >= VALUE_COLUMN && isOnRow(first, row));
  const setName = sections.map(({ title }) => BLOCK_TITLE.exec(title)?.[1]).find((found) => found !== undefined);
  return {
    names: setName === undefined ? undefined : namesAfter(setName),
    certified,
    bundleId: bundleId && joined(bundleId, ''),
  };
}

const isOnRow = (one: { top: number }, other: { top: number }) => Math.abs(one.top - other.top) <= SAME_ROW;
const inHeaderColumn = ({ first }: Paragraph) => first.x > 120 && first.x < 132;

const VERSION_LINE = /^Version (.*) \(([^()]*)\)$/u;
/** Without its blanks. */
const CERTIFIED = /^for(?:Android|iOS)withthesecurityfeaturesidentifiedinthiscertificateon(.+)\.$/u;

/** The app's name and version are free text, so the sentence must repeat the header's. Then nothing else can hide between its words. */
function certifies(sentence: Paragraph, name: Paragraph, versionLine: string): boolean {
  const [, version, build] = VERSION_LINE.exec(versionLine) ?? [];
  if (version === undefined || build === undefined) return false;
  const whole = withoutWhiteSpace(joined(sentence));
  const begin = withoutWhiteSpace(
    `This certifies that Appdome has secured ${joined(name)} Version ${version}, build #${build}`,
  );
  const day = whole.startsWith(begin) ? CERTIFIED.exec(whole.slice(begin.length))?.[1] : undefined;
  return day !== undefined && VALUE_FORMS.day.test(day);
}

/** ` with NAME Fusion Set by USER on TIME`, where NAME is the name in the block's title, which is capitalised differently. */
function namesAfter(setName: string): RegExp {
  const letters = [...withoutWhiteSpace(setName)].map((letter) =>
    letter.replace(/[\\^$.*+?()[\]{}|/]/u, String.raw`\$&`),
  );
  return new RegExp(`^(.*?) with ${letters.join(String.raw`\s*`)} Fusion Set by .* on ${PRINTED_TIME}$`, 'iu');
}

function isKnownHeading({ kind, title }: CertificateSection, page: Page): boolean {
  if (kind === 'certification' || kind === 'security' || kind === 'added') return true;
  if (kind === 'footer') return isFooterLine(title);
  // Without a block nothing is proven.
  if (page.names === undefined) return kind !== 'other';
  return isPartOpening(page.names.exec(title)?.[1] ?? '');
}

function isUnderstood(section: CertificateSection, paragraph: Paragraph, page: Page): boolean {
  const { x } = paragraph.first;
  const text = joined(paragraph);
  if (x < LABEL_COLUMN_END && LABELLED.some(({ section: kind, label }) => kind === section.kind && label === text))
    return true;
  const rows = x < VALUE_COLUMN ? [] : rowsBeside(section, paragraph);
  if (rows.length > 0) return rows.length === 1 && rows.every((row) => fits(row, section, paragraph, page));
  switch (section.kind) {
    case 'header':
      return isRehearsalBanner(text) || (inHeaderColumn(paragraph) && isHeaderLine(section, paragraph, page));
    case 'certification':
      return paragraph === page.certified?.sentence;
    case 'secured':
      return x > VALUE_COLUMN && VALUE_FORMS.osVersion.test(text);
    case 'context':
      return x > VALUE_COLUMN && isAppLine(section, paragraph, page);
    case 'signed':
      return x < LABEL_COLUMN_END && isSignature(section, text);
    case 'footer':
      return paragraph.lines.every((line) => isFooterLine(line.text));
    default:
      return false;
  }
}

interface Row extends Labelled {
  top: number;
}

/** The labels on whose rows a paragraph is. */
function rowsBeside(section: CertificateSection, paragraph: Paragraph): Row[] {
  return LABELLED.filter(({ section: kind }) => kind === section.kind).flatMap((labelled) =>
    labelRows(section, labelled.label)
      .filter((row) => paragraph.lines.some((line) => isOnRow(line, row)))
      .map(({ top }) => ({ ...labelled, top })),
  );
}

function fits(row: Row, section: CertificateSection, paragraph: Paragraph, page: Page): boolean {
  if (!isOnRow(paragraph.first, row)) return false;
  const text = joined(paragraph, row.cut ? '' : ' ');
  if (row.label === 'Version:') {
    const version = VERSION_LINE.exec(page.certified?.versionLine ?? '')?.[1];
    if (version !== undefined && withoutWhiteSpace(text) === withoutWhiteSpace(version)) return true;
  }
  // Nothing else may be beside a person's text: a second text would not be theirs.
  const alone = () =>
    section.body.filter(
      (other) => other.first.x >= VALUE_COLUMN && other.lines.some((line) => isOnRow(line, { top: row.top })),
    ).length === 1;
  if (row.form === 'people') return alone();
  return row.form.test(text) && (!text.includes(' by ') || alone());
}

function isHeaderLine(section: CertificateSection, paragraph: Paragraph, page: Page): boolean {
  const text = joined(paragraph);
  return (
    text === 'For' ||
    paragraph === page.certified?.name ||
    text === page.certified?.versionLine ||
    isBundleId(section, paragraph, page)
  );
}

/** The app's name is on the label's row. */
function isAppLine(section: CertificateSection, paragraph: Paragraph, page: Page): boolean {
  if (isBundleId(section, paragraph, page)) return true;
  const text = joined(paragraph);
  if (text === page.certified?.versionLine) return true;
  // The context step may change it to anything its user likes: free text, in its one place.
  const [, version = '', build = ''] = VERSION_LINE.exec(text) ?? [];
  const alone = section.body.filter((other) => VERSION_LINE.test(joined(other))).length === 1;
  return alone && /^\d\S*(?: \S{1,12})?$/u.test(version) && VALUE_FORMS.appBuild.test(build);
}

/** The app's own, or the only one here: the context step may change it. */
function isBundleId(section: CertificateSection, paragraph: Paragraph, { bundleId }: Page): boolean {
  const fitting = section.body.map((other) => joined(other, '')).filter((text) => VALUE_FORMS.bundleId.test(text));
  const text = joined(paragraph, '');
  // On one line: a second line could be another text.
  const alone = fitting.length === 1 && paragraph.lines.length === 1;
  return VALUE_FORMS.bundleId.test(text) && (text === bundleId || alone);
}

function isSignature(section: CertificateSection, text: string): boolean {
  if (OWNER.test(text)) return section.body.filter((other) => OWNER.test(joined(other))).length === 1;
  return VALUE_FORMS.expiry.test(EXPIRY.exec(text)?.[1] ?? '');
}
