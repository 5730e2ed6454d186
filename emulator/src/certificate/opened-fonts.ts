/** The fonts of certificates, opened once for all of them. */
import type { Face } from './text-run.ts';

/** PDFKit would load Helvetica from a file beside itself; the types do not allow null. */
export const WITHOUT_FONT = { autoFirstPage: false, font: null as unknown as string };

/** What few certificates need more than: one subset of the font serves them all. */
const COMMON = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 "#()+,-./:=_|\u00a9\u2122';
const MISSING = 0xfffd;

interface Glyph {
  id: number;
  /** In units of the font. */
  advanceWidth: number;
  codePoints: number[];
}

interface Subset {
  glyphs: number[];
  includeGlyph(id: number): void;
  encode(): Uint8Array;
}

/** A font of fontkit, as far as this file needs it. */
interface LibraryFont {
  unitsPerEm: number;
  glyphForCodePoint(point: number): Omit<Glyph, 'codePoints'>;
  createSubset(): Subset;
}

export interface OpenedFont extends LibraryFont {
  /** In ems. Characters that the font does not have are drawn and read back as U+FFFD. */
  widthOf(text: string): number;
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
    shared(fontOf(document.font(Buffer.from(buffer, byteOffset, byteLength))).font);
  return { regular: open(regular), bold: open(bold) };
}

/** A document's own font, of which PDFKit's types say nothing. */
function fontOf(document: PDFKit.PDFDocument): { font: LibraryFont; encode(text: string): unknown } {
  return (document as unknown as { _font: ReturnType<typeof fontOf> })._font;
}

/** Lets a document write in these fonts, by their faces' names. */
export function useFonts(document: PDFKit.PDFDocument, fonts: Fonts): void {
  for (const [face, font] of Object.entries(fonts)) {
    // PDFKit takes an opened font, too, and its types do not say so.
    document.registerFont(face, font as unknown as PDFKit.Mixins.PDFFontSource);
    // So that it has their widths, too.
    fontOf(document.font(face)).encode(COMMON);
  }
}

/** The font for all documents: what PDFKit would find out or make again for each of them is kept. */
function shared(font: LibraryFont): OpenedFont {
  const glyphOf = glyphsOf(font);
  const glyphsIn = (text: string) => [...text].map((character) => glyphOf(character.codePointAt(0) ?? MISSING));
  return Object.create(font, {
    layout: { value: (text: string) => withoutShaping(glyphsIn(text)) },
    createSubset: { value: subsets(font, glyphsIn(COMMON)) },
    widthOf: { value: (text: string) => sumOfAdvances(glyphsIn(text)) / font.unitsPerEm },
  });
}

/**
 * Each glyph stands for the character that was asked for: those of the library remember the first one of any document. PDFKit would map
 * every missing glyph to the first missing character, so one name would be read as another.
 */
function glyphsOf(font: LibraryFont): (point: number) => Glyph {
  const known = new Map<number, Glyph>();
  const glyphOf = (point: number): Glyph => {
    let glyph = known.get(point);
    if (glyph === undefined) {
      const { id, advanceWidth } = font.glyphForCodePoint(point);
      glyph = id === 0 && point !== MISSING ? glyphOf(MISSING) : { id, advanceWidth, codePoints: [point] };
      known.set(point, glyph);
    }
    return glyph;
  };
  return glyphOf;
}

/** No kerning, no ligatures: the real document's widths are plain sums of advances. */
function withoutShaping(glyphs: Glyph[]) {
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
}

function sumOfAdvances(glyphs: Glyph[]): number {
  return glyphs.reduce((sum, { advanceWidth }) => sum + advanceWidth, 0);
}

/** Makes a document's subset of the font. Its bytes are the same for all documents that have no more than the common glyphs. */
function subsets(font: LibraryFont, glyphs: Glyph[]): () => Subset {
  let bytes: Uint8Array | undefined;
  return () => {
    const subset = font.createSubset();
    for (const { id } of glyphs) subset.includeGlyph(id);
    const common = subset.glyphs.length;
    const encode = subset.encode.bind(subset);
    subset.encode = () => {
      if (subset.glyphs.length > common) return encode();
      bytes ??= encode();
      return bytes;
    };
    return subset;
  };
}
