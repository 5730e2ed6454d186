import { buildBundles } from '../bundles.mjs';

/**
 * Builds the bundles that users run, or those that are named.
 * @param {string[]} names
 */
export async function main(names) {
  const started = performance.now();
  const written = await buildBundles(names);
  for (const { file, bytes } of written) console.log(`  ${(bytes / 1000).toFixed(0).padStart(6)} kB  ${file}`);
  console.log(`build: ${written.length} files in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return 0;
}
