/** The fonts of certificates, opened once for all of them. */
import type { Face } from './text-run.ts';

/** PDFKit would load Helvetica from a file beside itself; the types do not allow null. */
export const WITHOUT_FONT = { autoFirstPage: false, font: null as unknown as string };

/** A font of fontkit, as far as this file needs it. */
export interface OpenedFont {
  hasGlyphForCodePoint(point: number): boolean;
  glyphForCodePoint(point: number): { id: number; advanceWidth: number };
}

export type Fonts = Record<Face, OpenedFont>;

let opened: Promise<Fonts> | undefined;

/** To read a font's tables takes longer than to write a certificate. */
export function openedFonts(): Promise<Fonts> {
  opened ??= openFonts();
  return opened;
}

async function openFonts(): Promise<Fonts> {
  const [{ default: PDFDocument }, { loadFonts }] = await Promise.all([import('#pdfkit'), import('#fonts')]);
  const { regular, bold } = await loadFonts();
  const document = new PDFDocument(WITHOUT_FONT);
  const open = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
    withoutShaping(fontOf(document.font(Buffer.from(buffer, byteOffset, byteLength))));
  return { regular: open(regular), bold: open(bold) };
}

function fontOf(document: PDFKit.PDFDocument): OpenedFont {
  return (document as unknown as { _font: { font: OpenedFont } })._font.font;
}

/**
 * No kerning, no ligatures: the real document's widths are plain sums of advances. Each glyph stands for the character that was asked for:
 * those of the library remember the first one of any document.
 */
function withoutShaping(font: OpenedFont): OpenedFont {
  const layout = (text: string) => {
    const points = [...text].map((character) => character.codePointAt(0) ?? 0);
    const glyphs = points.map((point) => {
      const { id, advanceWidth } = font.glyphForCodePoint(point);
      return { id, advanceWidth, codePoints: [point] };
    });
    const positions = glyphs.map(({ advanceWidth }) => ({
      xAdvance: advanceWidth,
      yAdvance: 0,
      xOffset: 0,
      yOffset: 0,
    }));
    return {
      glyphs,
      positions,
      // PDFKit scales the positions and then asks.
      get advanceWidth() {
        return positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0);
      },
    };
  };
  return Object.create(font, { layout: { value: layout } });
}
