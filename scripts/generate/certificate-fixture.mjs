/**
 * Makes the synthetic certificate that tests read: `node scripts/generate/certificate-fixture.mjs`.
 *
 * Not one of the generators that `npm run check` runs: a PDF's streams are compressed, and the bytes differ between Node versions.
 */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const emulator = path.join(root, 'emulator');
// Beside the package whose dependencies it needs.
const bundle = path.join(emulator, `.certificate-fixture-${process.pid}.mjs`);

await build({
  stdin: {
    contents:
      "export { renderCertificatePdf } from './src/certificate/pdf.ts'; export { sampleModel } from './src/certificate/sample-model.ts';",
    resolveDir: emulator,
  },
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
try {
  const { renderCertificatePdf, sampleModel } = await import(pathToFileURL(bundle).href);
  const target = path.join(root, 'test', 'fixtures', 'certificates', 'android-aab.pdf');
  writeFileSync(target, await renderCertificatePdf(sampleModel({ appType: 'aab' })));
  console.log(`made ${path.relative(root, target)}`);
} finally {
  rmSync(bundle, { force: true });
}
