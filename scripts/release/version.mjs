/**
 * The version stands in the root package.json. Everything else that names it is made from that: manifests of the packages, the constant of
 * the sources, commands in pages, and what `npm run generate` writes.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PACKAGES } from '../packages.mjs';

const CONSTANT = 'shared/src/model/version.ts';
const MANIFESTS = ['package.json', ...PACKAGES.map((name) => `${name}/package.json`), 'test/package.json'];
/** Where commands and addresses with a version are written by hand. docs/releasing.md has examples only. */
const PAGES = ['README.md', 'docs', 'jenkins-shim/vars', 'jenkins-shim/examples'];

/** @param {string} root @returns {string} */
export const versionOf = (root) => JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version;

/** @param {string} root @returns {string[]} pages, from the root */
function pagesIn(root) {
  const named = [...PAGES, ...PACKAGES.map((name) => `${name}/README.md`)].filter((name) =>
    existsSync(path.join(root, name)),
  );
  return named.flatMap((name) => {
    if (/\.\w+$/.test(name)) return [name];
    return readdirSync(path.join(root, name), { recursive: true, encoding: 'utf8' })
      .filter(
        (file) => /\.(?:md|txt|groovy|declarative|scripted|sh)$/.test(file) && !/^dist\b|^releasing\.md$/.test(file),
      )
      .map((file) => `${name}/${file.split(path.sep).join('/')}`);
  });
}

/**
 * @param {string} text of a page
 * @param {string} from
 * @param {string} to
 * @returns {string} `fusegate@1.2.3`, `fusegate-1.2.3.tgz`, `fusegate-action@v1` and the like with the other version
 */
export function withVersion(text, from, to) {
  const [oldMajor, newMajor] = [from, to].map((version) => version.split('.', 1)[0]);
  const exact = new RegExp(`(fusegate[\\w./-]*[@:-]v?|\\btag \`v?)${from.replaceAll('.', '\\.')}(?!\\.?\\d)`, 'gi');
  const major = new RegExp(`(fusegate[\\w./-]*@v?|\`@?v)${oldMajor}(?!\\.?\\d)`, 'gi');
  return text.replaceAll(exact, (_, before) => `${before}${to}`).replaceAll(major, (_, before) => before + newMajor);
}

/**
 * @param {string} root
 * @param {string} to
 * @returns {string[]} the files that it changed. The generated ones are up to `npm run generate`.
 */
export function setVersion(root, to) {
  const from = versionOf(root);
  /** @type {Array<[file: string, change: (text: string) => string]>} */
  const changes = [
    ...MANIFESTS.map((file) => /** @type {[string, (text: string) => string]} */ ([file, inManifest])),
    [CONSTANT, (text) => text.replace(`VERSION = '${from}'`, `VERSION = '${to}'`)],
    ...pagesIn(root).map(
      (file) => /** @type {[string, (text: string) => string]} */ ([file, (text) => withVersion(text, from, to)]),
    ),
  ];
  /** @param {string} text */
  function inManifest(text) {
    return text.replace(`"version": "${from}"`, `"version": "${to}"`);
  }
  const changed = [];
  for (const [file, change] of changes) {
    const before = readFileSync(path.join(root, file), 'utf8');
    const after = change(before);
    if (after === before) continue;
    writeFileSync(path.join(root, file), after);
    changed.push(file);
  }
  return changed;
}
