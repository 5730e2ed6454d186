/**
 * The certificate as a PDF, laid out like the real one (appdome-api.md §6): one tall page, embedded TrueType fonts with ToUnicode, text
 * objects out of visual order.
 */
import { once } from 'node:events';
import { layoutCertificate } from './layout.ts';
import type { CertificateModel } from './model.ts';
import { openedFonts, useFonts, WITHOUT_FONT } from './opened-fonts.ts';
import type { Page, TextRun } from './text-run.ts';

export interface PdfOptions {
  /**
   * Writes the text objects in a random order from this seed instead of the real document's. The page looks the same, and a reader that
   * uses coordinates reads the same.
   */
  shuffleSeed?: number | undefined;
}

/**
 * Renders a model. Deterministic: the same model and options give the same bytes (dates come from the model).
 * Characters that the font (DejaVu Sans) does not have are drawn and read back as U+FFFD.
 */
export async function renderCertificatePdf(model: CertificateModel, options: PdfOptions = {}): Promise<Uint8Array> {
  const { default: PDFDocument } = await import('#pdfkit');
  const fonts = await openedFonts();
  const document = new PDFDocument({
    ...WITHOUT_FONT,
    pdfVersion: '1.4',
    info: {
      Title: 'SYNTHETIC certificate (rehearsal)',
      Producer: 'Fusegate emulator',
      Creator: 'Fusegate emulator',
      CreationDate: new Date(model.createdAt),
    },
  });
  const chunks: Uint8Array[] = [];
  document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  const written = once(document, 'end');
  useFonts(document, fonts);
  const page = layoutCertificate(model, (text, face, size) => fonts[face].widthOf(text) * size);
  document.addPage({ size: [page.width, page.height], margin: 0 });
  drawShapes(document, page);
  drawText(document, inEmissionOrder(page.runs, options.shuffleSeed));
  document.end();
  await written;
  return new Uint8Array(Buffer.concat(chunks));
}

type Document = PDFKit.PDFDocument;

/** PDFKit measures a text for links and lines under it, and there are none. */
const NOT_MEASURED = { textWidth: 0, wordCount: 0 };

function drawText(document: Document, runs: TextRun[]): void {
  document.lineWidth(0.25);
  let last: string | undefined;
  for (const { x, y, size, face, text, color, outlined } of runs) {
    if (color !== last) document.fillColor(color).strokeColor(color);
    last = color;
    document.font(face, size).text(text, x, y, {
      lineBreak: false,
      baseline: 'alphabetic',
      fill: true,
      stroke: outlined,
      ...NOT_MEASURED,
    });
  }
}

function drawShapes(document: Document, page: Page): void {
  document.rect(0, 0, page.width, page.height).fill('#fbfcfd');
  for (const shape of page.shapes) {
    if (shape.kind === 'line') {
      document
        .moveTo(shape.x, shape.y)
        .lineTo(shape.x + shape.width, shape.y)
        .lineWidth(0.7)
        .stroke(shape.color);
      continue;
    }
    const { x, y, width, height, radius, fill, stroke } = shape;
    document.lineWidth(0.7).roundedRect(x, y, width, height, radius);
    if (stroke === undefined) document.fill(fill);
    else document.fillAndStroke(fill, stroke);
  }
}

function inEmissionOrder(runs: TextRun[], seed: number | undefined): TextRun[] {
  if (seed === undefined) return [...runs].sort((a, b) => a.emission - b.emission);
  const random = seededRandom(seed);
  const keyed = runs.map((run) => ({ run, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ run }) => run);
}

/** Mulberry32: repeatable randomness for tests. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
