/** A Certified Secure PDF's text → what it says. Pure; the input's order makes no difference. */
import type { CertificateDocument, Mention, Wording } from '../model/certificate.ts';
import { certifyingSentence, readFacts } from './certified-secure-facts.ts';
import { PRINTED_TIME, type Section, sectionsOf, toSections } from './certified-secure-sections.ts';
import { joined, type Paragraph, placeOf, SAME_ROW, toParagraphs, toSpans } from './page-layout.ts';
import type { PdfText } from './pdf-text.ts';
import { readSecurityBlock } from './security-block.ts';

/** @returns why it is no certificate that can be judged: it does not say that it certifies an app, or which list of protections holds */
export function readCertifiedSecure(
  text: PdfText,
  sha256: string,
): CertificateDocument | 'not-certificate' | 'two-blocks' {
  const sections = toSections(toParagraphs(toSpans(text)));
  const certifications = sectionsOf(sections, 'certification');
  if (!certifications.some((section) => certifyingSentence(section) !== undefined)) return 'not-certificate';
  const [block, ...more] = sectionsOf(sections, 'security');
  if (more.length > 0) return 'two-blocks';
  const { facts, strays } = readFacts(sections);
  const security = block && readBlock(sections, block, strays);
  const unread = security?.unread ?? [];
  const bounded = security !== undefined && text.pages.length === 1 && security.bounded;
  return {
    kind: 'pdf',
    sha256,
    shape: 'certified-secure',
    hasFeatureList: security !== undefined,
    bounded,
    complete: bounded && unread.length === 0,
    unread,
    listenerDoubts: security?.listenerDoubts ?? [],
    mentions: mentionsOf(sections, strays, unread),
    facts,
    features: security?.features ?? [],
    missingListeners: security?.missingListeners ?? [],
    topLevel: [],
  };
}

/** Text so near above the block's title may speak of the block; the last row above it is 43 away. */
const ABOVE_TITLE = 30;

function readBlock(sections: readonly Section[], block: Section, strays: readonly Paragraph[]) {
  const next = sections[sections.indexOf(block) + 1];
  const top = block.heading?.first.top ?? 0;
  const near = strays.filter(({ last }) => last.top > top - ABOVE_TITLE && last.top <= top + SAME_ROW);
  const read = readSecurityBlock(block, near);
  // Without its last line, a block may go on below what reads like the next heading.
  const rest = read.ended ? [] : (next?.body ?? []).filter((paragraph) => strays.includes(paragraph)).map(toWording);
  return {
    ...read,
    unread: [...read.unread, ...rest],
    listenerDoubts: [...read.listenerDoubts, ...rest],
    bounded: read.ended || next !== undefined,
  };
}

function toWording(paragraph: Paragraph): Wording {
  return { kind: 'text', ...toMention(paragraph) };
}

function toMention(paragraph: Paragraph): Mention {
  return { text: joined(paragraph), document: 'pdf', where: placeOf(paragraph.first) };
}

function mentionsOf(sections: readonly Section[], strays: readonly Paragraph[], unread: readonly Wording[]): Mention[] {
  const told = new Set(unread.map(({ where, text }) => `${where} ${text}`));
  const elsewhere = [...strays.map(toMention), ...sections.flatMap(headingMention)];
  return [
    ...unread.map(({ text, document, where }) => ({ text, document, where })),
    ...elsewhere.filter(({ where, text }) => !told.has(`${where} ${text}`)),
  ];
}

const NAMES_OF_PEOPLE = new RegExp(`(?: with .*)? Fusion Set by .* on ${PRINTED_TIME}$|^App Added by .*$`, 'u');
const KNOWN_HEADING = /^(?:App Secured|Added Context|App Signed)(?: via API (?:- )?\([^()]*\))?(?: on Appdome)?$/u;

/** What a dated heading says besides the names of the Fusion Set and its user. */
function headingMention({ heading, title, kind }: Section): Mention[] {
  if (heading === undefined || kind === 'certification' || kind === 'security' || kind === 'footer') return [];
  const text = title.replace(NAMES_OF_PEOPLE, '');
  return text === '' || KNOWN_HEADING.test(text) ? [] : [{ ...toMention(heading), text }];
}
