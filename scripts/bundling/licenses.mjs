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
  'tree-sitter-wasms': `It holds these grammars of tree-sitter, compiled:
tree-sitter-java, copyright (c) 2017 Ayman Nadeem; tree-sitter-javascript, copyright (c) 2014 Max Brunsfeld; tree-sitter-typescript,
copyright (c) 2017 Max Brunsfeld; tree-sitter-c-sharp, copyright (c) 2014-2023 Max Brunsfeld, Damien Guard, Amaan Qureshi, and
contributors; tree-sitter-kotlin, copyright (c) 2019 fwcd; tree-sitter-swift, copyright (c) 2021 alex-pinkus; tree-sitter-objc, copyright
(c) 2023 Amaan Qureshi; tree-sitter-dart, copyright (c) 2020-2023 UserNobody14 and others. Each is under the MIT licence:

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`,
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
 * @param {string[]} [more] folders of packages that are delivered without being bundled
 * @returns {string} one text for all packages that the bundle uses; empty if it uses none
 */
export function licensesOf(metafiles, more = []) {
  const inputs = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap((output) => Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0));
  const folders = new Set(inputs.map(([file]) => PACKAGE.exec(file)?.[0]).filter((folder) => folder !== undefined));
  return [...new Set([...folders, ...more].map((folder) => path.resolve(folder)))]
    .filter((folder) => existsSync(path.join(folder, 'package.json')))
    .map(licenseOf)
    .filter((license) => license !== undefined)
    .sort((a, b) => (a.title < b.title ? -1 : 1))
    .map(({ title, text }) => `${title}\n${'-'.repeat(title.length)}\n\n${text}\n`)
    .join('\n\n');
}
