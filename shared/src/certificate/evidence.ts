import type { RawCertificates } from '../model/build-outcome.ts';
import type { Evidence } from '../model/certificate.ts';
import { pairOf } from './document-pair.ts';
import { readJsonCertificate } from './json-reader.ts';
import { readPdfCertificate } from './pdf-reader.ts';

/**
 * Reads both documents of a build. Never throws for bad content: an unreadable document is evidence of nothing, and the reading says why.
 * @param signal stops the reading of the PDF
 */
export async function readEvidence(raw: RawCertificates, signal?: AbortSignal): Promise<Evidence> {
  const pdf = readPdfCertificate(raw.pdf, { signal });
  // While another process reads the PDF.
  const json = readJsonCertificate(raw.json);
  return pairOf(await pdf, json);
}
