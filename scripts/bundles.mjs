/** How the bundles of the packages are built, and whether the committed ones are fresh. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { AZURE_TASK, STAGED, stageAzureTask } from './azure-package.mjs';
import { buildPart, filesOfPart, loadParts, OF_EVERY_JOB, packed, packedParts, usedBy } from './bundling/aside.mjs';
import { licensesOf } from './bundling/licenses.mjs';
import { packagesIn } from './bundling/packages-in.mjs';
import { lockedPackages, sbomOf } from './bundling/sbom.mjs';
import { BUNDLES as PACKED } from './packages.mjs';

/**
 * `aside`: libraries kept beside the bundle instead of in it. Committed bundles are compared with a fresh build by `npm run check`.
 * @typedef {string} Part
 * @typedef {import('./packages.mjs').Bundle & { aside: Part[] }} Bundle
 * @type {Bundle[]}
 */
const BUNDLES = PACKED.map((bundle) => ({
  ...bundle,
  aside: [...(bundle.runsJobs ? [...OF_EVERY_JOB, 'job'] : []), .../** @type {Part[]} */ (bundle.parts ?? [])],
}));

/** @type {esbuild.BuildOptions} */
const COMMON = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minify: true,
  // One byte per character in Node's memory, and no encoding can corrupt what a Jenkins controller writes.
  charset: 'ascii',
  // Every package's licence goes beside the bundle (bundling/licenses.mjs).
  legalComments: 'none',
  logLevel: 'warning',
  // Fonts are embedded in bundles and read from their package everywhere else (emulator/src/certificate/fonts-*.ts).
  loader: { '.ttf': 'binary' },
  conditions: ['fusegate-bundle'],
  // Otherwise esbuild reads tsconfig, and an irrelevant change there would change every committed bundle.
  tsconfigRaw: { compilerOptions: { target: 'ES2022', verbatimModuleSyntax: true } },
  define: { 'import.meta.url': '__bundleUrl' },
  banner: { js: "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  // Node finds no named exports in a bundled CommonJS file that is loaded with import(); with require() it has them all.
  supported: { 'dynamic-import': false },
};

/** @param {string} folder of a package */
const importedBy = (folder) => new RegExp(`[\\\\/]node_modules[\\\\/]${folder.replace('/', '[\\\\/]')}[\\\\/]`);

/**
 * Parts of dependencies that nothing here calls. @actions/core brings an HTTP client for OIDC tokens (including undici) and a process
 * runner for platform details; form-data brings a table of file types for parts without one, but all our parts have one; zod brings its
 * messages in fifty languages.
 */
const LEFT_OUT = [
  { module: /^@actions\/(http-client|exec)(\/|$)/, importer: importedBy('@actions/core') },
  { module: /^mime-types$/, importer: importedBy('form-data') },
  { module: /locales\/index\.js$/, importer: importedBy('zod') },
];

/**
 * If one is called anyway, it throws, so that we notice.
 * @type {esbuild.Plugin}
 */
const leaveOut = {
  name: 'leave-out',
  setup(build) {
    build.onResolve({ filter: /^@actions\/|^mime-types$|\/locales\/index\.js$/ }, ({ path: name, importer }) =>
      LEFT_OUT.some((each) => each.module.test(name) && each.importer.test(importer))
        ? { path: name, namespace: 'left-out' }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path: name }) => ({
      contents: `const leftOut = () => { throw new Error(${JSON.stringify(`${name} is left out of this bundle`)}); };
        export { leftOut as HttpClient, leftOut as BearerCredentialHandler, leftOut as getExecOutput, leftOut as lookup };`,
    }));
  },
};

/** @typedef {{ file: string, text: string | Buffer }} BuiltFile */

/**
 * Generated data that every start needs takes a third of its size: the words of our own texts, and the catalogue.
 * @type {esbuild.Plugin}
 */
