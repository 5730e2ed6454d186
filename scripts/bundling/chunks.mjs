/**
 * A program as chunks: what its first module needs at once, and what it loads by `await import()`.
 *
 * esbuild splits ES modules only, and its ESM output of CommonJS dependencies fails at run time ("Dynamic require is not supported"), so
 * every chunk is turned into CommonJS afterwards, where `require` is what those dependencies expect.
 */
import path from 'node:path';
import * as esbuild from 'esbuild';

/**
 * @typedef {{ name: string, code: string }} Chunk `code` is the body of a CommonJS module that requires other chunks by `./name`
 */

/** The chunk of the entry. */
const FIRST = 'main';

/**
 * Names that say what is inside and stay the same from build to build: a module that is loaded by `await import()` gives its own, what
 * several share is numbered in the order of its sources.
 * @param {esbuild.Metafile} meta
 * @param {string} entry
 */
function chunkNames(meta, entry) {
  /** @type {Map<string, string>} */
  const names = new Map();
  const taken = new Set([FIRST]);
  const sorted = Object.entries(meta.outputs)
    .filter(([file]) => file.endsWith('.js'))
    .map(([file, output]) => ({ file, entryPoint: output.entryPoint, key: Object.keys(output.inputs).join('\n') }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { file, entryPoint } of sorted) {
    if (entryPoint === entry) {
      names.set(file, FIRST);
      continue;
    }
    const stem = entryPoint === undefined ? 'shared' : path.posix.basename(entryPoint).replace(/\.[cm]?[jt]s$/, '');
    let name = entryPoint === undefined ? 'shared-1' : stem;
    for (let count = 2; taken.has(name); count += 1) name = `${stem}-${count}`;
    taken.add(name);
    names.set(file, name);
  }
  return names;
}

const AS_COMMON_JS = {
  format: /** @type {const} */ ('cjs'),
  platform: /** @type {const} */ ('node'),
  minify: true,
  legalComments: /** @type {const} */ ('none'),
  // Node finds no names in a bundled CommonJS file that is loaded by import(); by require() it has them all.
  supported: { 'dynamic-import': false },
};

/**
 * The chunks of start-up in one scope: Node reads it once, where functions around each would be read twice, and no getters stand
 * between them.
 * @param {ReadonlyMap<string, string>} texts ES modules by their names
 * @param {readonly string[]} names of those that are wanted; every other one stays outside
 * @param {typeof AS_COMMON_JS & Pick<esbuild.BuildOptions, 'target' | 'charset'>} options
 * @returns {Promise<string>} body of a CommonJS module that runs the program and exports each of them by `exportName`
 */
async function inOneScope(texts, names, options) {
  const shared = names.filter((name) => name !== FIRST);
  const { outputFiles } = await esbuild.build({
    ...options,
    bundle: true,
    write: /** @type {const} */ (false),
    // What is wrong with a dependency's text was told when it was bundled.
    logLevel: 'error',
    stdin: {
      contents: [
        ...shared.map((name) => `export * as ${exportName(name)} from './${name}';`),
        `import './${FIRST}';`,
      ].join('\n'),
    },
    plugins: [
      {
        name: 'chunks',
        setup(build) {
          build.onResolve({ filter: /.*/ }, ({ path: asked }) => {
            const name = asked.replace(/^\.\//, '');
            return names.includes(name) ? { path: name, namespace: 'chunk' } : { path: asked, external: true };
          });
          build.onLoad({ filter: /.*/, namespace: 'chunk' }, ({ path: name }) => ({ contents: texts.get(name) ?? '' }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * @param {esbuild.Metafile} meta
 * @returns {string[]} paths of the files of which something was kept
 */
export function inputsOf(meta) {
  return Object.values(meta.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
}

/**
 * As what the program exports a chunk of its start-up.
 * @param {string} name
 */
export const exportName = (name) => name.replaceAll('-', '_');

/**
 * @param {esbuild.BuildOptions} options of a bundle; format, splitting and where it goes are decided here
 * @param {string} entry
 * @param {readonly string[]} soon names of chunks that are loaded later, but in every job that ends before it has begun
 * @returns {Promise<{ program: string, started: string[], soon: Chunk[], later: Chunk[], inputs: string[] }>} the program, the names of the
 * chunks in it, the others, and the files that all of it is made of
 */
export async function chunksOf(options, entry, soon) {
  const { outputFiles, metafile } = await esbuild.build({
    ...options,
    entryPoints: [entry],
    format: 'esm',
    splitting: true,
    outdir: 'chunks',
    write: /** @type {const} */ (false),
    metafile: /** @type {const} */ (true),
  });
  const fileNames = chunkNames(metafile, entry);

  /** @param {(name: string) => boolean} begins */
  const closure = (begins) => {
    /** @type {Set<string>} */
    const reached = new Set();
    /** @param {string} file */
    const follow = (file) => {
      const name = fileNames.get(file) ?? '';
      if (reached.has(name)) return;
      reached.add(name);
      for (const { path: imported, kind, external } of metafile.outputs[file]?.imports ?? []) {
        if (!external && kind === 'import-statement') follow(imported);
      }
    };
    for (const [file, name] of fileNames) if (begins(name)) follow(file);
    return reached;
  };
  const atOnce = closure((name) => name === FIRST);
  const inTime = closure((name) => name === FIRST || soon.includes(name));

  const written = new Map(
    outputFiles.map((file) => [path.relative('.', file.path).split(path.sep).join('/'), file.text]),
  );
  const renamed = [...fileNames].map(
    ([file, name]) => /** @type {const} */ ([`./${path.posix.basename(file)}`, `./${name}`]),
  );
  const texts = new Map(
    [...fileNames].map(([file, name]) => {
      const text = (written.get(file) ?? '').replace(/^#!.*\n/, '');
      return [name, renamed.reduce((so, [from, to]) => so.replaceAll(from, to), text)];
    }),
  );

  const asCommonJs = { ...AS_COMMON_JS, target: options.target ?? 'node20', charset: options.charset ?? 'ascii' };
  /** @type {{ soon: Chunk[], later: Chunk[] }} */
  const chunks = { soon: [], later: [] };
  for (const [name, text] of texts) {
    if (atOnce.has(name)) continue;
    const { code } = await esbuild.transform(text, asCommonJs);
    chunks[inTime.has(name) ? 'soon' : 'later'].push({ name, code: code.trim() });
  }
  return {
    ...chunks,
    program: await inOneScope(texts, [...atOnce], asCommonJs),
    started: [...atOnce].filter((name) => name !== FIRST),
    inputs: inputsOf(metafile),
  };
}
