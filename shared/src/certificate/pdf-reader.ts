import type { DocumentReading, RawCertificate } from '../model/certificate.ts';
import { type Clock, systemClock } from '../model/clock.ts';
import { readCertifiedSecure } from './certified-secure-layout.ts';
import { DOWNLOAD_AGAIN } from './pdf-revisions.ts';
import { readPdfText } from './pdf-text.ts';

/**
 * Reads a Certified Secure PDF by the layout of real ones (appdome-api.md §6). Never throws for bad content.
 * @param around clock: for the time limit of the PDF library; signal: stops the reading, of which nothing is left then
 */
export async function readPdfCertificate(
  raw: RawCertificate,
  { clock = systemClock, signal }: { clock?: Clock; signal?: AbortSignal | undefined } = {},
): Promise<DocumentReading> {
  if (raw.state === 'absent') {
    return { ok: false, kind: 'pdf', problem: raw.notGiven ? 'not-given' : 'absent', message: raw.reason };
  }
  const { bytes, sha256 } = raw;
  const reading = await readPdfText(bytes, clock, signal);
  if (!reading.ok) return { ok: false, kind: 'pdf', problem: reading.problem, message: reading.message, sha256 };
  const document = readCertifiedSecure(reading.text, sha256);
  if (typeof document === 'string')
    return { ok: false, kind: 'pdf', problem: document, message: REFUSALS[document], sha256 };
  const { additions } = reading.text;
  if (additions === undefined) return { ok: true, document };
  const message = `The PDF has ${additions}, which no real certificate does. ${DOWNLOAD_AGAIN}`;
  return { ok: false, kind: 'pdf', problem: 'revised', message, sha256 };
}

const REFUSALS = {
  'not-certificate': 'The PDF does not have the layout of a Certified Secure certificate',
  'two-blocks': `The PDF lists the protections twice, which no real certificate does. ${DOWNLOAD_AGAIN}`,
};
