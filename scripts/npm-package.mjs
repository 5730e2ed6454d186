/**
 * Makes the npm package of the CLI from the built bundle: a folder with its manifest, and the tarball of it. The tarball is also what other
 * CI systems download, and the build context of the Docker image.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'fflate';
import { PUBLISH } from './publish.mjs';
import { filesBelow } from './release/files.mjs';

const SOURCE = 'cli';
const BIN = 'dist/fusegate.cjs';

const [EXECUTABLE, PLAIN] = [0o755, 0o644];

/** @param {string} file */
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** @returns {Record<string, unknown>} what is published; the manifest in the workspace only builds */
function manifestOf() {
  const { version, license, engines } = json('package.json');
  const { description, keywords } = json(path.join(SOURCE, 'package.json'));
  const { npmPackage, repository, placeholder } = PUBLISH;
  return {
    name: npmPackage,
    version,
    // npm refuses to publish it, whoever tries.
    ...(placeholder ? { private: true } : {}),
    description,
    keywords,
    license,
    homepage: `${repository}#readme`,
    bugs: { url: `${repository}/issues` },
    // npm compares it with the repository that a provenance statement names.
    repository: { type: 'git', url: `git+${repository}.git`, directory: SOURCE },
    type: 'commonjs',
    bin: { fusegate: BIN },
    files: ['dist', 'Dockerfile'],
    engines,
    publishConfig: { access: 'public', provenance: true },
  };
}

/** @param {string} readme @returns {string} with links that lead somewhere on the package's page, too */
function withAddresses(readme) {
  const { version } = json('package.json');
  return readme.replaceAll('](../', `](${PUBLISH.repository}/blob/v${version}/`);
}

/**
 * @param {string} target folder, replaced if it exists
 */
function stageNpmPackage(target) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  cpSync(path.join(SOURCE, 'dist'), path.join(target, 'dist'), { recursive: true });
  for (const name of readdirSync(path.join(target, 'dist'))) chmodSync(path.join(target, 'dist', name), PLAIN);
  chmodSync(path.join(target, BIN), EXECUTABLE);
  cpSync(path.join(SOURCE, 'Dockerfile'), path.join(target, 'Dockerfile'));
  cpSync('LICENSE', path.join(target, 'LICENSE'));
  writeFileSync(path.join(target, 'README.md'), withAddresses(readFileSync(path.join(SOURCE, 'README.md'), 'utf8')));
  writeFileSync(path.join(target, 'package.json'), `${JSON.stringify(manifestOf(), null, 2)}\n`);
}

/** Whoever packs may have files that only they can read. @param {string} folder */
function setModes(folder) {
  for (const name of filesBelow(folder)) {
    const file = path.join(folder, name);
    chmodSync(file, statSync(file).mode & 0o100 ? EXECUTABLE : PLAIN);
  }
}

/**
 * npm writes modes into a tarball, but no times and no users. Only its compression depends on the Node that runs it, so it is done again with code that
 * gives the same bytes everywhere.
 * @param {string} folder of a package
 * @param {string} outputDir
 * @returns {string} the tarball
 */
export function packFolder(folder, outputDir) {
  mkdirSync(outputDir, { recursive: true });
  setModes(folder);
  const work = mkdtempSync(path.join(os.tmpdir(), 'fusegate-pack-'));
  try {
    // Without a user's own settings, and without a request.
    const options = ['--json', '--offline', '--ignore-scripts', '--silent', '--userconfig', path.join(work, 'npmrc')];
    const printed = execFileSync('npm', ['pack', '.', ...options, '--pack-destination', work], {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    const [{ filename }] = JSON.parse(printed);
    // An old npm tells the name of a scoped package instead of the file's.
    const name = filename.replace(/^@/, '').replaceAll('/', '-');
    const target = path.join(outputDir, name);
    writeFileSync(target, gzipSync(gunzipSync(readFileSync(path.join(work, name))), { level: 6, mtime: 0 }));
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} outputDir
 * @returns {string} the tarball
 */
export function packNpmPackage(outputDir) {
  const work = mkdtempSync(path.join(os.tmpdir(), 'fusegate-npm-'));
  try {
    stageNpmPackage(path.join(work, 'package'));
    return packFolder(path.join(work, 'package'), outputDir);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
