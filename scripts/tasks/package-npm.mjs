import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildBundles } from '../bundles.mjs';
import { packNpmPackage } from '../npm-package.mjs';
import { PUBLISH } from '../publish.mjs';

/**
 * Makes the npm package of the CLI in `release/npm/`, or in the given folder.
 * @param {string[]} args
 */
export async function main([target = path.join('release', 'npm')]) {
  await buildBundles(['cli']);
  const tarball = packNpmPackage(target);
  const digest = createHash('sha256').update(readFileSync(tarball)).digest('hex');
  console.log(`package: ${tarball}`);
  console.log(`sha256:  ${digest}`);
  if (PUBLISH.placeholder) console.log('publish.json holds placeholders, so npm will refuse to publish it.');
  return 0;
}
