import { createHash } from 'node:crypto';
import { readJsonCertificate } from '../certificate/json-reader.ts';
import { readPdfCertificate } from '../certificate/pdf-reader.ts';
import type { DocumentReading } from '../model/certificate.ts';

/**
 * Reads a certificate: what it says, fact by fact, and where each fact was found. A reader reports and never judges; a feature counts as
 * present only with positive proof. Never throws for bad content: an unreadable document says why (`ok: false`).
 *
 * The PDF layout is proven on real certificates. For the JSON, 13 keys are proven; the shape of its features is inferred (appdome-api.md §5
 * and §6).
 * @param kind what `certificatePdf` or `certificateJson` gave
 */
export async function readCertificate(kind: 'pdf' | 'json', bytes: Uint8Array): Promise<DocumentReading> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const raw = { state: 'present', bytes, sha256 } as const;
  return kind === 'pdf' ? readPdfCertificate(raw) : readJsonCertificate(raw);
}
