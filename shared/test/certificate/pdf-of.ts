/** Small PDFs by hand. */
import type { PdfText } from '../../src/certificate/pdf-text.ts';

interface PdfSpec {
  /** Lines of text by page. */
  pages: string[][];
  /** Says that it is encrypted with a password that nobody has. */
  encrypted?: boolean;
  /** Where the first line stands, and how large its page is; PDF numbers. */
  at?: string;
  mediaBox?: string;
  /** Dictionaries of annotations, on every page. */
  annotations?: string;
}

export function pdfOf({
  pages,
  encrypted = false,
  at,
  mediaBox = '0 0 596 842',
  annotations = '',
}: PdfSpec): Uint8Array {
  const objects: string[] = [];
  const add = (body: string): number => objects.push(body);
  const catalog = add('<< /Type /Catalog /Pages 2 0 R >>');
  const kids = pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
  for (const [index, lines] of pages.entries()) {
    const page = 4 + index * 2;
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [${mediaBox}] /Annots [${annotations}] /Contents ${page + 1} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
    );
    const content = lines
      .map(
        (line, row) =>
          `BT /F1 10 Tf 1 0 0 1 ${row === 0 && at ? at : `${60 + (row % 7) * 70} ${800 - row * 0.03}`} Tm (${line}) Tj ET`,
      )
      .join('\n');
    add(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
  }
  const trailer = [`/Root ${catalog} 0 R`];
  if (encrypted) {
    const hex = '00'.repeat(32);
    const id = add(`<< /Filter /Standard /V 1 /R 2 /Length 40 /P -44 /O <${hex}> /U <${hex}> >>`);
    trailer.push(`/Encrypt ${id} 0 R`, '/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]');
  }
  return fileOf(objects, trailer);
}

function fileOf(objects: readonly string[], trailer = ['/Root 1 0 R']): Uint8Array {
  let file = '%PDF-1.4\n';
  const offsets = objects.map((body, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return offset;
  });
  const start = file.length;
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`;
  file += `trailer << /Size ${objects.length + 1} ${trailer.join(' ')} >>\nstartxref\n${start}\n%%EOF\n`;
  return new TextEncoder().encode(file);
}

const octal = (text: string) =>
  Buffer.from(text.replaceAll('™', '\u0099'), 'latin1').reduce(
    (all, byte) => `${all}\\${byte.toString(8).padStart(3, '0')}`,
    '',
  );

/** A PDF of positioned text. Every character is as wide as `advance` parts of its size, so that nothing moves on the way. */
export function pdfOfRuns({ pages, runs }: PdfText, advance: number): Uint8Array {
  const [page = { width: 596, height: 842 }] = pages;
  const fonts = [...new Set(runs.map(({ font }) => font))];
  const widths = Array.from({ length: 224 }, () => advance * 1000).join(' ');
  const content = runs
    .map(({ x, y, size, font, text }) => {
      // No part of a certificate is turned: size 0 stands for text that is.
      const turn = size === 0 ? '0 1 -1 0' : '1 0 0 1';
      return `BT /F${fonts.indexOf(font)} ${size || 8} Tf ${turn} ${x} ${y} Tm (${octal(text)}) Tj ET`;
    })
    .join('\n');
  const first = 4;
  const resources = fonts.map((_, index) => `/F${index} ${first + 1 + index} 0 R`).join(' ');
  return fileOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${page.width} ${page.height}] /Contents ${first} 0 R /Resources << /Font << ${resources} >> >> >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ...fonts.map(
      (_, index) =>
        `<< /Type /Font /Subtype /Type1 /BaseFont /Face${index} /Encoding /WinAnsiEncoding /FirstChar 32 /LastChar 255 /Widths [${widths}] >>`,
    ),
  ]);
}
