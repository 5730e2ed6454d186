import { staleBundles } from '../bundles.mjs';
import { PACKAGES } from '../packages.mjs';
import { tool } from '../tool.mjs';
import { main as generate } from './generate.mjs';

/** The bundles that users run from the repository must match the sources. */
async function bundlesAreFresh() {
  const stale = await staleBundles();
  for (const file of stale) console.error(`STALE ${file}: run npm run build and commit the result`);
  return stale.length === 0 ? 0 : 1;
}

const SOURCES = PACKAGES.map((each) => `${each}/src`);

/** Types, lint and format, fresh generated files, unused code, import directions. Runs every check even if one has failed. */
export async function main() {
  /** @type {Array<[string, () => number | Promise<number>]>} */
  const checks = [
    ['types', () => tool('tsc', ['-p', '.'])],
    ['lint and format', () => tool('biome', ['check', '--error-on-warnings', '.'])],
    ['generated files', () => generate(['--check'])],
    ['committed bundles', bundlesAreFresh],
    ['unused code', () => tool('knip', [])],
    ['imports', () => tool('depcruise', ['--config', '.dependency-cruiser.mjs', ...SOURCES])],
  ];
  let failed = 0;
  for (const [name, check] of checks) {
    const status = await check();
    console.log(`${status === 0 ? 'ok  ' : 'FAIL'}  ${name}`);
    if (status !== 0) failed += 1;
  }
  return failed === 0 ? 0 : 1;
}
