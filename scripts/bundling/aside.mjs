/**
 * Heavy libraries that start-up does not need, and that only some jobs need at all. Each is built once for all bundles that use it, and
 * loaded on first use: from a file beside the bundle or, if users copy a single file, from packed text inside it.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { deflateSync } from 'fflate';

/**
 * `from`: the package that depends on the module. `byDefault`: its default export is used.
 * @type {Record<string, { module: string, from: string, file: string, byDefault?: true }>}
 */
export const ASIDE = {
  http: { module: 'axios', from: 'shared', file: 'http-client.cjs', byDefault: true },
  pdf: { module: 'unpdf', from: 'shared', file: 'pdf-reader.cjs' },
  schema: { module: 'zod/mini', from: 'shared', file: 'policy-schema.cjs' },
  yaml: { module: 'yaml', from: 'shared', file: 'yaml-reader.cjs' },
  pkcs12: { module: 'node-forge', from: 'shared', file: 'pkcs12-reader.cjs' },
  plist: { module: 'plist', from: 'shared', file: 'property-list-reader.cjs' },
  xml: { module: 'saxes', from: 'shared', file: 'xml-reader.cjs' },
  form: { module: 'form-data', from: 'shared', file: 'form-data.cjs', byDefault: true },
  glob: { module: 'tinyglobby', from: 'shared', file: 'glob.cjs' },
  zip: { module: 'yauzl', from: 'shared', file: 'zip-reader.cjs', byDefault: true },
  emulator: { module: '@fusegate/emulator', from: 'cli', file: 'emulator.cjs' },
  'listener-code': {
    module: '@fusegate/shared/threat-events/code/listener-code',
    from: 'cli',
    file: 'listener-code.cjs',
  },
  github: { module: '@actions/github', from: 'actions', file: 'github-api.cjs' },
};

/** @typedef {{ module: string, file: string, text: string, metafile: esbuild.Metafile }} Part */

/**
 * @param {keyof typeof ASIDE} key
 * @param {esbuild.BuildOptions} options
 * @returns {Promise<Part>} the library: all of its exports, or the default one
 */
export async function buildPart(key, options) {
  const { module, from, file, byDefault } = /** @type {(typeof ASIDE)[string]} */ (ASIDE[key]);
  const { outputFiles, metafile } = await esbuild.build({
    ...options,
    stdin: { contents: `export ${byDefault ? '{ default }' : '*'} from '${module}';`, resolveDir: path.resolve(from) },
    // As in Node for CommonJS: the default export is the module itself.
    footer: { js: byDefault ? 'module.exports=module.exports.default;' : '' },
    outfile: file,
    write: /** @type {const} */ (false),
    metafile: /** @type {const} */ (true),
  });
  return { module, file, text: outputFiles[0]?.text ?? '', metafile };
}

/**
 * @param {Part[]} parts
 * @param {{ inside: boolean }} where
 * @returns {esbuild.Plugin} what replaces the libraries in a bundle
 */
export function loadParts(parts, { inside }) {
  const loader = path.resolve('scripts/bundling', inside ? 'packed-part.cjs' : 'part-beside.cjs');
  return {
    name: 'load-parts',
    setup(build) {
      for (const { module, file, text } of parts) {
        build.onResolve({ filter: new RegExp(`^${module}$`) }, () => ({ path: file, namespace: 'part' }));
        build.onLoad({ filter: new RegExp(`^${file}$`), namespace: 'part' }, () => {
          const rest = inside
            ? `'${packed(text)}'`
            : `'${createHash('sha256').update(text).digest('hex')}', () => require('./${file}')`;
          return {
            contents: `module.exports = require(${JSON.stringify(loader)})('${file}', ${rest});`,
            resolveDir: '.',
          };
        });
      }
      build.onResolve({ filter: /^\.\//, namespace: 'part' }, ({ path: file }) => ({ path: file, external: true }));
    },
  };
}

/**
 * Uses a library whose output is the same on every machine, because `npm run check` compares bytes. Node's own zlib does not promise that.
 * @param {string} text
 */
const packed = (text) => Buffer.from(deflateSync(Buffer.from(text), { level: 9 })).toString('base64');
