/**
 * Makes the folder from which `@fusegate/shared` is published. In the workspace the package is its TypeScript sources; the published
 * package is one ES module with its types and the manifest below. Dependencies are not bundled, and heavy ones stay behind `import()` as in
 * the sources.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';

const SOURCE = 'shared';

/**
 * @param {string} target folder, replaced if it exists
 * @returns {Promise<void>}
 */
export async function buildLibrary(target) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const result = await esbuild.build({
    // What reads PDFs runs in a process of its own.
    entryPoints: ['index', 'certificate/pdf-child'].map((name) => path.join(SOURCE, `src/${name}.ts`)),
    entryNames: '[name]',
    outdir: path.join(target, 'dist'),
    conditions: ['fusegate-library'],
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    charset: 'utf8',
    logLevel: 'warning',
    metafile: true,
    tsconfigRaw: { compilerOptions: { target: 'ES2022', verbatimModuleSyntax: true } },
  });
  emitTypes(path.join(target, 'dist'));
  const used = externalPackages(result.metafile);
  const source = JSON.parse(readFileSync(path.join(SOURCE, 'package.json'), 'utf8'));
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  const { name, version, description, license } = source;
  const dependencies = Object.fromEntries(Object.entries(source.dependencies).filter(([each]) => used.has(each)));
  const manifest = {
    name,
    version,
    description,
    license,
    type: 'module',
    engines,
    // The declarations use Node's types for streams and buffers.
    peerDependencies: { '@types/node': '>=20' },
    peerDependenciesMeta: { '@types/node': { optional: true } },
    exports: { '.': { types: './dist/types/index.d.ts', default: './dist/index.js' } },
    sideEffects: false,
    files: ['dist', 'examples'],
    dependencies,
  };
  writeFileSync(path.join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of ['README.md', 'examples'])
    cpSync(path.join(SOURCE, file), path.join(target, file), { recursive: true });
  cpSync('LICENSE', path.join(target, 'LICENSE'));
}

/**
 * The packages that the bundle imports.
 * @param {esbuild.Metafile} metafile
 */
function externalPackages(metafile) {
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.filter((each) => each.external));
  return new Set(
    imports.map(({ path: name }) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    ),
  );
}

/** @param {string} dist */
function emitTypes(dist) {
  const config = path.join(dist, 'tsconfig.json');
  writeFileSync(
    config,
    JSON.stringify({
      extends: path.resolve('tsconfig.json'),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        rewriteRelativeImportExtensions: true,
        allowJs: false,
        checkJs: false,
        rootDir: path.resolve(SOURCE, 'src'),
        outDir: path.resolve(dist, 'types'),
        // @types/node is resolved from here, wherever the target is.
        typeRoots: [path.resolve('node_modules/@types')],
      },
      include: [],
      files: [path.resolve(SOURCE, 'src/index.ts')],
    }),
  );
  const compiler = path.resolve('node_modules/typescript/bin/tsc');
  const done = spawnSync(process.execPath, [compiler, '-p', config], { encoding: 'utf8' });
  rmSync(config);
  if (done.status !== 0) throw new Error(`The types of the library cannot be made:\n${done.stdout}${done.stderr}`);
}
