/** Files of a release as bytes that are the same on every machine. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, unzipSync, zipSync } from 'fflate';

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

/** @param {string} file @returns {Uint8Array[]} its bytes, or those of the files in it */
function contentsOf(file) {
  const bytes = readFileSync(file);
  if (/\.(?:vsix|zip)$/.test(file)) return Object.values(unzipSync(bytes));
  return [file.endsWith('.tgz') ? gunzipSync(bytes) : bytes];
}

/**
 * @param {string} folder of a release
 * @param {string[]} places folders of this machine
 * @returns {string[]} files that name one of them, themselves or in an archive
 */
export const filesThatName = (folder, places) =>
  filesBelow(folder).filter((name) =>
    contentsOf(path.join(folder, name)).some((bytes) => places.some((place) => Buffer.from(bytes).includes(place))),
  );
