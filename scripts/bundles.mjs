/**
 * What is bundled, and how: the one list that build, check and the size budgets read.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { stageAzureTask } from './azure-package.mjs';
import { chunksOf, inputsOf } from './bundling/chunks.mjs';
import { licensesOf } from './bundling/licenses.mjs';
import { packAsFiles, packAsOneFile } from './bundling/pack.mjs';

/** The folder that the Azure extension is packed from. */
const AZURE_TASK = 'azure-task/dist/task/';

/**
 * Heavy parts that start-up does not need. Each becomes a file beside the bundle that uses it, loaded by `await import()`.
 * @type {Record<string, { module: string, file: string }>}
 */
const ASIDE = {
  pdf: { module: 'unpdf', file: 'pdf-reader.cjs' },
  schema: { module: 'zod/mini', file: 'policy-schema.cjs' },
  yaml: { module: 'yaml', file: 'yaml-reader.cjs' },
  pkcs12: { module: 'node-forge', file: 'pkcs12-reader.cjs' },
  plist: { module: 'plist', file: 'property-list-reader.cjs' },
  xml: { module: 'saxes', file: 'xml-reader.cjs' },
  glob: { module: 'tinyglobby', file: 'glob.cjs' },
  emulator: { module: '@fusegate/emulator', file: 'emulator.cjs' },
  github: { module: '@actions/github', file: 'github-api.cjs' },
};

/**
 * What of these every bundle may need; each knows it by the name of its module.
 * @type {Array<keyof typeof ASIDE>}
 */
const PARTS = ['pdf', 'schema', 'yaml', 'pkcs12', 'plist', 'xml', 'glob'];

/** Chunks that a job with wrong inputs needs, whatever the system: they lie in the first file. */
const SOON = ['run-command', 'refuse', 'outputs', 'output-folder'];

/**
 * `besides`: the file with what is not needed at start-up. `committed`: users run the file out of the repository, so it lies there and
 * `npm run check` compares it with a fresh build.
 * @type {Array<{ name: string, entry: string, outfile: string, aside: Array<keyof typeof ASIDE>, besides?: string, oneFile?: true, committed?: true }>}
 */
const BUNDLES = [
  {
    name: 'cli',
    entry: 'cli/src/main.ts',
    outfile: 'cli/dist/fusegate.cjs',
    besides: 'fusegate-commands.cjs',
    aside: [...PARTS, 'emulator'],
  },
  {
    name: 'action',
    entry: 'actions/src/main.ts',
    outfile: 'actions/dist/index.cjs',
    besides: 'job.cjs',
    aside: [...PARTS, 'github'],
    committed: true,
  },
  { name: 'action-post', entry: 'actions/src/post.ts', outfile: 'actions/dist/post.cjs', aside: [], committed: true },
  {
    name: 'emulator',
    entry: 'emulator/src/server.ts',
    outfile: 'emulator/dist/server.cjs',
    besides: 'on-demand.cjs',
    aside: [],
  },
  {
    name: 'azure',
    entry: 'azure-task/src/main.ts',
    outfile: 'azure-task/dist/task/index.cjs',
    besides: 'job.cjs',
    aside: PARTS,
  },
  {
    name: 'bitrise',
    entry: 'bitrise-step/src/main.ts',
    outfile: 'bitrise-step/dist/step.cjs',
    besides: 'job.cjs',
    aside: PARTS,
    committed: true,
  },
  {
    name: 'jenkins',
    entry: 'jenkins-shim/src/main.ts',
    // One file, the PDF reader in it: libraryResource hands over one text.
    outfile: 'jenkins-shim/resources/fusegate/fusegate-jenkins.cjs',
    oneFile: true,
    aside: PARTS,
    committed: true,
  },
];

/** @type {esbuild.BuildOptions} */
const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  keepNames: true,
  // One byte a character in Node's memory, and no encoding can spoil what a Jenkins controller writes.
  charset: 'ascii',
  // Every package's licence is put beside the bundle (bundling/licenses.mjs).
  legalComments: 'none',
  logLevel: 'warning',
  // Fonts are embedded in bundles and read from their package everywhere else (emulator/src/certificate/fonts-*.ts).
  loader: { '.ttf': 'binary' },
  conditions: ['fusegate-bundle'],
  // esbuild reads tsconfig otherwise, and a change there that means nothing to the code would change every committed bundle.
  tsconfigRaw: { compilerOptions: { target: 'ES2022', verbatimModuleSyntax: true } },
  define: { 'import.meta.url': '__bundleUrl' },
};

