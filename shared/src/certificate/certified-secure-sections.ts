/**
 * The sections of a Certified Secure certificate, by their headings (appdome-api.md §6.2, three real ones).
 *
 * Positions are those of the real layout, a 596 pt wide page. A heading is recognised by its text and its column. A wrapped line of free
 * text that looks like a heading is in another column or continues a paragraph, so it does not count.
 */
import { BLOCK_TITLE } from './known-wording.ts';
import { joined, type Paragraph, type Span } from './page-layout.ts';

export type SectionKind =
  | 'header'
  | 'certification'
  | 'added'
  | 'secured'
  | 'security'
  | 'context'
  | 'signed'
  /** An unknown block whose heading ends like the others (`… on 17-Jul-25, 15:00 UTC`), e.g. private signing. */
  | 'other'
  | 'footer';

export interface CertificateSection {
  kind: SectionKind;
  /** Absent for the text above the first heading. */
  heading?: Paragraph;
  /** The heading on one line. */
  title: string;
  /** Paragraphs that begin below the heading and above the next one. */
  body: Paragraph[];
  /** Lines of paragraphs that began further up and reach into this section: text that overlaps it. */
  overrun: Span[];
}

/** `17-Jul-25, 15:00 UTC`, as printed. */
export const PRINTED_TIME = '\\d{1,2}-[A-Z][a-z]{2}-\\d{2}, \\d{2}:\\d{2} UTC';

/** Headings of the blocks are at x = 64 to 66. */
const HEADING_COLUMN = { from: 61, to: 69 };

const BLOCK_TITLES: ReadonlyArray<[SectionKind, RegExp]> = [
  ['added', new RegExp(`^App Added by .* on ${PRINTED_TIME}$`)],
  ['secured', new RegExp(`^App Secured .* on ${PRINTED_TIME}$`)],
  ['context', new RegExp(`^Added Context .* on ${PRINTED_TIME}$`)],
  ['signed', new RegExp(`^App Signed .* on ${PRINTED_TIME}$`)],
  ['other', new RegExp(`^[A-Z].* on ${PRINTED_TIME}$`)],
  ['security', BLOCK_TITLE],
];

function kindOf(paragraph: Paragraph, title: string): SectionKind | undefined {
  const { x, size, text } = paragraph.first;
  if (title === 'Certification' && x > 52 && x < 62 && size > 11) return 'certification';
  if (text.startsWith('©') && size > 8) return 'footer';
  if (x < HEADING_COLUMN.from || x > HEADING_COLUMN.to) return undefined;
  if (size < 9.5 || size > 10.5) return undefined;
  return BLOCK_TITLES.find(([, pattern]) => pattern.test(title))?.[0];
}

/** @returns the sections from top to bottom; the first one is the text above all headings */
export function toSections(paragraphs: readonly Paragraph[]): CertificateSection[] {
  const sections: CertificateSection[] = [{ kind: 'header', title: '', body: [], overrun: [] }];
  const titled = paragraphs.map((paragraph) => ({ paragraph, title: joined(paragraph) }));
  const kinds = titled.map(({ paragraph, title }) => kindOf(paragraph, title));
  const lowest = kinds.findLastIndex((kind) => kind !== undefined);
  for (const [index, { paragraph, title }] of titled.entries()) {
    // The footer has no column of its own, so free text could be mistaken for one: only the lowest heading can be the footer.
    const kind = kinds[index] === 'footer' && index !== lowest ? undefined : kinds[index];
    if (kind === undefined) sections.at(-1)?.body.push(paragraph);
    else sections.push({ kind, heading: paragraph, title, body: [], overrun: [] });
  }
  for (const [index, section] of sections.entries()) {
    const top = section.heading?.first.top ?? 0;
    const bottom = sections[index + 1]?.heading?.first.top ?? Number.POSITIVE_INFINITY;
    const above = sections.slice(0, index).flatMap(({ body }) => body);
    const lines = above.filter(({ last }) => last.top > top).flatMap((paragraph) => paragraph.lines);
    section.overrun = lines.filter((line) => line.top > top && line.top < bottom);
  }
  return sections;
}

/** @returns every section of a kind; more than one makes the page ambiguous */
export function sectionsOf(sections: readonly CertificateSection[], kind: SectionKind): CertificateSection[] {
  return sections.filter((section) => section.kind === kind);
}
