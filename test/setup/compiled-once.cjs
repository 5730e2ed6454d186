// Loaded with --require into processes under test: the shipped bundles, compiled by the first process that runs each of them. Compiling
// takes a quarter of the processor time of a run, and the tests start a thousand. Node 22 has module.enableCompileCache() for it.
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const ROOT = path.resolve(__dirname, '../..');
const FOLDER = path.join(ROOT, 'node_modules/.cache/compiled-bundles');
/** @type {Array<{ file: string, script: vm.Script }>} */
const compiled = [];

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

const prototype = /** @type {any} */ (Module.prototype);
const compile = prototype._compile;
prototype._compile = function (
  /** @type {string} */ content,
  /** @type {string} */ filename,
  /** @type {any[]} */ ...more
) {
  if (!filename.endsWith('.cjs') || !filename.startsWith(ROOT)) return compile.call(this, content, filename, ...more);
  const key = createHash('sha256')
    .update(`${process.version} ${process.arch} ${filename}\n`)
    .update(content)
    .digest('hex');
  const file = path.join(FOLDER, key);
  const cachedData = read(file);
  const script = new vm.Script(Module.wrap(content.replace(/^#!.*/, '')), {
    filename,
    cachedData,
    importModuleDynamically: /** @type {any} */ (vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER),
  });
  if (cachedData === undefined || script.cachedDataRejected) compiled.push({ file, script });
  const require = Module.createRequire(filename);
  return script.runInThisContext().call(this.exports, this.exports, require, this, filename, path.dirname(filename));
};

process.on('exit', () => {
  if (compiled.length > 0) mkdirSync(FOLDER, { recursive: true });
  for (const { file, script } of compiled) {
    // With what was compiled later on, as it was called. Another process may be writing the same.
    const own = `${file}.${process.pid}`;
    writeFileSync(own, script.createCachedData());
    renameSync(own, file);
  }
});
