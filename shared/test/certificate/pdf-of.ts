/** Small PDFs by hand. */
import { deflateSync } from 'node:zlib';
import type { PdfText } from '../../src/certificate/pdf-text.ts';
import { pdfFileOf } from '../../src/certificate/pdf-warm-up.ts';

interface PdfSpec {
  /** Lines of text by page. */
  pages: string[][];
  /** Says that it is encrypted with a password that nobody has. */
  encrypted?: boolean;
  /** Where the first line stands, and how large its page is; PDF numbers. */
  at?: string;
  mediaBox?: string;
}

export function pdfOf({ pages, encrypted = false, at, mediaBox = '0 0 596 842' }: PdfSpec): Uint8Array {
  const objects: string[] = [];
  const add = (body: string): number => objects.push(body);
  const catalog = add('<< /Type /Catalog /Pages 2 0 R >>');
  const kids = pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
  for (const [index, lines] of pages.entries()) {
    const page = 4 + index * 2;
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [${mediaBox}] /Contents ${page + 1} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
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
  return pdfFileOf(objects, trailer);
}

/** The same file with every object but streams in a compressed one, and its cross-reference section in another. */
function compressedFileOf(objects: readonly string[], trailer = '/Root 1 0 R'): Uint8Array {
  const isStream = (body: string) => body.endsWith('endstream');
  const [container, section] = [objects.length + 1, objects.length + 2];
  const stream = (dictionary: string, data: Buffer) =>
    `<< ${dictionary} /Filter /FlateDecode /Length ${data.length} >>\nstream\n${data.toString('latin1')}\nendstream`;
  const inside = objects.flatMap((body, index) => (isStream(body) ? [] : [{ number: index + 1, body }]));
  let text = '';
  const header = inside.map(({ number, body }) => {
    const offset = text.length;
    text += `${body}\n`;
    return `${number} ${offset}`;
  });
  const first = `${header.join(' ')}\n`;
  const rows: number[][] = [[0, 0, 0]];
  for (const [index, { number }] of inside.entries()) rows[number] = [2, container, index];
  let file = '%PDF-1.5\n';
  const write = (number: number, body: string) => {
    rows[number] = [1, file.length, 0];
    file += `${number} 0 obj\n${body}\nendobj\n`;
  };
  for (const [index, body] of objects.entries()) if (isStream(body)) write(index + 1, body);
  const packed = deflateSync(Buffer.from(first + text, 'latin1'));
  write(container, stream(`/Type /ObjStm /N ${inside.length} /First ${first.length}`, packed));
  const start = file.length;
  rows[section] = [1, start, 0];
  const plain = rows.map(([type = 0, second = 0, third = 0]) => [
    type,
    second >> 16,
    (second >> 8) & 255,
    second & 255,
    third,
  ]);
  // Each row as its difference from the one above: PNG's predictor, which most writers use here.
  const up = plain.flatMap((row, index) => [
    2,
    ...row.map((byte, column) => (byte - (plain[index - 1]?.[column] ?? 0)) & 255),
  ]);
  const table = deflateSync(Buffer.from(up));
  const parameters = '/DecodeParms << /Predictor 12 /Columns 5 >>';
  const dictionary = `/Type /XRef /Size ${section + 1} /W [1 3 1] /Index [0 ${section + 1}] ${trailer} ${parameters}`;
  file += `${section} 0 obj\n${stream(dictionary, table)}\nendobj\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

const octal = (text: string) =>
  Buffer.from(text.replaceAll('™', '\u0099'), 'latin1').reduce(
    (all, byte) => `${all}\\${byte.toString(8).padStart(3, '0')}`,
    '',
  );

/** What a certificate has none of: PDF text for dictionaries, and objects of its own, from number 5. */
export interface Added {
  catalog?: string;
  pages?: string;
  kids?: string;
  page?: string;
  content?: string;
  objects?: string[];
  compressed?: boolean;
}

/** A PDF of positioned text. Every character is as wide as `advance` parts of its size, so that nothing moves on the way. */
export function pdfOfRuns({ pages, runs }: PdfText, advance: number, added: Added = {}): Uint8Array {
  const [page = { width: 596, height: 842 }] = pages;
  const fonts = [...new Set(runs.map(({ font }) => font))];
  const widths = Array.from({ length: 224 }, () => advance * 1000).join(' ');
  const drawn = runs.map(({ x, y, size, font, text }) => {
    // No part of a certificate is turned: size 0 stands for text that is.
    const turn = size === 0 ? '0 1 -1 0' : '1 0 0 1';
    return `BT /F${fonts.indexOf(font)} ${size || 8} Tf ${turn} ${x} ${y} Tm (${octal(text)}) Tj ET`;
  });
  const content = [...drawn, added.content ?? ''].join('\n');
  const extra = added.objects ?? [];
  const resources = fonts.map((_, index) => `/F${index} ${5 + extra.length + index} 0 R`).join(' ');
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${added.catalog ?? ''} >>`,
    `<< /Type /Pages /Kids [${added.kids ?? '3 0 R'}] /Count ${(added.kids ?? 'R').split('R').length - 1} ${added.pages ?? ''} >>`,
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${page.width} ${page.height}] /Contents 4 0 R /Resources << /Font << ${resources} >> >> ${added.page ?? ''} >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ...extra,
    ...fonts.map(
      (_, index) =>
        `<< /Type /Font /Subtype /Type1 /BaseFont /Face${index} /Encoding /WinAnsiEncoding /FirstChar 32 /LastChar 255 /Widths [${widths}] >>`,
    ),
  ];
  return added.compressed ? compressedFileOf(objects) : pdfFileOf(objects);
}
