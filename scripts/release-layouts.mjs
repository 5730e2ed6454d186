/**
 * The repositories from which the Marketplace action and the Bitrise step are published. Each needs its manifest at the root, and the
 * Marketplace one may not have any workflow files. They are made from what is committed here, ready to push.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { RELEASES } from './packages.mjs';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * @param {import('./packages.mjs').Release} release
 * @returns {Array<{ from: string, to: string }>} from the root of this repository to the root of that one
 */
function copiesOf({ package: folder, manifest, page, executable }) {
  return [
    ...[manifest, ...executable, 'dist', 'README.md'].map((name) => ({ from: `${folder}/${name}`, to: name })),
    ...[page, 'docs/reference', 'LICENSE'].map((name) => ({ from: name, to: name })),
  ];
}

/** Bundles stay byte for byte as built and tested; nobody reads their diffs. */
const GIT_ATTRIBUTES = '* text=auto eol=lf\ndist/** -text -diff linguist-generated=true\n';

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
 * @returns {string[]} what prevents publishing the folder
 */
function problemsOf(dir, /** @type {import('./packages.mjs').Release} */ { manifest }) {
  const problems = [];
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => name.split(path.sep).join('/'));
  for (const file of namedFiles(parse(readFileSync(path.join(dir, manifest), 'utf8')))) {
    if (!names.includes(file)) problems.push(`${manifest} names ${file}, which is not there`);
  }
  for (const name of names) {
    if (name.startsWith('.github/')) problems.push(`${name}: a Marketplace repository must hold no workflow files`);
    const file = path.join(dir, name);
    if (statSync(file).isFile() && readFileSync(file, 'latin1').includes(ROOT)) {
      problems.push(`${name} contains a path of this machine`);
    }
  }
  return problems;
}

/**
 * @param {string} target absolute; each release becomes a folder in it, which must not exist yet or must be empty
 * @returns {{ dirs: string[], problems: string[] }}
 */
export function writeReleaseLayouts(target) {
  const dirs = [];
  const problems = [];
  for (const release of RELEASES) {
    const dir = path.join(target, release.name);
    if (existsSync(dir) && readdirSync(dir).length > 0) {
      problems.push(`${dir} is not empty`);
      continue;
    }
    mkdirSync(dir, { recursive: true });
    for (const { from, to } of copiesOf(release)) {
      const source = path.join(ROOT, from);
      if (!existsSync(source)) {
        problems.push(`${from} is not there`);
        continue;
      }
      cpSync(source, path.join(dir, to), { recursive: true });
    }
    // Pages are one folder deeper here than there.
    const readme = path.join(dir, 'README.md');
    if (existsSync(readme)) writeFileSync(readme, readFileSync(readme, 'utf8').replaceAll('](../docs/', '](docs/'));
    writeFileSync(path.join(dir, '.gitattributes'), GIT_ATTRIBUTES);
    for (const file of release.executable) {
      if (existsSync(path.join(dir, file))) chmodSync(path.join(dir, file), 0o755);
    }
    if (existsSync(path.join(dir, release.manifest))) problems.push(...problemsOf(dir, release));
    dirs.push(dir);
  }
  return { dirs, problems };
}
