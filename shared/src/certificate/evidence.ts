import type { RawCertificates } from '../model/build-outcome.ts';
import type { Evidence } from '../model/certificate.ts';
import { pairOf } from './document-pair.ts';
import { readJsonCertificate } from './json-reader.ts';
import { readPdfCertificate } from './pdf-reader.ts';

/**
 * Reads both documents of a build. Never throws for bad content: an unreadable document is evidence of nothing, and the reading says why.
 */
export async function readEvidence(raw: RawCertificates): Promise<Evidence> {
  return pairOf(await readPdfCertificate(raw.pdf), readJsonCertificate(raw.json));
}
