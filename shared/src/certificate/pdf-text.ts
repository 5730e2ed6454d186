/**
 * Reads the text of a PDF as positioned runs. The only place that knows the PDF library; everything downstream depends only on the runs.
 *
 * The input is untrusted. Nothing is fetched (no standard fonts, no CMaps, no worker), no code is generated from the document, and the
 * amount of work is capped.
 */
import type { PDFDocumentProxy, PDFPageProxy } from 'unpdf/pdfjs';
import type { ReadingProblem } from '../model/certificate.ts';
import { type Clock, systemClock } from '../model/clock.ts';
import { plainLine } from '../text/untrusted-text.ts';
import { type Additions, additionsOf } from './pdf-additions.ts';
import { NotFollowed } from './pdf-objects.ts';
import { DOWNLOAD_AGAIN, revisionsOf } from './pdf-revisions.ts';

/** One piece of text in one font, with its position on the page. In points; the origin is the lower left corner of the page. */
export interface TextRun {
  /** From 1. */
  page: number;
  x: number;
  /** Baseline. */
  y: number;
  width: number;
  /** Font size. 0 for text that is not upright; certificates have none. */
  size: number;
  /** Identifies a font within one document; equal names mean the same font. */
  font: string;
  text: string;
}

/** A page's size, in points. */
export interface TextPage {
  width: number;
  height: number;
}

export interface PdfText {
  pages: TextPage[];
  runs: TextRun[];
  /** What else the file shows, or how it shows this otherwise; in words. A real certificate has none. */
  additions?: string;
}

export type PdfTextReading = { ok: true; text: PdfText } | { ok: false; problem: ReadingProblem; message: string };

/** A real certificate has one page, 0.4 MB and 190 items (appdome-api.md §6.1). */
export const PDF_LIMITS = { bytes: 32 * 2 ** 20, pages: 20, items: 20_000, readingMs: 30_000 } as const;

/** Where readers look for the header: PDF 1.7, annex H, implementation note 13. */
const HEADER_WINDOW = 1024;

function failure(problem: ReadingProblem, message: string): PdfTextReading {
  return { ok: false, problem, message };
}

function hasHeader(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEADER_WINDOW)).includes('%PDF-');
}

/**
 * Reads the text of every page. Never throws for bad content.
 * @param clock stops a document that keeps the library busy for too long
 */
export async function readPdfText(bytes: Uint8Array, clock: Clock = systemClock): Promise<PdfTextReading> {
  if (bytes.byteLength === 0) return failure('empty', 'The file is empty');
  if (bytes.byteLength > PDF_LIMITS.bytes)
    return failure('too-large', `The file is larger than ${PDF_LIMITS.bytes} bytes`);
  if (!hasHeader(bytes)) return failure('not-pdf', 'The file does not begin like a PDF');
  const revisions = revisionsOf(bytes);
  if (revisions === 'several')
    return failure(
      'revised',
      `The PDF was changed after it was written: it contains a second revision. ${DOWNLOAD_AGAIN}`,
    );
  if (revisions === 'lost')
    return failure('damaged', 'The PDF is damaged: its end does not say where its contents are listed');
  let cancelTimer = () => {};
  const deadline = new Promise<PdfTextReading>((resolve) => {
    const message = `Reading took longer than ${PDF_LIMITS.readingMs / 1000} s`;
    cancelTimer = clock.setTimer(PDF_LIMITS.readingMs, () => resolve(failure('damaged', message)));
  });
  try {
    return await Promise.race([readDocument(bytes), deadline]);
  } finally {
    cancelTimer();
  }
}

async function readDocument(bytes: Uint8Array): Promise<PdfTextReading> {
  const { getResolvedPDFJS } = await import('unpdf');
  const { getDocument, VerbosityLevel } = await getResolvedPDFJS();
  const task = getDocument({
    // A copy, because the library detaches the buffer from its owner.
    data: new Uint8Array(bytes),
    verbosity: VerbosityLevel.ERRORS,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    enableXfa: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    // Broken content must end in an error, not in half a page that looks complete.
    stopAtErrors: true,
  });
  try {
    return await readPages(await task.promise, additionsOf(bytes));
  } catch (error) {
    return failure('damaged', damageOf(error));
  } finally {
    await task.destroy().catch(() => {});
  }
}

function damageOf(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException') return 'The PDF is encrypted with a password';
  return `The PDF is damaged and cannot be read${error instanceof NotFollowed ? ` (${error.message})` : ''}`;
}

async function readPages(document: PDFDocumentProxy, { pages, found }: Additions): Promise<PdfTextReading> {
  if (document.numPages < 1) return failure('damaged', 'The PDF has no page');
  if (document.numPages > PDF_LIMITS.pages)
    return failure('too-large', `The PDF has more than ${PDF_LIMITS.pages} pages`);
  if (document.numPages !== pages.length) return failure('damaged', TWO_READINGS);
  const text: PdfText = { pages: [], runs: [] };
  let items = 0;
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { num, gen } = page.ref ?? {};
    if (num !== pages[number - 1]?.number || gen !== pages[number - 1]?.generation)
      return failure('damaged', TWO_READINGS);
    const [left = 0, bottom = 0, right = 0, top = 0] = page.view;
    if (![left, bottom, right, top].every(isOnPaper)) return failure('damaged', OFF_PAPER);
    text.pages.push({ width: right - left, height: top - bottom });
    for await (const item of textItems(page)) {
      items += 1;
      if (items > PDF_LIMITS.items)
        return failure('too-large', `The PDF has more than ${PDF_LIMITS.items} pieces of text`);
      const run = toRun(item, number, left, bottom);
      if (run === undefined) continue;
      if (![run.x, run.y, run.width, run.size].every(isOnPaper)) return failure('damaged', OFF_PAPER);
      text.runs.push(run);
    }
  }
  if (pages.length > 1) text.additions = `${pages.length} pages`;
  else if (found !== undefined) text.additions = `more than the contents of its page (${plainLine(found, 40)})`;
  return { ok: true, text };
}

const TWO_READINGS = 'The PDF is damaged: its pages can be found in two ways';
const OFF_PAPER = 'The PDF places something where no page can be';
/** Points. The largest page is 14,400 wide and high (ISO 32000-1, annex C.2); nothing can be placed far outside it. */
const FARTHEST = 1_000_000;

function isOnPaper(coordinate: number): boolean {
  return Math.abs(coordinate) <= FARTHEST;
}

/** The parts of the library's text items that we use (its types do not export the name). */
interface TextItem {
  str: string;
  transform: number[];
  width: number;
  fontName: string;
}

/** Item by item, so that reading an endless document stops at the cap. */
async function* textItems(page: PDFPageProxy): AsyncGenerator<TextItem> {
  const reader = page.streamTextContent({ disableNormalization: false }).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const item of (value as { items: object[] }).items) if ('str' in item) yield item as TextItem;
    }
  } finally {
    await reader.cancel(new Error('enough')).catch(() => {});
  }
}

/** undefined = blank. The library inserts a blank item wherever it sees a gap; we read gaps from the coordinates instead. */
function toRun(item: TextItem, page: number, left: number, bottom: number): TextRun | undefined {
  if (item.str.trim() === '') return undefined;
  const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = item.transform;
  const height = Math.hypot(c, d);
  const upright = a > 0 && d > 0 && Math.abs(b) + Math.abs(c) < 0.01 * height;
  return {
    page,
    x: x - left,
    y: y - bottom,
    width: item.width,
    size: upright ? height : 0,
    font: item.fontName,
    text: item.str,
  };
}
