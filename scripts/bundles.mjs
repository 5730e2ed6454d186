/**
 * What is bundled, and how: the one list that build, check and the size budgets read.
 *
 * CommonJS, because esbuild's ESM output of CommonJS dependencies fails at run time ("Dynamic require is not supported").
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import * as esbuild from 'esbuild';

/**
 * Heavy parts that start-up does not need. Each becomes a file beside the bundle that uses it, loaded by `await import()`.
 * @type {Record<string, { module: string, file: string }>}
 */
const ASIDE = {
  pdf: { module: 'unpdf', file: 'pdf-reader.cjs' },
  emulator: { module: '@fusegate/emulator', file: 'emulator.cjs' },
};

/** @type {Array<{ name: string, entry: string, outfile: string, aside: Array<keyof typeof ASIDE> }>} */
const BUNDLES = [
  { name: 'cli', entry: 'cli/src/main.ts', outfile: 'cli/dist/fusegate.cjs', aside: ['pdf', 'emulator'] },
  { name: 'emulator', entry: 'emulator/src/server.ts', outfile: 'emulator/dist/server.cjs', aside: [] },
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

/** Builds every bundle; returns the files written with their sizes. */
export async function buildBundles() {
  /** @type {Array<{ file: string, bytes: number }>} */
  const written = [];
  const jobs = BUNDLES.flatMap((bundle) => {
    const dir = path.dirname(bundle.outfile);
    const main = {
      ...COMMON,
      entryPoints: [bundle.entry],
      outfile: bundle.outfile,
      plugins: [leaveAside(bundle.aside)],
    };
    const beside = bundle.aside.map((key) => {
      const part = ASIDE[key];
      const from = path.resolve(key === 'pdf' ? 'shared' : path.dirname(path.dirname(bundle.entry)));
      return {
        ...COMMON,
        stdin: { contents: `export * from '${part?.module}';`, resolveDir: from, loader: /** @type {const} */ ('ts') },
        outfile: path.join(dir, part?.file ?? ''),
      };
    });
    return [main, ...beside];
  });
  for (const result of await Promise.all(jobs.map((job) => esbuild.build({ ...job, metafile: true })))) {
    for (const [file, output] of Object.entries(result.metafile.outputs)) {
      if (file.endsWith('.cjs')) written.push({ file, bytes: output.bytes });
    }
  }
  return written.sort((a, b) => a.file.localeCompare(b.file));
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
