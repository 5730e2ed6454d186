/** How esbuild makes every file of a bundle. */
import { readFileSync } from 'node:fs';
import { packed } from './aside.mjs';

/** @type {import('esbuild').BuildOptions} */
export const COMMON = {
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
 * runner for platform details; axios brings a second way to send requests, over fetch, which loads undici too, a client for HTTP/2, and an agent for proxies, where we
 * give it ours (shared/src/api/agents.ts); form-data brings a table of file types for parts without one, but all our parts have one; zod
 * brings its messages in fifty languages.
 */
const LEFT_OUT = [
  { module: /^@actions\/(http-client|exec)(\/|$)/, importer: importedBy('@actions/core') },
  { module: /^(?:\.\/fetch\.js|http2|https-proxy-agent)$/, importer: importedBy('axios') },
  { module: /^mime-types$/, importer: importedBy('form-data') },
  { module: /locales\/index\.js$/, importer: importedBy('zod') },
];

/**
 * If one is called anyway, it throws, so that we notice.
 * @type {import('esbuild').Plugin}
 */
export const leaveOut = {
  name: 'leave-out',
  setup(build) {
    build.onResolve(
      { filter: /^@actions\/|^\.\/fetch\.js$|^http2$|^https-proxy-agent$|^mime-types$|\/locales\/index\.js$/ },
      ({ path: name, importer }) =>
        LEFT_OUT.some((each) => each.module.test(name) && each.importer.test(importer))
          ? { path: name, namespace: 'left-out' }
          : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path: name }) => ({
      contents: `const leftOut = () => { throw new Error(${JSON.stringify(`${name} is left out of this bundle`)}); };
        export { leftOut as HttpClient, leftOut as BearerCredentialHandler, leftOut as getExecOutput, leftOut as getFetch, leftOut as lookup, leftOut as default };`,
    }));
  },
};

/**
 * Generated data that every start needs takes a third of its size: the words of our own texts, and the catalogue.
 * @type {import('esbuild').Plugin}
 */
export const packData = {
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
