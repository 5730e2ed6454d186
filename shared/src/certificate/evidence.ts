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
  const nextTurn = new Promise((resolve) => setImmediate(resolve));
  const [pdf, json] = await Promise.all([
    readPdfCertificate(raw.pdf, { signal }),
    // Once the PDF is on its way to the process that reads it.
    nextTurn.then(() => readJsonCertificate(raw.json)),
  ]);
  return pairOf(pdf, json);
}
