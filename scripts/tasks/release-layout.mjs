import { rmSync } from 'node:fs';
import path from 'node:path';
import { buildBundles } from '../bundles.mjs';
import { writeReleaseLayouts } from '../release-layouts.mjs';
import { main as generate } from './generate.mjs';

const DEFAULT_TARGET = 'release';

/**
 * Writes the folders from which the Marketplace action and the Bitrise step are published, into `release/` or the given empty folder.
 * Pushing and tagging them is up to the releaser.
 * @param {string[]} args
 */
export async function main([named]) {
  const stale = await generate(['--check', 'manifests']);
  if (stale !== 0) return stale;
  await buildBundles();
  const target = path.resolve(named ?? DEFAULT_TARGET);
  // Removes only our own files: a folder given by the user must be empty.
  if (named === undefined) rmSync(target, { recursive: true, force: true });
  const { dirs, problems } = writeReleaseLayouts(target);
  for (const dir of dirs) console.log(`made ${path.relative(process.cwd(), dir)}`);
  for (const problem of problems) console.error(`FAIL ${problem}`);
  return problems.length === 0 ? 0 : 1;
}
