/**
 * Code that a package includes from others, without their licences or manifests. Neither its package.json nor the lockfile lists it, so
 * it is listed here, for the notices and for the SBOM.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** @typedef {{ name: string, license: string, version?: string }} Included */

const GRAMMARS = `It holds these grammars of tree-sitter, compiled:
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
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/**
 * Its grammars are of versions that it does not state.
 * @type {Included[]}
 */
const grammars = ['c-sharp', 'dart', 'java', 'javascript', 'kotlin', 'objc', 'swift', 'typescript'].map((name) => ({
  name: `tree-sitter-${name}`,
  license: 'MIT',
}));

/** @param {string} folder of unpdf */
function versionOfPdfJs(folder) {
  const version = /apiVersion:"([\d.]+)"/.exec(readFileSync(path.join(folder, 'dist/pdfjs.mjs'), 'utf8'))?.[1];
  if (version === undefined)
    throw new Error(`${folder} no longer states the version of pdf.js: change ${import.meta.filename}`);
  return version;
}

/**
 * By the name of the package that includes it.
 * @type {Record<string, { notice: string, packages: (folder: string) => Included[] }>}
 */
export const INSIDE = {
  unpdf: {
    notice:
      'It holds pdf.js, copyright the Mozilla Foundation, under Apache-2.0 (https://www.apache.org/licenses/LICENSE-2.0).',
    packages: (folder) => [{ name: 'pdfjs-dist', license: 'Apache-2.0', version: versionOfPdfJs(folder) }],
  },
  'tree-sitter-wasms': { notice: GRAMMARS, packages: () => grammars },
};
