/**
 * What is bundled, and how: the one list that build, check and the size budgets read.
 *
 * CommonJS, because esbuild's ESM output of CommonJS dependencies fails at run time ("Dynamic require is not supported").
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { stageAzureTask } from './azure-package.mjs';

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

/**
 * `committed`: users run the file out of the repository, so it lies there and `npm run check` compares it with a fresh build.
 * @type {Array<{ name: string, entry: string, outfile: string, aside: Array<keyof typeof ASIDE>, committed?: true }>}
 */
const BUNDLES = [
  { name: 'cli', entry: 'cli/src/main.ts', outfile: 'cli/dist/fusegate.cjs', aside: [...PARTS, 'emulator'] },
  {
    name: 'action',
    entry: 'actions/src/main.ts',
    outfile: 'actions/dist/index.cjs',
    aside: [...PARTS, 'github'],
    committed: true,
  },
  { name: 'action-post', entry: 'actions/src/post.ts', outfile: 'actions/dist/post.cjs', aside: [], committed: true },
  { name: 'emulator', entry: 'emulator/src/server.ts', outfile: 'emulator/dist/server.cjs', aside: [] },
  { name: 'azure', entry: 'azure-task/src/main.ts', outfile: 'azure-task/dist/task/index.cjs', aside: PARTS },
  {
    name: 'bitrise',
    entry: 'bitrise-step/src/main.ts',
    outfile: 'bitrise-step/dist/step.cjs',
    aside: PARTS,
    committed: true,
  },
  {
    name: 'jenkins',
    entry: 'jenkins-shim/src/main.ts',
    // One file, the PDF reader in it: libraryResource hands over one text.
    outfile: 'jenkins-shim/resources/fusegate/fusegate-jenkins.cjs',
    aside: [],
    committed: true,
  },
];

/** @type {esbuild.BuildOptions} */
const COMMON = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minify: true,
  keepNames: true,
  charset: 'utf8',
  // Node finds no names in a bundled CommonJS file that is loaded by import(); by require() it has them all.
  supported: { 'dynamic-import': false },
  legalComments: 'linked',
  logLevel: 'warning',
  // Fonts are embedded in bundles and read from their package everywhere else (emulator/src/certificate/fonts-*.ts).
  loader: { '.ttf': 'binary' },
  conditions: ['fusegate-bundle'],
  // esbuild reads tsconfig otherwise, and a change there that means nothing to the code would change every committed bundle.
  tsconfigRaw: { compilerOptions: { target: 'ES2022', verbatimModuleSyntax: true } },
  define: { 'import.meta.url': '__bundleUrl' },
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
 * What esbuild is asked for: the bundle itself and each of its heavy parts.
 * @param {(typeof BUNDLES)[number]} bundle
 * @returns {esbuild.BuildOptions[]}
 */
function buildsOf(bundle) {
  const dir = path.dirname(bundle.outfile);
  const beside = bundle.aside.map((key) => {
    const part = ASIDE[key];
    const from = path.resolve(PARTS.includes(key) ? 'shared' : path.dirname(path.dirname(bundle.entry)));
    return {
      ...COMMON,
      stdin: { contents: `export * from '${part?.module}';`, resolveDir: from, loader: /** @type {const} */ ('ts') },
      outfile: path.join(dir, part?.file ?? ''),
    };
  });
  return [
    {
      ...COMMON,
      entryPoints: [bundle.entry],
      outfile: bundle.outfile,
      plugins: [leaveAside(bundle.aside), leaveOut],
    },
    ...beside,
  ];
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
  const jobs = BUNDLES.filter(({ name }) => names.length === 0 || names.includes(name)).flatMap(buildsOf);
  for (const result of await Promise.all(jobs.map((job) => esbuild.build({ ...job, metafile: true })))) {
    for (const [file, output] of Object.entries(result.metafile.outputs)) {
      if (file.endsWith('.cjs')) written.push({ file, bytes: output.bytes });
    }
  }
  const ofTask = written.filter(({ file }) => file.startsWith(AZURE_TASK)).map(({ file }) => path.posix.basename(file));
  if (ofTask.length > 0) stageAzureTask(ofTask);
  return written.sort((a, b) => a.file.localeCompare(b.file));
}

/** Builds the committed bundles in memory; returns those whose bytes on disk are others, or that are not there. */
export async function staleBundles() {
  /** @type {string[]} */
  const stale = [];
  const jobs = BUNDLES.filter(({ committed }) => committed).flatMap(buildsOf);
  for (const result of await Promise.all(jobs.map((job) => esbuild.build({ ...job, write: false })))) {
    for (const { path: file, contents } of result.outputFiles ?? []) {
      const onDisk = existsSync(file) ? readFileSync(file) : undefined;
      if (!onDisk?.equals(contents)) stale.push(path.relative(process.cwd(), file));
    }
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
    minify: false,
    legalComments: 'none',
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
