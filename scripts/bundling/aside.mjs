/**
 * Heavy libraries that start-up does not need, and that only some jobs need at all. Each is built once for all bundles that use it, and
 * loaded on first use: from a file beside the bundle or, if users copy a single file, from packed text inside it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { deflate, deflateSync } from 'fflate';
import { sha256 } from './kept.mjs';
import { inputsOf } from './packages-in.mjs';

/** The grammars of the languages that `listeners --source` reads, and the engine that runs them. */
const GRAMMARS = ['java', 'kotlin', 'swift', 'objc', 'javascript', 'typescript', 'tsx', 'c_sharp', 'dart'];
const WASM = [
  'web-tree-sitter/tree-sitter.wasm',
  ...GRAMMARS.map((name) => `tree-sitter-wasms/out/tree-sitter-${name}.wasm`),
];

/**
 * Libraries that any job may need, whatever the CI system.
 * @type {string[]}
 */
export const OF_EVERY_JOB = ['http', 'form', 'pdf', 'schema', 'yaml', 'pkcs12', 'plist', 'xml', 'glob', 'zip', 'app'];

/**
 * `from`: the package that depends on the module. `byDefault`: its default export is used. `wasm`: modules in WebAssembly that it loads, each
 * from a file of its own, which keeps the name that it has. `uses`: other parts. `define`: names that its code finds replaced. `asText`: what imports this module gets the other as text,
 * `code`, to run it in a process of its own.
 * @type {Record<string, { module: string, from: string, file: string, byDefault?: true, wasm?: string[], uses?: string[],
 *   define?: Record<string, string>, asText?: string }>}
 */
const ASIDE = {
  // It looks there for browsers' FormData, and Node then loads its whole fetch: a third of the time that this part takes.
  http: { module: 'axios', from: 'shared', file: 'http-client.cjs', byDefault: true, define: { globalThis: '{}' } },
  pdf: {
    module: '@fusegate/shared/certificate/pdf-child',
    from: 'cli',
    file: 'pdf-reader.cjs',
    asText: '@fusegate/shared/certificate/pdf-child-code',
  },
  schema: { module: 'zod/mini', from: 'shared', file: 'policy-schema.cjs' },
  yaml: { module: 'yaml', from: 'shared', file: 'yaml-reader.cjs' },
  pkcs12: { module: 'node-forge', from: 'shared', file: 'pkcs12-reader.cjs' },
  plist: { module: 'plist', from: 'shared', file: 'property-list-reader.cjs' },
  xml: { module: 'saxes', from: 'shared', file: 'xml-reader.cjs' },
  form: { module: 'form-data', from: 'shared', file: 'form-data.cjs', byDefault: true },
  glob: { module: 'tinyglobby', from: 'shared', file: 'glob.cjs' },
  zip: { module: 'yauzl', from: 'shared', file: 'zip-reader.cjs', byDefault: true },
  emulator: { module: '@fusegate/emulator', from: 'cli', file: 'emulator.cjs' },
  app: { module: '@fusegate/shared/threat-events/look-into-app', from: 'cli', file: 'app-reader.cjs' },
  'listener-code': {
    module: '@fusegate/shared/threat-events/code/listener-code',
    from: 'cli',
    file: 'listener-code.cjs',
  },
  'listener-sources': {
    module: '@fusegate/shared/threat-events/source/find-listeners',
    from: 'cli',
    file: 'listener-sources.cjs',
    wasm: WASM,
  },
  // Inputs are judged without it: a run that is wrong from the start ends before this is read.
  job: { module: '@fusegate/shared/jobs/run-job', from: 'cli', file: 'job.cjs', uses: OF_EVERY_JOB },
  'other-commands': {
    module: '@fusegate/cli/other-commands',
    from: 'cli',
    file: 'other-commands.cjs',
    uses: [...OF_EVERY_JOB, 'listener-code', 'listener-sources'],
  },
  github: { module: '@actions/github', from: 'actions', file: 'github-api.cjs' },
};

const fromShared = createRequire(path.resolve('shared/package.json'));

/**
 * `beside`: files that it loads. `packages`: folders of what is in those. `inputs`: the files that it is made from.
 * @typedef {{ file: string, from: string }} BinaryFile
 * @typedef {{ module: string, file: string, text: string, asText: boolean, metafile: esbuild.Metafile, beside: BinaryFile[],
 *   packages: string[], inputs: string[] }} Part
 */

/** @param {string} key @returns {string[]} the parts that it uses itself */
export const usedBy = (key) => ASIDE[key]?.uses ?? [];

/** @param {string} key @returns {string[]} the names of its files */
export function filesOfPart(key) {
  const { file = '', wasm = [] } = ASIDE[key] ?? {};
  return [file, ...wasm.map((module) => path.basename(module))];
}

/**
 * @param {keyof typeof ASIDE} key
 * @param {esbuild.BuildOptions} options
 * @returns {Promise<Part>} the library: all of its exports, or the default one
 */
