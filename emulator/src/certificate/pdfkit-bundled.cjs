/**
 * PDFKit inside a bundle, by its CommonJS build: the ES build asks for `import.meta.url`, which a CommonJS bundle does not have.
 * Chosen by the package import `#pdfkit` under esbuild's condition `fusegate-bundle`.
 */
module.exports = require('pdfkit');
