import type { RawCertificates } from '../model/build-outcome.ts';
import type { DocumentReading, Evidence, FeatureFact } from '../model/certificate.ts';
import { withoutWhiteSpace } from '../text/white-space.ts';
import { factValues } from './identity.ts';
import { FREE_TEXTS } from './json-facts.ts';
import { foldName } from './json-names.ts';
import { readJsonCertificate } from './json-reader.ts';
import { readPdfCertificate } from './pdf-reader.ts';

/**
 * Reads both documents of a build. Never throws for bad content: an unreadable document is evidence of nothing, and the reading says why.
 */
export async function readEvidence(raw: RawCertificates): Promise<Evidence> {
  const pdf = await readPdfCertificate(raw.pdf);
  const printed = new Set(pdf.ok ? pdf.document.features.filter(isPresent).map(({ name }) => foldName(name)) : []);
  const json = readJsonCertificate(raw.json, (name) => printed.has(foldName(name)));
  return { pdf, json: withoutSharedNames(json, pdf) };
}

const isPresent = ({ presence }: FeatureFact) => presence === 'present';

/** A Fusion Set may be called `Root Detection`. Text that the PDF prints as the same fact is only a name, so it mentions nothing. */
function withoutSharedNames(json: DocumentReading, pdf: DocumentReading): DocumentReading {
  if (!json.ok || !pdf.ok) return json;
  const places = new Set(
    FREE_TEXTS.flatMap((name) => {
      const printed = new Set(factValues(pdf.document, name).map(({ value }) => folded(value)));
      return factValues(json.document, name).filter(({ value }) => printed.has(folded(value)));
    }).map(({ where }) => where),
  );
  // With words of its own, a mention is more than the name.
  const mentions = json.document.mentions.filter(({ where, words }) => words !== undefined || !places.has(where));
  return { ok: true, document: { ...json.document, mentions } };
}

/** Names wrap on the page, and are capitalised differently in places. */
function folded(name: string): string {
  return withoutWhiteSpace(name).toLowerCase();
}
