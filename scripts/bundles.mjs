/** How the bundles of the packages are built, and whether the committed ones are fresh. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { AZURE_TASK, STAGED, stageAzureTask } from './azure-package.mjs';
import { buildPart, filesOfPart, loadParts, OF_EVERY_JOB, packedParts, usedBy } from './bundling/aside.mjs';
import { COMMON, leaveOut, packData } from './bundling/esbuild-options.mjs';
import { Kept, rulesOf, sha256 } from './bundling/kept.mjs';
import { licenseFilesIn, licensesOf } from './bundling/licenses.mjs';
import { inputsOf, packagesIn } from './bundling/packages-in.mjs';
import { lockedPackages, sbomOf } from './bundling/sbom.mjs';
import { PACKAGES, BUNDLES as PACKED } from './packages.mjs';

/**
 * `aside`: libraries kept beside the bundle instead of in it. Committed bundles are compared with a fresh build by `npm run check`.
 * @typedef {import('./bundling/aside.mjs').Part} Part
 * @typedef {import('./packages.mjs').Bundle & { aside: string[] }} Bundle
 * @type {Bundle[]}
 */
const BUNDLES = PACKED.map((bundle) => ({
  ...bundle,
  aside: [...(bundle.runsJobs ? [...OF_EVERY_JOB, 'job'] : []), ...(bundle.parts ?? [])],
}));

/** @typedef {{ file: string, text: string | Buffer }} BuiltFile */

/**
 * `sourcemap`: for a debugger, so the code is not minified either. `told`: called with how far it is, after each file with code.
 * `fromScratch`: uses nothing that earlier builds made.
 * @typedef {{ sourcemap?: boolean, told?: (done: number, total: number) => void, fromScratch?: boolean }} BuildOptions
 */

