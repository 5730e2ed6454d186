/** The fonts of certificates, read here as PDFKit's own library reads them. */
import PDFDocument from 'pdfkit';
import { expect, it } from 'vitest';
import { loadFonts } from '../../src/certificate/fonts-installed.ts';
import { openTrueType, type TrueType } from '../../src/certificate/true-type.ts';

/** What no PDF of ours asks for again: each is read by both. */
const TEXTS = [
  'Certified Secure',
  'ḯ Ǻ ½ ệ Ǆ: made of other glyphs',
  'the last of the font, and one that it has not: \ufffd \u{1d7ff} \u{10ffff} 中',
];

function asPdfKitReads(font: Uint8Array): TrueType {
  const document = new PDFDocument({ font: null as unknown as string }).font(Buffer.from(font));
  return (document as unknown as { _font: { font: TrueType } })._font.font;
}

const points = TEXTS.flatMap((text) => Array.from(text, (character) => character.codePointAt(0) ?? 0));

it.each(['regular', 'bold'] as const)('%s: the same measures, and subsets of the same bytes', async (face) => {
  const { [face]: bytes } = await loadFonts();
  const [ours, theirs] = [openTrueType(Buffer.from(bytes)), asPdfKitReads(bytes)];
  const measured = (font: TrueType) => ({
    name: font.postscriptName,
    numbers: [font.unitsPerEm, font.ascent, font.descent, font.lineGap, font.italicAngle, font.post.isFixedPitch],
    box: { ...font.bbox },
    italic: font.head.macStyle.italic,
    family: font['OS/2'].sFamilyClass,
  });
  expect(measured(ours)).toEqual(measured(theirs));
  const drawn = (font: TrueType) => {
    const glyphs = points.map((point) => font.glyphForCodePoint(point));
    const subset = font.createSubset();
    const places = glyphs.map(({ id }) => subset.includeGlyph(id));
    return { widths: glyphs.map(({ advanceWidth }) => advanceWidth), places, font: Buffer.from(subset.encode()) };
  };
  const [our, their] = [drawn(ours), drawn(theirs)];
  expect(our.widths).toEqual(their.widths);
  expect(our.places).toEqual(their.places);
  expect(our.font.equals(their.font)).toBe(true);
});

it('beyond the long metrics: the last advance', async () => {
  const { regular } = await loadFonts();
  const [ours, theirs] = [openTrueType(Buffer.from(regular)), asPdfKitReads(regular)];
  expect(ours.getGlyph(6_250).advanceWidth).toBe(theirs.getGlyph(6_250).advanceWidth);
  const encoded = (font: TrueType) => {
    const subset = font.createSubset();
    subset.includeGlyph(6_250);
    return Buffer.from(subset.encode());
  };
  expect(encoded(ours).equals(encoded(theirs))).toBe(true);
});