/** @type {esbuild.BuildOptions} */
const CJS = {
  format: 'cjs',
  // Node finds no names in a bundled CommonJS file that is loaded by import(); by require() it has them all.
  supported: { 'dynamic-import': false },
  banner: { js: "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
};

/**
 * Leaves the heavy modules outside and points at the file beside the bundle.
 * @param {Array<keyof typeof ASIDE>} aside
 * @returns {esbuild.Plugin}
 */
function leaveAside(aside) {
  return {
    name: 'leave-aside',
    setup(build) {
      for (const key of aside) {
        const { module, file } = ASIDE[key] ?? { module: '', file: '' };
        build.onResolve({ filter: new RegExp(`^${module}$`) }, () => ({ path: `./${file}`, external: true }));
      }
    },
  };
}

/** @param {string} folder of a package */
const importedBy = (folder) => new RegExp(`[\\\\/]node_modules[\\\\/]${folder.replace('/', '[\\\\/]')}[\\\\/]`);

/**
 * Parts of dependencies that nothing here calls. @actions/core brings an HTTP client for OIDC tokens and a process runner for platform
 * details, undici among them; form-data a table of file types, for parts that do not say theirs, and every part of ours does.
 */
const LEFT_OUT = [
  { module: /^@actions\/(http-client|exec)(\/|$)/, importer: importedBy('@actions/core') },
  { module: /^mime-types$/, importer: importedBy('form-data') },
];

/**
 * What is called nevertheless throws, so that it is seen.
 * @type {esbuild.Plugin}
 */
const leaveOut = {
  name: 'leave-out',
  setup(build) {
    build.onResolve({ filter: /^(@actions\/|mime-types$)/ }, ({ path: name, importer }) =>
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

/**
 * Node compiles its own modules when they are first asked for, and these cost milliseconds at every start: so they are asked for when
 * something of them is used.
 * @type {esbuild.Plugin}
 */
const lazyBuiltins = {
  name: 'lazy-builtins',
  setup(build) {
    build.onResolve(
      {
        filter:
          /^(?:node:)?(fs\/promises|crypto|child_process|stream|stream\/promises|http|https|tls|net|zlib|os|readline)$/,
      },
      ({ path: name, kind }) => (kind === 'import-statement' ? { path: name, namespace: 'lazy-builtin' } : undefined),
    );
    // By its prototype, which esbuild's import takes over: a list of names would be that of the Node which builds.
    build.onLoad({ filter: /.*/, namespace: 'lazy-builtin' }, ({ path: name }) => ({
      contents: `module.exports = Object.create(new Proxy({}, {
        get: (_, key) => key === '__esModule' ? undefined : require(${JSON.stringify(name)})[key],
        has: (_, key) => key in require(${JSON.stringify(name)}),
      }));`,
    }));
  },
};

/**
 * Data is parsed when something of it is first read: a literal would be made at every start.
 * @type {esbuild.Plugin}
 */
const lazyData = {
  name: 'lazy-data',
  setup(build) {
    build.onLoad({ filter: /[\\/]shared[\\/]src[\\/].*\.json$/ }, ({ path: file }) => {
      const data = JSON.parse(readFileSync(file, 'utf8'));
      const getters = Object.keys(data).map(
        (key) => `get ${JSON.stringify(key)}() { return read()[${JSON.stringify(key)}]; }`,
      );
      return {
        contents: `let data;
          const read = () => (data ??= JSON.parse(${JSON.stringify(JSON.stringify(data))}));
          export default { ${getters.join(', ')} };`,
      };
    });
  },
};

/**
 * A heavy part, with all of its exports.
 * @param {(typeof BUNDLES)[number]} bundle
 * @param {keyof typeof ASIDE} key
 * @returns {Promise<{ name: string, code: string, inputs: string[] }>}
 */
async function partAside(bundle, key) {
  const part = ASIDE[key];
  const from = path.resolve(PARTS.includes(key) ? 'shared' : path.dirname(path.dirname(bundle.entry)));
  const { outputFiles, metafile } = await esbuild.build({
    ...COMMON,
    ...CJS,
    stdin: { contents: `export * from '${part?.module}';`, resolveDir: from, loader: 'ts' },
    outfile: part?.file ?? '',
    write: false,
    metafile: true,
  });
  return { name: part?.file ?? '', code: outputFiles[0]?.text ?? '', inputs: inputsOf(metafile) };
}

/**
 * The files of a bundle, as they are to lie on disk.
 * @param {(typeof BUNDLES)[number]} bundle
 * @returns {Promise<Array<{ file: string, text: string }>>}
 */
async function filesOf({ outfile, entry, aside, besides, oneFile, ...bundle }) {
  const dir = path.dirname(outfile);
  const parts = await Promise.all(aside.map((key) => partAside({ outfile, entry, aside, ...bundle }, key)));
  /** @type {esbuild.BuildOptions} */
  const options = {
    ...COMMON,
    plugins: [leaveAside(aside), leaveOut, lazyBuiltins, lazyData],
  };
  const chunks = await chunksOf(options, entry, SOON);
  const shebang = readFileSync(entry, 'utf8').startsWith('#!');

  /** @type {Array<{ file: string, text: string }>} */
  const files = [];
  if (oneFile) {
    const later = [...chunks.later, ...parts];
    files.push({ file: outfile, text: packAsOneFile({ ...chunks, later }, { shebang }) });
  } else {
    const packed = packAsFiles(chunks, { besides: besides ?? '', shebang, parts });
    files.push({ file: outfile, text: packed.main });
    if (packed.besides !== undefined) {
      if (besides === undefined) throw new Error(`${outfile} has chunks for later, and no name for their file`);
      files.push({ file: path.join(dir, besides), text: packed.besides });
    }
    for (const { name, code } of parts) files.push({ file: path.join(dir, name), text: code });
  }
  for (const { file, text } of files) {
    // esbuild leaves regular expressions and tagged templates as they are written.
    const at = text.search(/[^\0-\x7f]/);
    if (at !== -1)
      throw new Error(`${file} is not plain ASCII: …${text.slice(Math.max(0, at - 60), at + 20)}…; escape it`);
  }
  const licenses = licensesOf([chunks, ...parts].flatMap(({ inputs }) => inputs));
  if (licenses !== '') files.push({ file: `${outfile.slice(0, -'.cjs'.length)}.licenses.txt`, text: licenses });
  return files;
}

/**
 * Builds every bundle, or those that are named; returns the files written with their sizes.
 * @param {string[]} [names]
 */
export async function buildBundles(names = []) {
  const unknown = names.filter((name) => !BUNDLES.some((bundle) => bundle.name === name));
  if (unknown.length > 0) {
    throw new Error(`No bundle ${unknown.join(', ')}. There are: ${BUNDLES.map(({ name }) => name).join(', ')}`);
  }
  /** @type {Array<{ file: string, bytes: number }>} */
  const written = [];
  const bundles = BUNDLES.filter(({ name }) => names.length === 0 || names.includes(name));
  for (const { file, text } of (await Promise.all(bundles.map(filesOf))).flat()) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (file.endsWith('.cjs')) written.push({ file, bytes: Buffer.byteLength(text) });
  }
  const ofTask = written.filter(({ file }) => file.startsWith(AZURE_TASK)).map(({ file }) => path.posix.basename(file));
  if (ofTask.length > 0) stageAzureTask(ofTask);
  return written.sort((a, b) => a.file.localeCompare(b.file));
}

/** Builds the committed bundles in memory; returns those whose bytes on disk are others, that are not there, or that nothing makes. */
export async function staleBundles() {
  const files = (await Promise.all(BUNDLES.filter(({ committed }) => committed).map(filesOf))).flat();
  const stale = files
    .filter(({ file, text }) => !existsSync(file) || readFileSync(file, 'utf8') !== text)
    .map(({ file }) => file);
  const made = new Set(files.map(({ file }) => path.normalize(file)));
  for (const dir of new Set(files.map(({ file }) => path.dirname(file)))) {
    for (const name of readdirSync(dir)) if (!made.has(path.join(dir, name))) stale.push(path.join(dir, name));
  }
  return stale.sort();
}

/**
 * Loads a TypeScript module of the workspace into this process, for generators.
 * @param {string} entry path from the root
 */
export async function loadTypeScript(entry) {
  const result = await esbuild.build({
    ...COMMON,
    ...CJS,
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
