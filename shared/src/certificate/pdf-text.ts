/** Reads the text of a PDF as positioned runs. The input is untrusted. */
import { readerOfPdfs } from '#pdf-contents';
import { type Clock, systemClock } from '../model/clock.ts';
import { notRead, PDF_LIMITS, type PdfTextReading } from './pdf-text-model.ts';

export { PDF_LIMITS, type PdfText, type PdfTextReading, type TextPage, type TextRun } from './pdf-text-model.ts';

/** Where readers look for the header: PDF 1.7, annex H, implementation note 13. */
const HEADER_WINDOW = 1024;

function hasHeader(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEADER_WINDOW)).includes('%PDF-');
}

/**
 * Reads the text of every page. Never throws for bad content.
 * @param clock stops a document that takes too long
 * @param signal stops it as well; what was read then is nothing
 */
export async function readPdfText(
  bytes: Uint8Array,
  clock: Clock = systemClock,
  signal?: AbortSignal,
): Promise<PdfTextReading> {
  if (bytes.byteLength === 0) return notRead('empty', 'The file is empty');
  if (bytes.byteLength > PDF_LIMITS.bytes)
    return notRead('too-large', `The file is larger than ${PDF_LIMITS.bytes} bytes`);
  if (!hasHeader(bytes)) return notRead('not-pdf', 'The file does not begin like a PDF');
  return readerOfPdfs.read(bytes, clock, signal);
}

/** Makes ready what reads PDFs, so that the certificate does not wait for it. */
export function preparePdfReader(clock: Clock): void {
  readerOfPdfs.prepare(clock);
}
