/**
 * Makes a release in a copy of the repository that nothing else uses: `node scripts/release/inside.mjs VERSION TARGET COMMIT DATE`.
 * Prints problems on stderr and ends with 1 if there are any.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packAzureExtension } from '../azure-package.mjs';
import { buildBundles } from '../bundles.mjs';
import { buildLibrary } from '../library.mjs';
import { packFolder, packNpmPackage } from '../npm-package.mjs';
import { BUNDLES } from '../packages.mjs';
import { PUBLISH } from '../publish.mjs';
import { MORE_LAYOUTS, writeReleaseLayouts } from '../release-layouts.mjs';
import { buildSite } from '../site/build.mjs';
import { main as generate } from '../tasks/generate.mjs';
import { entriesOf, notesOf } from './changelog.mjs';
import { filesBelow, filesThatName, SUMS, sha256Of, sumsOf, zipOf } from './files.mjs';
import { commitOf } from './git.mjs';
import { withWorkingLinks } from './links.mjs';
import { NOTES, notes } from './notes.mjs';
import { writeStepLibEntry } from './steplib.mjs';
import { setVersion, versionOf } from './version.mjs';

const [version = '', target = '', commit = '', date = ''] = process.argv.slice(2);

/** The folders of bundles that users run out of the repository. */
const COMMITTED = [...new Set(BUNDLES.filter((each) => each.committed).map(({ outfile }) => path.dirname(outfile)))];

/** @type {() => string} */
const committedBundles = () =>
  COMMITTED.flatMap((folder) =>
    filesBelow(folder).map((name) => `${folder}/${name} ${sha256Of(path.join(folder, name))}`),
  ).join('\n');

/** Sets the version and builds everything from scratch. @returns {Promise<string[]>} problems */
async function build() {
  const changed = versionOf('.') === version ? [] : setVersion('.', version);
  const before = committedBundles();
  const problems = [];
  // Committed files must be those that their sources give; with another version they are made.
  if ((await generate([...(changed.length === 0 ? ['--check'] : []), 'manifests', 'recipes'])) !== 0)
    problems.push('Generated files are stale: run npm run generate and commit the result.');
  await buildBundles([], { fromScratch: true });
  if (changed.length === 0 && committedBundles() !== before)
    problems.push('Committed bundles are stale: run npm run build and commit the result.');
  return problems;
}

/** @returns {Promise<string>} the tarball of the library */
async function packLibrary() {
  const work = mkdtempSync(path.join(os.tmpdir(), 'fusegate-library-'));
  try {
    const folder = path.join(work, 'package');
    await buildLibrary(folder);
    const file = path.join(folder, 'package.json');
    const repository = { type: 'git', url: `git+${PUBLISH.repository}.git`, directory: 'shared' };
    const manifest = {
      ...JSON.parse(readFileSync(file, 'utf8')),
      name: PUBLISH.npmLibrary,
      // npm refuses to publish it, whoever tries.
      ...(PUBLISH.placeholder ? { private: true } : {}),
      repository,
      publishConfig: { access: 'public', provenance: true },
    };
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
    const readme = path.join(folder, 'README.md');
    const where = { page: 'shared/README.md', to: 'README.md', placeOf: () => undefined, version };
    writeFileSync(readme, withWorkingLinks(readFileSync(readme, 'utf8'), where));
    return packFolder(folder, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @returns {Promise<string>} a ZIP of the site */
async function packSite() {
  const files = [...(await buildSite())].map(([name, content]) => [name, Buffer.from(content)]);
  const file = path.join(target, `fusegate-docs-${version}.zip`);
  writeFileSync(file, zipOf(Object.fromEntries(files)));
  return file;
}

/** Bills of materials and notices under the names of the bundles. */
function copyBillsOfMaterials() {
  const folder = path.join(target, 'bundles');
  mkdirSync(folder);
  for (const { name, outfile } of BUNDLES)
    for (const ending of ['.cdx.json', '.licenses.txt']) {
      const file = outfile.replace(/\.cjs$/, ending);
      if (existsSync(file)) copyFileSync(file, path.join(folder, name + ending));
    }
}

const OF_LAYOUTS = {
  'github-action': 'the repository of the Marketplace action',
  'bitrise-step': 'the repository of the Bitrise step',
  'jenkins-library': 'the repository of the Jenkins shared library',
  'gitlab-component': 'the project of the GitLab components',
  'fastlane-action': 'the fastlane action and a Fastfile',
  'teamcity-recipes': 'the TeamCity recipes',
};

const problems = await build();
const packed = packAzureExtension(target, { publisher: PUBLISH.azurePublisher });
if ('issues' in packed) problems.push(...packed.issues);
const layouts = [writeReleaseLayouts(target), writeReleaseLayouts(target, MORE_LAYOUTS)];
problems.push(...layouts.flatMap((each) => each.problems));

if (problems.length > 0 || 'issues' in packed) {
  for (const problem of problems) console.error(problem);
  process.exitCode = 1;
} else {
  const files = [
    {
      file: packNpmPackage(target),
      what: 'the command line: the npm package, and the file for CI systems without npm',
    },
    { file: await packLibrary(), what: 'the client as a library: the npm package' },
    { file: packed.vsix, what: 'the Azure extension' },
    { file: path.join(target, 'orb.yml'), what: 'the CircleCI orb' },
    { file: await packSite(), what: 'these pages as a site' },
  ];
  copyFileSync('recipes/circleci/orb.yml', path.join(target, 'orb.yml'));
  const step = path.join(target, 'bitrise-step');
  const stepCommit = commitOf(step, { message: version, date });
  writeStepLibEntry(path.join(target, 'bitrise-steplib'), { step, version, commit: stepCommit, date });
  copyBillsOfMaterials();
  const parts = [
    ...files.map(({ file, what }) => ({ name: path.basename(file), what, sha256: sha256Of(file) })),
    ...Object.entries(OF_LAYOUTS).map(([name, what]) => ({ name: `${name}/`, what })),
    { name: 'bitrise-steplib/', what: 'what the StepLib of Bitrise gets' },
    { name: 'bundles/', what: 'a CycloneDX bill of materials and the notices of each bundle' },
  ];
  const changes = notesOf(entriesOf(readFileSync('CHANGELOG.md', 'utf8')), version);
  writeFileSync(path.join(target, NOTES), notes({ version, changes, parts }));
  const facts = { version, commit, date, placeholder: PUBLISH.placeholder };
  writeFileSync(path.join(target, 'release.json'), `${JSON.stringify(facts, null, 2)}\n`);
  writeFileSync(path.join(target, SUMS), sumsOf(target));
  // Of the copy, and of the original, whose dependencies it uses.
  const places = [process.cwd(), path.dirname(realpathSync('node_modules'))];
  for (const name of filesThatName(target, places)) {
    console.error(`${name} contains a path of this machine`);
    process.exitCode = 1;
  }
}
