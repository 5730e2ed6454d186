/** A program of the tests, bundled with the code of the jobs and with the reader of PDFs in a process of its own, as it ships. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { ROOT } from '../e2e/support/cli.ts';

/**
 * @param name of a file in this folder, without its ending
 * @param dir an empty folder
 * @returns what to start
 */
export async function bundledDriver(name: 'soak-driver' | 'jobs-driver', dir: string): Promise<string> {
  await esbuild.build({
    entryPoints: {
      driver: path.join(ROOT, `test/faults/${name}.ts`),
      'pdf-child': path.join(ROOT, 'shared/src/certificate/pdf-child.ts'),
    },
    outdir: dir,
    conditions: ['fusegate-library'],
    bundle: true,
    // Not split: then a library in CommonJS that is loaded late would have no named exports.
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: {
      js: "import { createRequire as requirer } from 'node:module';const require = requirer(import.meta.url);",
    },
    logLevel: 'error',
  });
  writeFileSync(path.join(dir, 'package.json'), '{"type":"module"}');
  return path.join(dir, 'driver.js');
}
