/** The fonts of certificates, opened once for all of them. */
import type { Face } from './text-run.ts';
import { type Glyph, openTrueType, type TrueType } from './true-type.ts';

/** A font as PDFKit takes it. */
export interface OpenedFont extends TrueType {
  layout(text: string): Run;
  /** With U+FFFD for what the font does not have: PDFKit would take the first such character of a document for all of them. */
  drawable(text: string): string;
  /** In points, of the drawable text. */
  widthOf(text: string, size: number): number;
}

interface Run {
  glyphs: Drawn[];
  positions: Array<{ xAdvance: number; yAdvance: number; xOffset: number; yOffset: number }>;
  readonly advanceWidth: number;
}

interface Drawn extends Glyph {
  codePoints: number[];
}

const MISSING = '\ufffd';

export type Fonts = Record<Face, OpenedFont>;

let opened: Promise<Fonts> | undefined;

export function openedFonts(): Promise<Fonts> {
  opened ??= openFonts();
  return opened;
}

async function openFonts(): Promise<Fonts> {
  const { loadFonts } = await import('#fonts');
  const { regular, bold } = await loadFonts();
  return { regular: withoutShaping(regular), bold: withoutShaping(bold) };
}

/** No kerning, no ligatures: the real document's widths are plain sums of advances. */
function withoutShaping({ buffer, byteOffset, byteLength }: Uint8Array): OpenedFont {
  const font = openTrueType(Buffer.from(buffer, byteOffset, byteLength));
  const known = new Map<string, Drawn>();
  const glyphOf = (character: string): Drawn => {
    let glyph = known.get(character);
    if (glyph === undefined) {
      const point = character.codePointAt(0) ?? 0;
      glyph = { ...font.glyphForCodePoint(point), codePoints: [point] };
      known.set(character, glyph);
    }
    return glyph;
  };
  const hasGlyph = (character: string) => glyphOf(character).id !== 0;
  return {
    ...font,
    layout(text) {
      const glyphs = Array.from(text, glyphOf);
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
    },
    drawable: (text) => text.replace(/./gsu, (character) => (hasGlyph(character) ? character : MISSING)),
    widthOf(text, size) {
      let advance = 0;
      for (const character of text) advance += glyphOf(hasGlyph(character) ? character : MISSING).advanceWidth;
      return ((advance * 1000) / font.unitsPerEm) * (size / 1000);
    },
  };
}
