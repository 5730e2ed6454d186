import { rmSync } from 'node:fs';
import path from 'node:path';
import { buildBundles } from '../bundles.mjs';
import { writeReleaseLayouts } from '../release-layouts.mjs';
import { main as generate } from './generate.mjs';

const DEFAULT_TARGET = 'release';

/**
 * Writes the folders that the Marketplace action and the Bitrise step are published from, into `release/` or an empty folder that is
 * named. Pushing them, with a tag, is left to whoever releases.
 * @param {string[]} args
 */
export async function main([named]) {
  const stale = await generate(['--check', 'manifests']);
  if (stale !== 0) return stale;
  await buildBundles();
  const target = path.resolve(named ?? DEFAULT_TARGET);
  // Only what is ours is removed: a folder that was named must be empty.
  if (named === undefined) rmSync(target, { recursive: true, force: true });
  const { dirs, problems } = writeReleaseLayouts(target);
  for (const dir of dirs) console.log(`made ${path.relative(process.cwd(), dir)}`);
  for (const problem of problems) console.error(`FAIL ${problem}`);
  return problems.length === 0 ? 0 : 1;
}
