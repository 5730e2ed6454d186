/**
 * Collects the licences of everything that is bundled, because nearly all of them must accompany the code. esbuild keeps only comments that
 * packages mark as legal, and few packages do. Existing libraries read package.json instead of the bundle: they miss packages in pnpm's
 * layout, or list packages that were left out. The one esbuild plugin takes a single file per package and is silent if there is none.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { INSIDE } from './inside.mjs';

const LICENSE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/**
 * @param {string} folder of a package
 * @returns {string[]} ordered by name
 */
export const licenseFilesIn = (folder) =>
  readdirSync(folder)
    .filter((name) => LICENSE_FILE.test(name))
    .sort()
    .map((name) => path.join(folder, name));

/**
 * @param {import('./packages-in.mjs').Package} bundled
 * @returns {{ title: string, text: string }}
 * @throws {Error} if it has no licence at all, since it must not be redistributed then
 */
function licenseOf({ folder, manifest }) {
  const { name, version, license, author } = manifest;
  const texts = licenseFilesIn(folder).map((file) => readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim());
  if (texts.length === 0) {
    if (typeof license !== 'string') throw new Error(`${name} ${version} has no licence`);
    const by = typeof author === 'string' ? author : author?.name;
    texts.push(`The package does not include the text of its licence.${by ? ` Author: ${by}` : ''}`);
  }
  if (INSIDE[name]) texts.push(INSIDE[name].notice);
  return {
    title: `${name} ${version} (${typeof license === 'string' ? license : 'see below'})`,
    text: texts.join('\n\n'),
  };
}

/**
 * @param {import('./packages-in.mjs').Package[]} packages that a bundle uses
 * @returns {string} one text for all of them; empty if there are none
 */
export const licensesOf = (packages) =>
  packages
    .map(licenseOf)
    .sort((a, b) => (a.title < b.title ? -1 : 1))
    .map(({ title, text }) => `${title}\n${'-'.repeat(title.length)}\n\n${text}\n`)
    .join('\n\n');
