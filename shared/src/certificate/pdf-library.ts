/** Reads a PDF in a process of its own, whose code is a module of the published library. For esbuild's condition `fusegate-library`. */
import { fileURLToPath } from 'node:url';
import { readerApart } from './pdf-apart.ts';

export const readPdfContents = readerApart(async () => ({
  args: [fileURLToPath(new URL('./pdf-child.js', import.meta.url))],
}));
