import { createHash } from 'node:crypto';
import { readJsonCertificate } from '../certificate/json-reader.ts';
import { readPdfCertificate } from '../certificate/pdf-reader.ts';
import type { DocumentReading } from '../model/certificate.ts';

/**
 * Reads a certificate: what it says, fact by fact, and where each fact was found. A reader reports and never judges; a feature counts as
 * there only by positive proof. Never throws for what the bytes hold: a document that cannot be read says why (`ok: false`).
 *
 * The layout of the PDF is proven on real certificates. Of the JSON 13 keys are proven; the shape of its features is inferred
 * (appdome-api.md §5 and §6).
 * @param kind what `certificatePdf` or `certificateJson` gave
 */
export async function readCertificate(kind: 'pdf' | 'json', bytes: Uint8Array): Promise<DocumentReading> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const raw = { state: 'present', bytes, sha256 } as const;
  return kind === 'pdf' ? readPdfCertificate(raw) : readJsonCertificate(raw);
}