export async function buildPart(key, options) {
  const {
    module,
    from,
    file,
    byDefault,
    wasm = [],
    define = {},
    asText,
  } = /** @type {(typeof ASIDE)[string]} */ (ASIDE[key]);
  const found = wasm.map((name) => ({ name, file: path.basename(name), from: fromShared.resolve(name) }));
  const binaries = found.map((one) => ({ ...one, bytes: readFileSync(one.from) }));
  const { outputFiles, metafile } = await esbuild.build({
    ...options,
    define: { ...options.define, ...define },
    plugins: [...(options.plugins ?? []), loadBinaries(binaries)],
    stdin: { contents: `export ${byDefault ? '{ default }' : '*'} from '${module}';`, resolveDir: path.resolve(from) },
    // As in Node for CommonJS: the default export is the module itself.
    footer: { js: byDefault ? 'module.exports=module.exports.default;' : '' },
    outfile: file,
    write: /** @type {const} */ (false),
    metafile: /** @type {const} */ (true),
  });
  return {
    module: asText ?? module,
    file,
    asText: asText !== undefined,
    text: outputFiles[0]?.text ?? '',
    metafile,
    beside: found.map(({ file, from }) => ({ file, from })),
    packages: [...new Set(found.map((one) => one.from.slice(0, -one.name.length) + packageName(one.name)))],
    inputs: [...inputsOf(metafile), ...found.map((one) => one.from)],
  };
}

/** @param {string} module */
const packageName = (module) =>
  module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * @param {Array<{ name: string, file: string, bytes: Buffer }>} binaries
 * @returns {esbuild.Plugin} what replaces WebAssembly in a part: `bytes`, from the file beside it
 */
function loadBinaries(binaries) {
  const loader = path.resolve('scripts/bundling/part-beside.cjs');
  return {
    name: 'load-binaries',
    setup(build) {
      // The module for import() declares a `require` of its own, which the bundled code calls too early.
      build.onResolve({ filter: /^web-tree-sitter$/ }, ({ path: name }) => ({ path: fromShared.resolve(name) }));
      build.onResolve({ filter: /\.wasm$/ }, ({ path: name }) => {
        const binary = binaries.find((one) => one.name === name);
        return binary && { path: binary.file, namespace: 'binary' };
      });
      build.onLoad({ filter: /.*/, namespace: 'binary' }, ({ path: file }) => {
        const bytes = binaries.find((one) => one.file === file)?.bytes ?? '';
        return {
          contents: `module.exports = require(${JSON.stringify(loader)})('${file}', '${sha256(bytes)}', (bytes) => ({ bytes }));`,
          resolveDir: '.',
        };
      });
    },
  };
}

const OWN = /^@fusegate\/([^/]+)\/(.+)$/;

/**
 * A part of our own is imported by its package's name from other packages, and by its file from its own.
 * @param {string} module
 * @param {{ path: string, resolveDir: string }} imported
 */
const isImportOf = (module, { path: name, resolveDir }) => {
  if (name === module) return true;
  const [, own = '', file] = OWN.exec(module) ?? [];
  return name.startsWith('.') && path.resolve(resolveDir, name) === path.resolve(own, 'src', `${file}.ts`);
};

/**
 * @param {Part[]} parts
 * @param {'beside' | 'inside' | 'around'} where their code is: in files beside this one, packed in this one, or packed in the one that this
 * one is packed in too
 * @returns {esbuild.Plugin} what replaces the libraries in a bundle
 */
export function loadParts(parts, where) {
  /** @type {(part: Part) => string} */
  const loading = ({ file, text, asText }) => {
    if (where === 'around') return `require('./${file}')`;
    if (where === 'inside')
      return `require(${JSON.stringify(path.resolve('scripts/bundling/packed-part.cjs'))})('${file}')`;
    const loader = JSON.stringify(path.resolve('scripts/bundling/part-beside.cjs'));
    const load = asText ? "(content) => ({ code: content.toString('latin1') })" : `() => require('./${file}')`;
    return `require(${loader})('${file}', '${sha256(text)}', ${load})`;
  };
  return {
    name: 'load-parts',
    setup(build) {
      for (const part of parts) {
        build.onResolve({ filter: new RegExp(`${path.basename(part.module)}(?:\\.ts)?$`) }, (imported) =>
          isImportOf(part.module, imported) ? { path: part.file, namespace: 'part' } : undefined,
        );
        build.onLoad({ filter: new RegExp(`^${part.file}$`), namespace: 'part' }, () => ({
          contents: `module.exports = ${loading(part)};`,
          resolveDir: '.',
        }));
      }
      build.onResolve({ filter: /^\.\//, namespace: 'part' }, ({ path: file }) => ({ path: file, external: true }));
    },
  };
}

/**
 * Parts at the end of a single-file bundle, each a comment on a line of its own: a start skips those faster than it reads strings.
 * @param {Part[]} parts
 * @param {import('./kept.mjs').Kept} [kept]
 */
export async function packedParts(parts, kept) {
  const lines = parts.map(async ({ file, text, asText, inputs }) => {
    const name = `packed ${file}`;
    const found = /** @type {string | undefined} */ (kept?.find(name));
    if (found !== undefined) return found;
    const line = `//${file} ${await packedAside(asText ? `exports.code=${JSON.stringify(text)}` : text)}`;
    kept?.keep(name, inputs, line);
    return line;
  });
  return (await Promise.all(lines)).join('\n');
}

/**
 * Uses a library whose output is the same on every machine, because `npm run check` compares bytes. Node's own zlib does not promise that.
 * @param {string} text
 */
export function packed(text) {
  const known = packedTexts.get(text) ?? Buffer.from(deflateSync(Buffer.from(text), { level: 9 })).toString('base64');
  packedTexts.set(text, known);
  return known;
}

/**
 * Nearly every bundle has the same ones.
 * @type {Map<string, string>}
 */
const packedTexts = new Map();

/**
 * The same in a thread of its own, while other parts are still being built.
 * @param {string} text
 * @returns {Promise<string>}
 */
const packedAside = (text) =>
  new Promise((resolve, reject) => {
    deflate(Buffer.from(text), { level: 9 }, (error, bytes) =>
      error ? reject(error) : resolve(Buffer.from(bytes).toString('base64')),
    );
  });
