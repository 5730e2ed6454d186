import { buildBundles } from '../bundles.mjs';

/**
 * Builds the bundles that users run, or the ones named. `--sourcemap` is for a debugger.
 * @param {string[]} args
 */
export async function main(args) {
  const started = performance.now();
  const sourcemap = args.includes('--sourcemap');
  const written = await buildBundles(
    args.filter((arg) => arg !== '--sourcemap'),
    { sourcemap },
  );
  for (const { file, bytes } of written) console.log(`  ${(bytes / 1000).toFixed(0).padStart(6)} kB  ${file}`);
  console.log(`build: ${written.length} files in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return 0;
}
