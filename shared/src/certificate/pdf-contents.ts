/**
 * What a PDF shows, as positioned runs of text. The only place that knows the PDF library. Everything downstream depends only on the runs.
 *
 * The input is untrusted. Nothing is fetched (no standard fonts, no CMaps, no worker) and no code is generated from the document. Small
 * files can still take any amount of memory and time, so shipped code runs this in a process of its own (pdf-apart.ts).
 */
// Not through unpdf's own import(): V8 would parse the library twice.
import { getDocument, type PDFDocumentProxy, type PDFPageProxy, VerbosityLevel } from 'unpdf/pdfjs';
import { plainLine } from '../text/untrusted-text.ts';
import { type Additions, additionsOf } from './pdf-additions.ts';
import { NotFollowed } from './pdf-objects.ts';
import { DOWNLOAD_AGAIN, revisionsOf } from './pdf-revisions.ts';
import { notRead, PDF_LIMITS, type PdfText, type PdfTextReading, type TextRun } from './pdf-text-model.ts';

/** Never throws for bad content. */
export async function readContents(bytes: Uint8Array): Promise<PdfTextReading> {
  const revisions = revisionsOf(bytes);
  if (revisions === 'several')
    return notRead(
      'revised',
      `The PDF was changed after it was written: it contains a second revision. ${DOWNLOAD_AGAIN}`,
    );
  if (revisions === 'lost')
    return notRead('damaged', 'The PDF is damaged: its end does not say where its contents are listed');
  return readDocument(bytes);
}

async function readDocument(bytes: Uint8Array): Promise<PdfTextReading> {
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
    return notRead('damaged', damageOf(error));
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
  if (document.numPages < 1) return notRead('damaged', 'The PDF has no page');
  if (document.numPages > PDF_LIMITS.pages)
    return notRead('too-large', `The PDF has more than ${PDF_LIMITS.pages} pages`);
  if (document.numPages !== pages.length) return notRead('damaged', TWO_READINGS);
  const text: PdfText = { pages: [], runs: [] };
  let items = 0;
  let characters = 0;
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { num, gen } = page.ref ?? {};
    if (num !== pages[number - 1]?.number || gen !== pages[number - 1]?.generation)
      return notRead('damaged', TWO_READINGS);
    const [left = 0, bottom = 0, right = 0, top = 0] = page.view;
    if (![left, bottom, right, top].every(isOnPaper)) return notRead('damaged', OFF_PAPER);
    text.pages.push({ width: right - left, height: top - bottom });
    for await (const item of textItems(page)) {
      items += 1;
      characters += item.str.length;
      if (items > PDF_LIMITS.items)
        return notRead('too-large', `The PDF has more than ${PDF_LIMITS.items} pieces of text`);
      if (characters > PDF_LIMITS.characters)
        return notRead('too-large', `The PDF has more than ${PDF_LIMITS.characters} characters of text`);
      const run = toRun(item, number, left, bottom);
      if (run === undefined) continue;
      if (![run.x, run.y, run.width, run.size].every(isOnPaper)) return notRead('damaged', OFF_PAPER);
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
