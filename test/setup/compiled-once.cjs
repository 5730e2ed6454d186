// Loaded with --require into processes under test: the shipped bundles, compiled by the first process that runs each of them. Compiling
// takes a quarter of the processor time of a run, and the tests start a thousand. Node 22 has module.enableCompileCache() for it.
const childProcess = require('node:child_process');
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

/**
 * @param {string} source
 * @param {vm.ScriptOptions} [options]
 * @returns {any} the value of its last expression
 */
function run(source, options) {
  // Every thread that a process starts loads this file, and most of them need no digest.
  const { createHash } = require('node:crypto');
  const key = createHash('sha256')
    .update(`${process.version} ${process.arch} ${options?.filename}\n`)
    .update(source)
    .digest('hex');
  const file = path.join(FOLDER, key);
  const cachedData = read(file);
  const script = new vm.Script(source, { ...options, cachedData });
  if (cachedData === undefined || script.cachedDataRejected) compiled.push({ file, script });
  return script.runInThisContext();
}

function save() {
  if (compiled.length > 0) mkdirSync(FOLDER, { recursive: true });
  for (const { file, script } of compiled) {
    // With what was compiled later on, as it was called. Another process may be writing the same.
    const own = `${file}.${process.pid}`;
    writeFileSync(own, script.createCachedData());
    renameSync(own, file);
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
  const body = run(Module.wrap(content.replace(/^#!.*/, '')), {
    filename,
    importModuleDynamically: /** @type {any} */ (vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER),
  });
  return body.call(this.exports, this.exports, Module.createRequire(filename), this, filename, path.dirname(filename));
};

/** Whether these arguments start the reader of PDFs. @param {unknown} args */
const isReader = (args) => Array.isArray(args) && args.includes('--eval') && /^--max-old-space-size=/.test(args[0]);

// It gets no variables, so this goes to it by its arguments; its code comes as a message.
const { spawn } = childProcess;
childProcess.spawn = /** @type {any} */ (
  (/** @type {string} */ command, /** @type {any} */ args, /** @type {any} */ options) =>
    spawn(command, isReader(args) ? ['--require', __filename, ...args] : args, options)
);
const { compileFunction } = vm;
vm.compileFunction = /** @type {any} */ (
  (/** @type {string} */ code, /** @type {string[]} */ names = [], /** @type {any} */ options) =>
    options === undefined ? run(`(function (${names}) {${code}\n})`) : compileFunction(code, names, options)
);

const { send } = process;
if (send === undefined) process.on('exit', save);
else {
  // A process that answers is ended by whoever asked, at any time after that.
  process.send = /** @type {any} */ (
    (/** @type {any[]} */ ...words) => {
      save();
      return /** @type {any} */ (send).apply(process, words);
    }
  );
}

module.exports = { isReader };
