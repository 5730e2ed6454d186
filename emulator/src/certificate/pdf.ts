/**
 * The certificate as a PDF, laid out like the real one (appdome-api.md §6): one tall page, embedded TrueType fonts with ToUnicode, text
 * objects out of visual order.
 */
import { buffer } from 'node:stream/consumers';
import { layoutCertificate } from './layout.ts';
import type { CertificateModel } from './model.ts';
import { type Fonts, type OpenedFont, openedFonts, WITHOUT_FONT } from './opened-fonts.ts';
import type { Face, Measure, Page, TextRun } from './text-run.ts';

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
  const written = buffer(document);
  // PDFKit takes an opened font, too, and its types do not say so.
  for (const [face, font] of Object.entries(fonts))
    document.registerFont(face, font as unknown as PDFKit.Mixins.PDFFontSource);
  const draw = textDrawer(document, fonts);
  const page = layoutCertificate(model, draw.measure);
  document.addPage({ size: [page.width, page.height], margin: 0 });
  drawShapes(document, page);
  for (const run of inEmissionOrder(page.runs, options.shuffleSeed)) draw.run(run);
  document.end();
  return new Uint8Array(await written);
}

type Document = PDFKit.PDFDocument;

function textDrawer(document: Document, fonts: Fonts): { measure: Measure; run: (run: TextRun) => void } {
  const printable = (text: string, face: Face) => replaceMissing(fonts[face], text);
  return {
    measure(text, face, size) {
      document.font(face, size);
      return document.widthOfString(printable(text, face));
    },
    run({ x, y, size, face, text, color, outlined }) {
      document.font(face, size);
      document.fillColor(color).strokeColor(color).lineWidth(0.25);
      document.text(printable(text, face), x, y, {
        lineBreak: false,
        baseline: 'alphabetic',
        fill: true,
        stroke: outlined,
      });
    },
  };
}

/** PDFKit maps every missing glyph to the first missing character, so one name would be read as another. */
function replaceMissing(font: OpenedFont, text: string): string {
  return [...text]
    .map((character) => (font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0) ? character : '\ufffd'))
    .join('');
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
    const outline = () => document.lineWidth(0.7).roundedRect(x, y, width, height, radius);
    if (fill !== undefined) outline().fill(fill);
    if (stroke !== undefined) outline().stroke(stroke);
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
