/** Reads a PDF in a process of its own, whose code lies beside the bundle or inside it. For esbuild's condition `fusegate-bundle`. */
import { availableParallelism } from 'node:os';
import { readerApart, readersApart } from './pdf-apart.ts';

/** Runs the code that it is sent: the same way for all bundles, since the one for Jenkins is a single file. */
const RUN_WHAT_COMES = `process.once('message', (code) => {
  const part = { exports: {} };
  const scope = ['exports', 'require', 'module', '__filename', '__dirname'];
  require('node:vm').compileFunction(code, scope)(part.exports, require, part, process.execPath, process.cwd());
})`;

export const readerOfPdfs = readersApart(availableParallelism(), () =>
  readerApart(async () => {
    const { code } = await import('./pdf-child-code.ts');
    return { args: ['--eval', RUN_WHAT_COMES], code };
  }),
);