/** What decides how a bundle is built, beside the files that it is built from. */
const DECIDING = {
  rules: [
    ...['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'node_modules/.pnpm/lock.yaml'],
    ...['scripts/bundles.mjs', 'scripts/packages.mjs', 'scripts/bundling'],
    ...PACKAGES.map((name) => `${name}/package.json`),
  ],
  named: PACKAGES.map((name) => `${name}/src`),
};

/**
 * `files`: as they should be on disk. `inputs`: the files that they are made from.
 * @typedef {{ bundle: Bundle, files: BuiltFile[], inputs: string[] }} Built
 */

/**
 * @param {Bundle[]} bundles
 * @param {BuildOptions} [options]
 * @param {Kept} [kept]
 * @returns {Promise<Built[]>}
 */
async function built(bundles, { sourcemap = false, told } = {}, kept = undefined) {
  const names = new Set(bundles.flatMap(({ aside, oneFile }) => aside.map((key) => nameOfPart(key, oneFile))));
  let done = 0;
  const counted = () => {
    done += 1;
    told?.(done, names.size + bundles.length);
  };
  const partOf = partsOnce(counted, kept);
  const locked = lockedPackages();
  return Promise.all(
    bundles.map(async (bundle) => {
      const { entry, outfile, aside, oneFile = false } = bundle;
      const beside = await Promise.all(aside.map((key) => partOf(key, oneFile)));
      const { outputFiles, metafile } = await esbuild.build({
        ...COMMON,
        ...(sourcemap ? { sourcemap: /** @type {const} */ ('linked'), minify: false } : {}),
        plugins: [loadParts(beside, oneFile ? 'inside' : 'beside'), leaveOut, packData],
        entryPoints: [entry],
        outfile,
        ...(oneFile ? { footer: { js: await packedParts(beside, kept) } } : {}),
        write: /** @type {const} */ (false),
        metafile: /** @type {const} */ (true),
      });
      const dir = path.dirname(outfile);
      const files = outputFiles.map(({ path: file, text }) => ({ file: path.join(dir, path.basename(file)), text }));
      if (!oneFile) files.push(...beside.map(({ file, text }) => ({ file: path.join(dir, file), text })));
      // Comments stay in code that is not minified.
      if (!sourcemap) for (const { file, text } of files) assertAscii(file, text);
      counted();
      const binaries = beside.flatMap((part) => part.beside);
      const code = [
        ...files,
        ...binaries.map(({ file, from }) => ({ file: path.join(dir, file), text: readFileSync(from) })),
      ];
      const packages = packagesIn(
        [metafile, ...beside.map((part) => part.metafile)],
        beside.flatMap((part) => part.packages),
      );
      const licenses = licensesOf(packages);
      const listed = code.map(({ file, text }) => ({ name: path.basename(file), content: text }));
      return {
        bundle,
        files: [
          ...code,
          ...(licenses === '' ? [] : [{ file: licensesFileOf(outfile), text: licenses }]),
          { file: sbomFileOf(outfile), text: sbomOf(bundle, listed, packages, locked) },
        ],
        inputs: [
          ...inputsOf(metafile),
          ...beside.flatMap((part) => part.inputs),
          ...packages.flatMap(({ folder }) => licenseFilesIn(folder)),
        ],
      };
    }),
  );
}

/**
 * @param {() => void} counted called after each part
 * @param {Kept} [kept]
 */
function partsOnce(counted, kept) {
  /** @type {Map<string, Promise<Part>>} */
  const parts = new Map();
  /** @type {(key: string, oneFile: boolean, name: string) => Promise<Part>} */
  const build = async (key, oneFile, name) => {
    const found = /** @type {Part | undefined} */ (kept?.find(`part ${name}`));
    if (found !== undefined) return found;
    const used = await Promise.all(usedBy(key).map((other) => partOf(other, oneFile)));
    const plugins = [loadParts(used, oneFile ? 'around' : 'beside'), leaveOut, packData];
    const part = await buildPart(key, { ...COMMON, plugins });
    part.inputs.push(...used.flatMap(({ inputs }) => inputs));
    kept?.keep(`part ${name}`, part.inputs, part);
    return part;
  };
  /** @type {(key: string, oneFile: boolean) => Promise<Part>} */
  const partOf = (key, oneFile) => {
    const name = nameOfPart(key, oneFile);
    let part = parts.get(name);
    if (part === undefined) {
      part = build(key, oneFile, name);
      parts.set(name, part);
      part.then(counted, () => {});
    }
    return part;
  };
  return partOf;
}

/**
 * A part that uses others is built twice: it finds them where it is itself.
 * @param {string} key
 * @param {boolean} [oneFile]
 */
const nameOfPart = (key, oneFile = false) => (oneFile && usedBy(key).length > 0 ? `${key}, packed` : key);

/** @param {string} outfile */
const licensesFileOf = (outfile) => outfile.replace(/\.cjs$/, '.licenses.txt');

/** @param {string} outfile */
const sbomFileOf = (outfile) => outfile.replace(/\.cjs$/, '.cdx.json');

/**
 * esbuild leaves regular expressions and tagged templates as written.
 * @param {string} file
 * @param {string} text
 */
function assertAscii(file, text) {
  const at = text.search(/[^\0-\x7f]/);
  if (at !== -1)
    throw new Error(`${file} is not plain ASCII: ...${text.slice(Math.max(0, at - 60), at + 20)}...; escape it`);
}

/**
 * @param {string} dir
 * @param {string[]} files that belong there, with those of other folders
 * @returns {string[]} files in a bundle folder that no build makes
 */
function leftoversIn(dir, files) {
  const made = new Set(files.filter((file) => folderOf(file) === dir).map((file) => path.basename(file)));
  if (dir === AZURE_TASK) for (const name of STAGED) made.add(name);
  for (const { outfile, aside, oneFile } of BUNDLES) {
    if (folderOf(outfile) !== dir) continue;
    for (const file of [outfile, licensesFileOf(outfile), sbomFileOf(outfile)]) made.add(path.basename(file));
    if (!oneFile) for (const file of aside.flatMap(filesOfPart)) made.add(file);
  }
  const names = existsSync(dir) ? readdirSync(dir) : [];
  return names.filter((name) => !made.has(name)).map((name) => path.join(dir, name));
}

/** @param {string} file */
const contentOf = (file) => (existsSync(file) ? readFileSync(file) : undefined);

/**
 * @param {BuiltFile} built
 * @returns {boolean} whether it is on disk like this
 */
const isFresh = ({ file, text }) => contentOf(file)?.equals(Buffer.from(text)) ?? false;

/** @param {string} file */
const folderOf = (file) => path.dirname(path.normalize(file));

/** @param {string[]} files */
const foldersOf = (files) => [...new Set(files.map(folderOf))];

/** @param {string} name of a bundle */
const stampOf = (name) => `bundle ${name}`;

/**
 * @param {Bundle} bundle
 * @param {Kept | undefined} kept
 * @returns {string[]} its files, if they are on disk as a build would make them now; otherwise none
 */
function upToDate({ name }, kept) {
  const made = /** @type {Record<string, string> | undefined} */ (kept?.find(stampOf(name))) ?? {};
  return Object.entries(made).every(([file, digest]) => existsSync(file) && sha256(readFileSync(file)) === digest)
    ? Object.keys(made)
    : [];
}

/**
 * Builds every bundle, or those that are named, and removes what earlier builds left beside them.
 * @param {string[]} [names]
 * @param {BuildOptions} [options]
 * @returns {Promise<Array<{ file: string, bytes: number }>>} the files with code
 */
export async function buildBundles(names = [], options = {}) {
  const unknown = names.filter((name) => !BUNDLES.some((bundle) => bundle.name === name));
  if (unknown.length > 0) {
    throw new Error(`No bundle ${unknown.join(', ')}. There are: ${BUNDLES.map(({ name }) => name).join(', ')}`);
  }
  const kept = options.fromScratch ? undefined : new Kept(rulesOf(DECIDING));
  const asked = BUNDLES.filter(({ name }) => names.length === 0 || names.includes(name));
  // With source maps a bundle is another one.
  const ready = new Map(asked.map((bundle) => [bundle, options.sourcemap ? [] : upToDate(bundle, kept)]));
  const missing = asked.filter((bundle) => ready.get(bundle)?.length === 0);
  for (const { bundle, files, inputs } of missing.length === 0 ? [] : await built(missing, options, kept)) {
    for (const { file, text } of files) {
      mkdirSync(path.dirname(file), { recursive: true });
      // Unchanged files are not rewritten, so a test that runs at the same time never sees half of one.
      if (!isFresh({ file, text })) writeFileSync(file, text);
    }
    const digests = Object.fromEntries(files.map(({ file, text }) => [file, sha256(text)]));
    if (!options.sourcemap) kept?.keep(stampOf(bundle.name), inputs, digests);
    ready.set(bundle, Object.keys(digests));
  }
  const files = [...ready.values()].flat();
  for (const dir of foldersOf(files)) {
    for (const file of leftoversIn(dir, files)) rmSync(file, { recursive: true });
    if (dir === AZURE_TASK) stageAzureTask();
  }
  return files
    .filter((file) => file.endsWith('.cjs'))
    .map((file) => ({ file, bytes: statSync(file).size }))
    .sort((a, b) => a.file.localeCompare(b.file));
}

/** Builds the committed bundles in memory, from scratch; returns those whose bytes on disk differ, that are missing, or that nothing makes. */
export async function staleBundles() {
  const files = (await built(BUNDLES.filter(({ committed }) => committed))).flatMap((each) => each.files);
  const stale = files.filter((each) => !isFresh(each)).map(({ file }) => file);
  const names = files.map(({ file }) => file);
  return [...stale, ...foldersOf(names).flatMap((dir) => leftoversIn(dir, names))].sort();
}

/**
 * Loads a TypeScript module of the workspace into this process, for generators.
 * @param {string} entry path from the root
 */
export async function loadTypeScript(entry) {
  const result = await esbuild.build({
    ...COMMON,
    minify: false,
    entryPoints: [entry],
    write: false,
  });
  const code = result.outputFiles?.[0]?.text ?? '';
  /** @type {{ exports: any }} */
  const module = { exports: {} };
  const file = path.resolve(entry);
  new Function('module', 'exports', 'require', '__filename', '__dirname', code)(
    module,
    module.exports,
    createRequire(file),
    file,
    path.dirname(file),
  );
  return module.exports;
}
