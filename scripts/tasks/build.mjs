import { buildBundles } from '../bundles.mjs';

/** Builds the bundles that users run. */
export async function main() {
  const started = performance.now();
  const written = await buildBundles();
  for (const { file, bytes } of written) console.log(`  ${(bytes / 1000).toFixed(0).padStart(6)} kB  ${file}`);
  console.log(`build: ${written.length} files in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return 0;
}
