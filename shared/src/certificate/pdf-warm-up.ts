/**
 * A small PDF that uses what a certificate uses: compressed streams, shapes, an embedded TrueType font, text in the font's own codes. A
 * process that has read it a few times reads its first certificate in about half the time, because V8 has compiled what that needs.
 */
import { deflateSync } from 'node:zlib';

/** More gain nothing. */
export const WARM_UP_READINGS = 3;

/** Labels in frames. */
const LABELS = 30;

/**
 * A font of three squares, compressed, with the tables that no reader can do without: glyf, head, hhea, hmtx, loca, maxp. Our own, so that no
 * other licence comes with it.
 */
const FONT = {
  length: 368,
  deflated:
    'eNqtkDEKwkAQRd9kRSwC5ghb5AgiFhYpLS3tZNHoFgmmsIg39QgeILYqm8wiiqUfZpjH/P0LgwBjChLssbocGFSF8qXbK1+BufelG1AyIPf1uVWeAWl12sV9AWS1axvlNWCRfu6kw4CIKMf+SMPwR48Mv2+nyzuYGz/Up8CERN0Cxj4XkGw0T76emLCJpcqBVX+34DaM3mmfegHAJCVJ',
};

const CMAP = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0000> <0002> [<0000> <0041> <0042>] endbfrange endcmap
CMapName currentdict /CMap defineresource pop end end`;

/** @returns one page that says "AB" thirty times */
export function warmUpDocument(): Uint8Array {
  return pdfFileOf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 596 800]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>',
    stream(deflateSync(Array.from({ length: LABELS }, (_, index) => label(index)).join('\n'))),
    '<</Type/Font/Subtype/Type0/BaseFont/Squares/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 9 0 R>>',
    '<</Type/Font/Subtype/CIDFontType2/BaseFont/Squares/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 7 0 R/CIDToGIDMap/Identity/W[0[600 600 600]]>>',
    '<</Type/FontDescriptor/FontName/Squares/Flags 4/FontBBox[0 0 600 600]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 500/StemV 80/FontFile2 8 0 R>>',
    stream(Buffer.from(FONT.deflated, 'base64'), `/Length1 ${FONT.length}`),
    stream(deflateSync(CMAP)),
  ]);
}

/**
 * @param objects their text, from number 1; one byte for each character
 * @param trailer what it has beside the size
 */
export function pdfFileOf(objects: readonly string[], trailer = ['/Root 1 0 R']): Uint8Array {
  let file = '%PDF-1.4\n';
  const entries = objects.map((object, index) => {
    const offset = String(file.length).padStart(10, '0');
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${offset} 00000 n \n`;
  });
  const start = file.length;
  const size = objects.length + 1;
  file += `xref\n0 ${size}\n0000000000 65535 f \n${entries.join('')}`;
  file += `trailer << /Size ${size} ${trailer.join(' ')} >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

function label(index: number): string {
  const y = 20 * index;
  const size = 9 + (index % 3);
  return `q 0.7 w 40 ${y} m 140 ${y} l 145 ${y} 145 ${y + 5} 140 ${y + 5} c h 0.9 0.9 1 rg 0.1 0.5 0.6 RG B Q
q BT 1 0 0 1 50 ${y + 4} Tm /F1 ${size} Tf [<0001> -20 <0002> 0] TJ ET Q`;
}

function stream(deflated: Buffer, entries = ''): string {
  return `<<${entries}/Length ${deflated.length}/Filter/FlateDecode>>\nstream\n${deflated.toString('latin1')}\nendstream`;
}
