/** Small PDFs by hand: what a certificate is not. */

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
