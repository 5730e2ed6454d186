/** The packages of this workspace that have sources, from pnpm-workspace.yaml, and what each one bundles: the one list of both. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const ROOT = path.resolve(import.meta.dirname, '..');

/** @type {string[]} */
const all = parse(readFileSync(path.join(ROOT, 'pnpm-workspace.yaml'), 'utf8')).packages;

export const PACKAGES = all.filter((name) => existsSync(path.join(ROOT, name, 'src')));

/** One package each for the CI systems that have a plugin. */
export const PLUGINS = PACKAGES.filter((name) => !['shared', 'cli', 'emulator'].includes(name));

/**
 * `name`: what `npm run build -- NAME` calls it. `entry`, `outfile`: from the root. `runsJobs`: its libraries are kept beside it, or inside
 * it with `oneFile`. `parts`: further ones. `arguments`: with them it starts a job. `committed`: users run the file from the repository.
 * `limits`: for `npm run bench`, where the usual ones do not fit.
 * @typedef {object} Bundle
 * @property {string} package
 * @property {string} name
 * @property {string} entry
 * @property {string} outfile
 * @property {boolean} [runsJobs]
 * @property {string[]} [parts]
 * @property {string[]} [arguments]
 * @property {boolean} [oneFile]
 * @property {boolean} [committed]
 * @property {{ bytes: number, startRatio: number }} [limits]
 */

/** @param {string} name */
function settingsOf(name) {
  return JSON.parse(readFileSync(path.join(ROOT, name, 'package.json'), 'utf8')).fusegate ?? {};
}

/**
 * From `fusegate.bundles` in each package.json.
 * @type {Bundle[]}
 */
export const BUNDLES = PACKAGES.flatMap((name) =>
  (settingsOf(name).bundles ?? []).map((/** @type {Bundle} */ bundle) => ({
    ...bundle,
    package: name,
    entry: `${name}/${bundle.entry}`,
    outfile: `${name}/${bundle.outfile}`,
  })),
);

/**
 * A repository from which a plugin is published: its manifest has to be at the root there. `page`: of the documentation.
 * @typedef {{ package: string, name: string, manifest: string, page: string, executable: string[] }} Release
 */

/**
 * From `fusegate.release` in each package.json.
 * @type {Release[]}
 */
export const RELEASES = PACKAGES.flatMap((name) => {
  const { release } = settingsOf(name);
  return release === undefined ? [] : [{ ...release, package: name }];
});

/** Those that can run a job. */
export const PROGRAMS = BUNDLES.filter(({ runsJobs }) => runsJobs);
