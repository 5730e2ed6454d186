/** Makes the synthetic certificate that tests read, with the emulator's own renderer. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const emulator = path.join(root, 'emulator');

/** @returns {Promise<import('../tasks/generate.mjs').Generated>} */
export async function generate() {
  // Written beside the package whose dependencies it needs.
  const bundle = path.join(emulator, `.certificate-fixture-${process.pid}.mjs`);
  try {
    await build({
      stdin: {
        contents: "export * from './src/certificate/pdf.ts'; export * from './src/certificate/sample-model.ts';",
        resolveDir: emulator,
      },
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'warning',
    });
    const { renderCertificatePdf, sampleModel } = await import(pathToFileURL(bundle).href);
    const content = await renderCertificatePdf(sampleModel({ appType: 'aab' }));
    return { files: [{ path: 'test/fixtures/certificates/android-aab.pdf', content }] };
  } finally {
    rmSync(bundle, { force: true });
  }
}
