/**
 * What earlier builds made, so that a build makes only what has changed. Something kept is used only while every file that it was made
 * from, and all that decides how, has the contents that it had: times and sizes are never trusted. `npm run check` uses none of it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Removed with the dependencies, and not in git. */
const FOLDER = path.join('node_modules', '.cache', 'fusegate-build');
/** Clocks of file systems lag behind a little. */
const LAG_MS = 100;

/** @param {string | Buffer} content */
export const sha256 = (content) => createHash('sha256').update(content).digest('hex');

/** @param {string} folder @returns {string[]} the files in it and below, but no dependencies and nothing built */
const filesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (!entry.isDirectory()) return [file];
    return entry.name === 'node_modules' || entry.name === 'dist' ? [] : filesIn(file);
  });

/**
 * @param {{ rules: string[], named: string[] }} from `rules`: files and folders whose contents decide how something is built. `named`:
 * folders where a new file changes what an import finds.
 * @returns {string} a digest
 */
export function rulesOf({ rules, named }) {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch} ${process.cwd()}\0`);
  const present = rules.filter((name) => existsSync(name));
  const files = present.flatMap((name) => (statSync(name).isDirectory() ? filesIn(name).sort() : [name]));
  for (const file of files) hash.update(`${file} ${sha256(readFileSync(file))}\0`);
  for (const file of named.flatMap(filesIn).sort()) hash.update(`${file}\0`);
  return hash.digest('hex');
}

/**
 * `inputs`: the files that it was made from, with the digests of their contents.
 * @template T
 * @typedef {{ rules: string, inputs: Record<string, string>, value: T }} Entry
 */

export class Kept {
  #rules;
  #folder;
  #began;
  /** @type {Map<string, string>} */
  #digests = new Map();

  /** @param {string} rules @param {string} [folder] @param {number} [began] when the build began */
  constructor(rules, folder = FOLDER, began = Date.now()) {
    this.#rules = rules;
    this.#folder = folder;
    this.#began = began;
  }

  /**
   * @template T
   * @param {string} name
   * @returns {T | undefined} what was kept under this name, if it would be made in the same way today
   */
  find(name) {
    /** @type {Entry<T>} */
    let entry;
    try {
      entry = JSON.parse(readFileSync(this.#fileOf(name), 'utf8'));
    } catch {
      return undefined;
    }
    if (entry.rules !== this.#rules) return undefined;
    return Object.entries(entry.inputs).every(([file, digest]) => this.#digestOf(file) === digest)
      ? entry.value
      : undefined;
  }

  /**
   * Not kept if an input changed after this build began: nothing says which of its contents the value was made from.
   * @param {string} name
   * @param {Iterable<string>} inputs files
   * @param {unknown} value as JSON
   */
  keep(name, inputs, value) {
    /** @type {Record<string, string>} */
    const digests = {};
    for (const file of inputs) {
      if (!existsSync(file) || statSync(file).ctimeMs > this.#began - LAG_MS) return;
      digests[file] = this.#digestOf(file);
    }
    mkdirSync(this.#folder, { recursive: true });
    const file = this.#fileOf(name);
    const half = `${file}.${process.pid}`;
    writeFileSync(half, JSON.stringify({ rules: this.#rules, inputs: digests, value }));
    // Whole or not at all, for another build at the same time.
    renameSync(half, file);
  }

  /** @param {string} name */
  #fileOf(name) {
    return path.join(this.#folder, `${name.replaceAll(/[^\w.-]/g, '_')}.json`);
  }

  /** @param {string} file @returns {string} empty if it does not exist */
  #digestOf(file) {
    const known = this.#digests.get(file);
    if (known !== undefined) return known;
    const digest = existsSync(file) ? sha256(readFileSync(file)) : '';
    this.#digests.set(file, digest);
    return digest;
  }
}
