/**
 * The folders that are pushed as repositories of their own: each needs its manifest or its templates at the root, and the Marketplace one
 * may not have any workflow files. They are made from what is committed here, ready to push.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { RELEASES } from './packages.mjs';
import { filesBelow } from './release/files.mjs';
import { brokenLinks, withWorkingLinks } from './release/links.mjs';
import { versionOf } from './release/version.mjs';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * `copies`: files and folders, from the root of this repository to the root of that one. `manifest`: what a CI system reads first.
 * @typedef {{ name: string, manifest?: string, executable: string[], copies: Array<{ from: string, to: string }> }} Layout
 */

/** @param {string[]} names that stay where they are */
const asHere = (...names) => names.map((name) => ({ from: name, to: name }));

/** @param {string} folder @param {string[]} names that come to the root */
const fromFolder = (folder, ...names) => names.map((name) => ({ from: `${folder}/${name}`, to: name }));

/** @type {Layout[]} */
const PLUGINS = RELEASES.map(({ package: folder, name, manifest, page, executable }) => ({
  name,
  manifest,
  executable,
  copies: [
    ...fromFolder(folder, manifest, ...executable, 'dist', 'README.md'),
    ...asHere(page, 'docs/reference', 'LICENSE'),
  ],
}));

/** What has no plugin of its own in `release:layout`: a library and recipes. */
export const MORE_LAYOUTS = /** @type {Layout[]} */ ([
  {
    name: 'jenkins-library',
    executable: [],
    copies: [
      ...fromFolder('jenkins-shim', 'vars', 'resources', 'examples', 'README.md'),
      ...asHere('docs/jenkins.md', 'docs/reference', 'LICENSE'),
    ],
  },
  {
    name: 'gitlab-component',
    executable: [],
    copies: [
      ...fromFolder('recipes/gitlab', 'templates'),
      { from: 'docs/gitlab.md', to: 'README.md' },
      ...asHere('LICENSE'),
    ],
  },
  {
    name: 'fastlane-action',
    executable: [],
    copies: [
      ...fromFolder('recipes/fastlane', 'actions', 'Fastfile'),
      { from: 'docs/fastlane.md', to: 'README.md' },
      ...asHere('LICENSE'),
    ],
  },
  {
    name: 'teamcity-recipes',
    executable: [],
    copies: [
      { from: 'recipes/teamcity', to: 'recipes' },
      { from: 'docs/teamcity.md', to: 'README.md' },
      ...asHere('LICENSE'),
    ],
  },
]);

/** Bundles stay byte for byte as built and tested; nobody reads their diffs. */
const GIT_ATTRIBUTES =
  '* text=auto eol=lf\ndist/** -text -diff linguist-generated=true\nresources/** -text -diff linguist-generated=true\n';

/**
 * Files that a manifest names and the runner expects.
 * @param {any} manifest
 * @returns {string[]}
 */
function namedFiles(manifest) {
  return [manifest.runs?.main, manifest.runs?.post, manifest.toolkit?.bash?.entry_file].filter(
    (file) => typeof file === 'string',
  );
}

/**
 * @param {string} dir
 * @param {Layout} layout
 * @returns {string[]} what prevents publishing the folder
 */
function problemsOf(dir, { manifest }) {
  const problems = [];
  const names = filesBelow(dir);
  const read = (/** @type {string} */ name) => readFileSync(path.join(dir, name), 'utf8');
  if (manifest !== undefined && names.includes(manifest))
    for (const file of namedFiles(parse(read(manifest))))
      if (!names.includes(file)) problems.push(`${manifest} names ${file}, which is not there`);
  for (const name of names) {
    if (name.startsWith('.github/')) problems.push(`${name}: a Marketplace repository must hold no workflow files`);
    if (readFileSync(path.join(dir, name), 'latin1').includes(ROOT))
      problems.push(`${name} contains a path of this machine`);
    if (!name.endsWith('.md')) continue;
    const isThere = (/** @type {string} */ file) => existsSync(path.join(dir, file));
    for (const link of brokenLinks(read(name), name, isThere)) problems.push(`${name}: ${link} leads nowhere`);
  }
  return problems;
}

/** @param {string} dir @param {Layout} layout */
function rewriteLinks(dir, { copies }) {
  /** @param {string} file of this repository */
  const placeOf = (file) => {
    const copied = copies.find(({ from }) => file === from || file.startsWith(`${from}/`));
    return copied && copied.to + file.slice(copied.from.length);
  };
  const version = versionOf(ROOT);
  for (const to of filesBelow(dir).filter((name) => name.endsWith('.md'))) {
    const copied = copies.find((each) => to === each.to || to.startsWith(`${each.to}/`));
    if (copied === undefined) continue;
    const page = copied.from + to.slice(copied.to.length);
    const file = path.join(dir, to);
    writeFileSync(file, withWorkingLinks(readFileSync(file, 'utf8'), { page, to, placeOf, version }));
  }
}

/** @param {string} dir @param {Layout} layout @returns {string[]} problems */
function writeLayout(dir, layout) {
  const problems = [];
  mkdirSync(dir, { recursive: true });
  for (const { from, to } of layout.copies) {
    const source = path.join(ROOT, from);
    if (existsSync(source)) cpSync(source, path.join(dir, to), { recursive: true });
    else problems.push(`${from} is not there`);
  }
  rewriteLinks(dir, layout);
  writeFileSync(path.join(dir, '.gitattributes'), GIT_ATTRIBUTES);
  for (const name of filesBelow(dir)) chmodSync(path.join(dir, name), layout.executable.includes(name) ? 0o755 : 0o644);
  return [...problems, ...problemsOf(dir, layout)];
}

/**
 * @param {string} target absolute; each layout becomes a folder in it, which must not exist yet or must be empty
 * @param {Layout[]} [layouts] the plugins' unless given
 * @returns {{ dirs: string[], problems: string[] }}
 */
export function writeReleaseLayouts(target, layouts = PLUGINS) {
  const dirs = [];
  const problems = [];
  for (const layout of layouts) {
    const dir = path.join(target, layout.name);
    if (existsSync(dir) && readdirSync(dir).length > 0) {
      problems.push(`${dir} is not empty`);
      continue;
    }
    problems.push(...writeLayout(dir, layout));
    dirs.push(dir);
  }
  return { dirs, problems };
}
