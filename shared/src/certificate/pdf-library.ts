/** Reads a PDF in a process of its own, whose code is a module of the published library. For esbuild's condition `fusegate-library`. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { readerApart, readersApart } from './pdf-apart.ts';

export const readerOfPdfs = readersApart(availableParallelism(), () =>
  readerApart(async () => ({ args: [fileURLToPath(new URL('./pdf-child.js', import.meta.url))] })),
);