const packData = {
  name: 'pack-data',
  setup(build) {
    /** @param {string} text @param {(inflated: string) => string} exported */
    const unpacking = (text, exported) => ({
      contents: `import { inflateRawSync } from 'node:zlib';
        ${exported(`inflateRawSync(Buffer.from('${packed(text)}', 'base64')).toString()`)}`,
    });
    build.onLoad({ filter: /[\\/]secrets[\\/]own-words\.ts$/ }, ({ path: file }) => {
      const words = /`\n([^`]*)`/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
      return unpacking(words, (inflated) => `export const ownWords = () => ${inflated};`);
    });
    build.onLoad({ filter: /[\\/]catalogue-data\.json$/ }, ({ path: file }) => {
      const data = JSON.parse(readFileSync(file, 'utf8'));
      const keys = Object.keys(data);
      return unpacking(
        JSON.stringify(data),
        // Unpacked when something is first read of it: wrong inputs need none of it.
        (inflated) => `let facts; const load = () => (facts ??= JSON.parse(${inflated}));
          export default { ${keys.map((key) => `get ${key}() { return load().${key}; }`).join(', ')} };`,
      );
    });
  },
};

/**
 * `sourcemap`: for a debugger, so the code is not minified either. `told`: called with how far it is, after each file with code.
 * @typedef {{ sourcemap?: boolean, told?: (done: number, total: number) => void }} BuildOptions
 */

/**
 * @param {Bundle[]} bundles
 * @param {BuildOptions} [options]
 * @returns {Promise<BuiltFile[]>} their files, as they should be on disk
 */
async function filesOf(bundles, { sourcemap = false, told } = {}) {
  /** @type {Map<string, ReturnType<typeof buildPart>>} */
  const parts = new Map();
  const names = new Set(bundles.flatMap(({ aside, oneFile }) => aside.map((key) => nameOfPart(key, oneFile))));
  let done = 0;
  /** @type {<T>(built: T) => T} */
  const counted = (built) => {
    done += 1;
    told?.(done, names.size + bundles.length);
    return built;
  };
  /** @param {string} key @param {boolean} oneFile @returns {ReturnType<typeof buildPart>} */
  const partOf = (key, oneFile) => {
    const name = nameOfPart(key, oneFile);
    const known = parts.get(name);
    if (known !== undefined) return known;
    const where = oneFile ? 'around' : 'beside';
    const building = Promise.all(usedBy(key).map((other) => partOf(other, oneFile)))
      .then((used) => buildPart(key, { ...COMMON, plugins: [loadParts(used, where), leaveOut, packData] }))
      .then(counted);
    parts.set(name, building);
    return building;
  };
  const locked = lockedPackages();
  const each = bundles.map(async (bundle) => {
    const { entry, outfile, aside, oneFile = false } = bundle;
    const beside = await Promise.all(aside.map((key) => partOf(key, oneFile)));
    const { outputFiles, metafile } = await esbuild.build({
      ...COMMON,
      ...(sourcemap ? { sourcemap: /** @type {const} */ ('linked'), minify: false } : {}),
      plugins: [loadParts(beside, oneFile ? 'inside' : 'beside'), leaveOut, packData],
      entryPoints: [entry],
      outfile,
      ...(oneFile ? { footer: { js: packedParts(beside) } } : {}),
      write: /** @type {const} */ (false),
      metafile: /** @type {const} */ (true),
    });
    const dir = path.dirname(outfile);
    const files = outputFiles.map(({ path: file, text }) => ({ file: path.join(dir, path.basename(file)), text }));
    if (!oneFile) files.push(...beside.map(({ file, text }) => ({ file: path.join(dir, file), text })));
    // Comments stay in code that is not minified.
    if (!sourcemap) for (const { file, text } of files) assertAscii(file, text);
    counted(outfile);
    const binaries = beside.flatMap((part) => part.beside);
    const code = [...files, ...binaries.map(({ file, bytes }) => ({ file: path.join(dir, file), text: bytes }))];
    const packages = packagesIn(
      [metafile, ...beside.map((part) => part.metafile)],
      beside.flatMap((part) => part.packages),
    );
    const licenses = licensesOf(packages);
    const listed = code.map(({ file, text }) => ({ name: path.basename(file), content: text }));
    return [
      ...code,
      ...(licenses === '' ? [] : [{ file: licensesFileOf(outfile), text: licenses }]),
      { file: sbomFileOf(outfile), text: sbomOf(bundle, listed, packages, locked) },
    ];
  });
  return (await Promise.all(each)).flat();
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
 * @param {BuiltFile[]} files that were built just now
 * @returns {string[]} files in a bundle folder that no build makes
 */
function leftoversIn(dir, files) {
  const made = new Set(files.filter(({ file }) => folderOf(file) === dir).map(({ file }) => path.basename(file)));
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

/** @param {BuiltFile[]} files */
const foldersOf = (files) => [...new Set(files.map(({ file }) => folderOf(file)))];

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
  const files = await filesOf(
    BUNDLES.filter(({ name }) => names.length === 0 || names.includes(name)),
    options,
  );
  for (const { file, text } of files) {
    mkdirSync(path.dirname(file), { recursive: true });
    // Unchanged files are not rewritten, so a test that runs at the same time never sees half of one.
    if (!isFresh({ file, text })) writeFileSync(file, text);
  }
  for (const dir of foldersOf(files)) {
    for (const file of leftoversIn(dir, files)) rmSync(file, { recursive: true });
    if (dir === AZURE_TASK) stageAzureTask();
  }
  return files
    .filter(({ file }) => file.endsWith('.cjs'))
    .map(({ file, text }) => ({ file, bytes: Buffer.byteLength(text) }))
    .sort((a, b) => a.file.localeCompare(b.file));
}

/** Builds the committed bundles in memory; returns those whose bytes on disk differ, that are missing, or that nothing makes. */
export async function staleBundles() {
  const files = await filesOf(BUNDLES.filter(({ committed }) => committed));
  const stale = files.filter((built) => !isFresh(built)).map(({ file }) => file);
  return [...stale, ...foldersOf(files).flatMap((dir) => leftoversIn(dir, files))].sort();
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
