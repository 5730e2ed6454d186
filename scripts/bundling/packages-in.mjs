/** Which packages a bundle holds: for its notices (licenses.mjs) and its bill of materials (sbom.mjs). */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const PACKAGE = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/**
 * `uses`: folders of the packages that its code imports. `direct`: our own code imports it.
 * @typedef {{ name: string, version: string, license?: unknown, author?: string | { name?: string }, private?: boolean }} Manifest
 * @typedef {{ folder: string, manifest: Manifest, uses: string[], direct: boolean }} Package
 */

/** @param {string} file of a metafile @returns {string} the package that it belongs to; empty for our own code */
function folderOf(file) {
  const folder = PACKAGE.exec(file)?.[0];
  return folder === undefined ? '' : path.resolve(folder);
}

/**
 * @param {import('esbuild').Metafile} metafile
 * @returns {string[]} the files that were read for it, but none that a plugin made up, and the manifests that said which files those are
 */
export function inputsOf({ inputs }) {
  const files = Object.keys(inputs).filter((name) => !/^(?:<|\(|[a-z-]{2,}:)/.test(name));
  const folders = new Set(files.map(folderOf).filter((folder) => folder !== ''));
  const manifests = [...folders].map((folder) => path.join(folder, 'package.json')).filter((file) => existsSync(file));
  return [...files, ...manifests];
}

/**
 * @param {import('esbuild').Metafile[]} metafiles of files that are delivered together
 * @param {string[]} [more] folders of packages that are delivered without being bundled
 * @returns {Package[]} those of others: ours are private
 */
export function packagesIn(metafiles, more = []) {
  const bundled = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap((output) => Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0))
    .map(([file]) => folderOf(file));
  const edges = metafiles
    .flatMap(({ inputs }) => Object.entries(inputs))
    .flatMap(([file, { imports }]) => imports.map((each) => ({ from: folderOf(file), to: folderOf(each.path) })));
  const unbundled = more.map((folder) => path.resolve(folder));
  return [...new Set([...bundled, ...unbundled])]
    .filter((folder) => folder !== '' && existsSync(path.join(folder, 'package.json')))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')),
      uses: edges.filter(({ from, to }) => from === folder && to !== folder).map(({ to }) => to),
      direct: unbundled.includes(folder) || edges.some(({ from, to }) => from === '' && to === folder),
    }))
    .filter(({ manifest }) => manifest.private !== true);
}
