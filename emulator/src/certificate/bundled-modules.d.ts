/** What esbuild's loader `binary` makes of a font file. */
declare module '*.ttf' {
  const bytes: Uint8Array;
  export default bytes;
}

/** The package import that picks PDFKit's build (package.json, `imports`). */
declare module '#pdfkit' {
  import PDFDocument from 'pdfkit';
  export default PDFDocument;
}
