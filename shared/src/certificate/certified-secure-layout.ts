/** A Certified Secure PDF's text → what it says. Pure; the input's order makes no difference. */
import type { CertificateDocument, Wording } from '../model/certificate.ts';
import { certifyingSentence, readFacts } from './certified-secure-facts.ts';
import { type Section, sectionsOf, toSections } from './certified-secure-sections.ts';
import { type Stray, straysOf } from './certified-secure-strays.ts';
import { toParagraphs, toSpans } from './page-layout.ts';
import type { PdfText } from './pdf-text.ts';
import { readSecurityBlock } from './security-block.ts';

/** @returns why it cannot be judged as a certificate: it does not state that it certifies an app, or which list of protections applies */
export function readCertifiedSecure(
  text: PdfText,
  sha256: string,
): CertificateDocument | 'not-certificate' | 'two-blocks' {
  const sections = toSections(toParagraphs(toSpans(text)));
  const certifications = sectionsOf(sections, 'certification');
  if (!certifications.some((section) => certifyingSentence(section) !== undefined)) return 'not-certificate';
  const [block, ...more] = sectionsOf(sections, 'security');
  if (more.length > 0) return 'two-blocks';
  const strays = straysOf(sections);
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
    listenerDoubts: together(security?.listenerDoubts ?? [], strays),
    mentions: together(unread, strays).map(({ text, document, where }) => ({ text, document, where })),
    facts: readFacts(sections),
    features: security?.features ?? [],
    missingListeners: security?.missingListeners ?? [],
    topLevel: [],
  };
}

function readBlock(sections: readonly Section[], block: Section, strays: readonly Stray[]) {
  const index = sections.indexOf(block);
  const standsIn = (of: (section: number) => boolean) =>
    strays.filter(({ section }) => of(section)).map(({ wording }) => wording);
  const read = readSecurityBlock(
    block,
    standsIn((section) => section <= index),
  );
  // Without its last line, a block may continue below what looks like the next heading.
  const rest = read.ended ? [] : standsIn((section) => section === index + 1);
  return { ...read, unread: [...read.unread, ...rest], bounded: read.ended || sections.length > index + 1 };
}

/** Each place once: the block's reader may report text outside the block too. */
function together(told: readonly Wording[], strays: readonly Stray[]): Wording[] {
  const places = new Set(told.map(({ where, text }) => `${where} ${text}`));
  const others = strays.map(({ wording }) => wording);
  return [...told, ...others.filter(({ where, text }) => !places.has(`${where} ${text}`))];
}
