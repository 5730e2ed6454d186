/** Files of a release as bytes that are the same on every machine. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { unzipSync, zipSync } from 'fflate';

/** The earliest that a ZIP can say. Its times are local ones, so this one is, too. */
const NO_TIME = new Date(1980, 0, 1);

/** @param {Record<string, Uint8Array>} files @returns {Uint8Array} a ZIP, in the order of their names */
export function zipOf(files) {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(Object.fromEntries(sorted), { level: 6, mtime: NO_TIME });
}

/** @param {Uint8Array} zip @returns {Uint8Array} the same files, without folders, the times and the order of the machine that packed them */
export const repacked = (zip) =>
  zipOf(Object.fromEntries(Object.entries(unzipSync(zip)).filter(([name]) => !name.endsWith('/'))));

/** @param {string} folder @returns {string[]} every file in it and below, sorted, with `/` */
export const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .map((name) => name.split(path.sep).join('/'))
    .sort();

export const SUMS = 'SHA256SUMS';

/** @param {string} file */
export const sha256Of = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** @param {string} folder @returns {string} for `sha256sum --check` */
export const sumsOf = (folder) =>
  filesBelow(folder)
    .filter((name) => name !== SUMS)
    .map((name) => `${sha256Of(path.join(folder, name))}  ${name}\n`)
    .join('');
