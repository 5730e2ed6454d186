/** Reads a PDF in this process, where the code runs from its sources: tests and debuggers. Shipped code uses pdf-apart.ts. */
import type { ReaderApart } from './pdf-apart.ts';
import { notRead, PDF_LIMITS, type PdfTextReading, TOOK_TOO_LONG } from './pdf-text-model.ts';

export const readerOfPdfs: ReaderApart = {
  async read(bytes, clock) {
    const { readContents } = await import('./pdf-contents.ts');
    let cancelTimer = () => {};
    const deadline = new Promise<PdfTextReading>((resolve) => {
      cancelTimer = clock.setTimer(PDF_LIMITS.readingMs, () => resolve(notRead('damaged', TOOK_TOO_LONG)));
    });
    try {
      return await Promise.race([readContents(bytes), deadline]);
    } finally {
      cancelTimer();
    }
  },
  prepare() {},
};
