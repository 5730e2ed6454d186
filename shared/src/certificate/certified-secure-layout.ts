/** A Certified Secure PDF's text → what it says. Pure; the input's order makes no difference. */
import type { CertificateDocument, Facts, Mention, Wording } from '../model/certificate.ts';
import { defined } from '../model/defined.ts';
import { withoutWhiteSpace } from '../text/white-space.ts';
import { certifyingSentence, readFacts } from './certified-secure-facts.ts';
import { type CertificateSection, sectionsOf, toSections } from './certified-secure-sections.ts';
import { type Stray, straysOf } from './certified-secure-strays.ts';
import { isRehearsalMark, REHEARSAL_VERSION } from './known-wording.ts';
import { toParagraphs, toSpans } from './page-layout.ts';
import type { PdfText } from './pdf-text.ts';
import { type PlacedWording, readSecurityBlock } from './security-block.ts';

/** @returns why it cannot be judged as a certificate: it does not state that it certifies an app, or which list of protections applies */
export function readCertifiedSecure(
  text: PdfText,
  sha256: string,
): CertificateDocument | 'not-certificate' | 'two-blocks' {
  const spans = toSpans(text);
  const sections = toSections(toParagraphs(spans));
  const certifications = sectionsOf(sections, 'certification');
  if (!certifications.some((section) => certifyingSentence(section) !== undefined)) return 'not-certificate';
  const [block, ...more] = sectionsOf(sections, 'security');
  if (more.length > 0) return 'two-blocks';
  const strays = straysOf(sections);
  const security = block && readBlock(sections, block, strays);
  const unread = (security?.unread ?? []).map(({ wording }) => wording);
  const signing = signingOf(sections, [...strays, ...(security?.unread ?? [])]);
  const facts = readFacts(sections, together(afterList(security), strays));
  const bounded = security !== undefined && text.pages.length === 1 && security.bounded;
  return {
    kind: 'pdf',
    sha256,
    shape: 'certified-secure',
    hasFeatureList: security !== undefined,
    bounded,
    complete: bounded && unread.length === 0,
    unread,
    listenerDoubts: together(security?.listenerDoubts ?? [], strays).map(({ wording }) => wording),
    mentions: toMentions(together(security?.unread ?? [], strays)),
    facts,
    ...defined({ signing }),
    features: security?.features ?? [],
    missingListeners: security?.missingListeners ?? [],
    ...(spans.some((span) => isRehearsalMark(span.text)) || isRehearsalVersion(facts) ? { rehearsal: true } : {}),
    topLevel: [],
  };
}

function readBlock(sections: readonly CertificateSection[], block: CertificateSection, strays: readonly Stray[]) {
  const index = sections.indexOf(block);
  const read = readSecurityBlock(
    block,
    strays.filter(({ section }) => section <= index),
  );
  // Without its last line, a block may continue below what looks like the next heading.
  const rest = read.ended ? [] : strays.filter(({ section }) => section === index + 1);
  return { ...read, unread: [...read.unread, ...rest], bounded: read.ended || sections.length > index + 1 };
}

/** A hash may wrap. */
const PIECE_OF_HASH = /[\da-f]{16}/iu;

/** @param unread everything on the page that is not understood */
function signingOf(
  sections: readonly CertificateSection[],
  unread: readonly PlacedWording[],
): CertificateDocument['signing'] {
  // It could be the hash of what Appdome has signed.
  if (unread.some(({ wording }) => PIECE_OF_HASH.test(withoutWhiteSpace(wording.text)))) return undefined;
  if (sectionsOf(sections, 'signed').length > 0) return undefined;
  // The one for signing later is the only understood part without a kind of its own.
  const [part, ...more] = sectionsOf(sections, 'other');
  if (part === undefined) return 'none';
  const top = part.heading?.first.top ?? 0;
  return more.length > 0 || unread.some(({ bottom }) => bottom >= top) ? undefined : 'later';
}

function isRehearsalVersion({ appdome_version: versions = [] }: Facts): boolean {
  return versions.some(({ value }) => value.includes(REHEARSAL_VERSION));
}

/** Below the list; without its last line, all that is unread in it may be. */
function afterList(security: ReturnType<typeof readBlock> | undefined): PlacedWording[] {
  return (security?.unread ?? []).filter(({ wording }) => wording.outside || !security?.ended);
}

/** Each place once: the block's reader may report text outside the block too. */
function together(told: readonly PlacedWording[], strays: readonly Stray[]): PlacedWording[] {
  const places = new Set(told.map(({ wording: { where, text } }) => `${where} ${text}`));
  return [...told, ...strays.filter(({ wording: { where, text } }) => !places.has(`${where} ${text}`))];
}

/** Wrapped lines are nearer than this, rows of the list farther apart. */
const SAME_LINE = 16;

function toMentions(unread: readonly PlacedWording[]): Mention[] {
  return unread.map((one) => {
    const { text, document, where } = one.wording;
    const beside: Wording[] = [];
    for (const other of unread) {
      if (other.top - one.bottom >= SAME_LINE || one.top - other.bottom >= SAME_LINE) continue;
      if (other !== one) beside.push(other.wording);
    }
    return { text, document, where, ...(beside.length === 0 ? {} : { beside }) };
  });
}
