/**
 * Collects the licences of everything that is bundled, because nearly all of them must accompany the code. esbuild keeps only comments that
 * packages mark as legal, and few packages do. Existing libraries read package.json instead of the bundle: they miss packages in pnpm's
 * layout, or list packages that were left out. The one esbuild plugin takes a single file per package and is silent if there is none.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const PACKAGE = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const LICENSE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/**
 * Code that a package includes from another one, without that one's licence.
 * @type {Record<string, string>}
 */
const INSIDE = {
  unpdf:
    'It holds pdf.js, copyright the Mozilla Foundation, under Apache-2.0 (https://www.apache.org/licenses/LICENSE-2.0).',
};

/**
 * @param {string} folder of a package
 * @returns {string[]} texts, ordered by file name
 */
function textsIn(folder) {
  return readdirSync(folder)
    .filter((name) => LICENSE_FILE.test(name))
    .sort()
    .map((name) => readFileSync(path.join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
}

/**
 * @param {string} folder of a package
 * @returns {{ title: string, text: string } | undefined} undefined for our own packages
 * @throws {Error} if it has no licence at all, since it must not be redistributed then
 */
function licenseOf(folder) {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const { name, version, license, author } = manifest;
  if (manifest.private === true) return undefined;
  const texts = textsIn(folder);
  if (texts.length === 0) {
    if (typeof license !== 'string') throw new Error(`${name} ${version} has no licence`);
    const by = typeof author === 'string' ? author : author?.name;
    texts.push(`The package does not include the text of its licence.${by ? ` Author: ${by}` : ''}`);
  }
  if (INSIDE[name]) texts.push(INSIDE[name]);
  return {
    title: `${name} ${version} (${typeof license === 'string' ? license : 'see below'})`,
    text: texts.join('\n\n'),
  };
}

/**
 * @param {import('esbuild').Metafile[]} metafiles of files that are delivered together
 * @returns {string} one text for all packages that the bundle uses; empty if it uses none
 */
export function licensesOf(metafiles) {
  const inputs = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap((output) => Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0));
  const folders = new Set(inputs.map(([file]) => PACKAGE.exec(file)?.[0]).filter((folder) => folder !== undefined));
  return [...folders]
    .filter((folder) => existsSync(path.join(folder, 'package.json')))
    .map(licenseOf)
    .filter((license) => license !== undefined)
    .sort((a, b) => (a.title < b.title ? -1 : 1))
    .map(({ title, text }) => `${title}\n${'-'.repeat(title.length)}\n\n${text}\n`)
    .join('\n\n');
}
