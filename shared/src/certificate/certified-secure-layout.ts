/** A Certified Secure PDF's text → what it says. Pure; the input's order makes no difference. */
import type { CertificateDocument } from './certificate.ts';
import { certifyingSentence, readFacts } from './certified-secure-facts.ts';
import { type Section, sectionsOf, toSections } from './certified-secure-sections.ts';
import { toParagraphs, toSpans } from './page-layout.ts';
import type { PdfText } from './pdf-text.ts';
import { readSecurityBlock, type SecurityBlock } from './security-block.ts';

/** @returns undefined when the page does not say that it certifies an app */
export function readCertifiedSecure(text: PdfText, sha256: string): CertificateDocument | undefined {
  const sections = toSections(toParagraphs(toSpans(text)));
  const certifications = sectionsOf(sections, 'certification');
  if (!certifications.some((section) => certifyingSentence(section) !== undefined)) return undefined;
  const blocks = sectionsOf(sections, 'security');
  // Two blocks are not the layout that we know, and choosing one would be a guess.
  const [block] = blocks.length === 1 ? blocks : [];
  const read = block && readSecurityBlock(block);
  return {
    kind: 'pdf',
    sha256,
    shape: 'certified-secure',
    hasFeatureList: read !== undefined,
    complete: read !== undefined && block !== undefined && isWhole(text, sections, block, read),
    facts: readFacts(sections),
    features: read?.features ?? [],
    missingListeners: read?.missingListeners ?? [],
    topLevel: [],
  };
}

/** The block has an end that we know, everything in it was understood, and it lies on one page as every real one does. */
function isWhole(text: PdfText, sections: readonly Section[], block: Section, read: SecurityBlock): boolean {
  const next = sections[sections.indexOf(block) + 1];
  return text.pages.length === 1 && read.unread === 0 && (read.ended || next !== undefined);
}
