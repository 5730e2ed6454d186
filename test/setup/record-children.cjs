// Loaded with --require into a process under test: writes down every child process that it starts, with its arguments.
const { appendFileSync } = require('node:fs');
const childProcess = require('node:child_process');

/** @param {unknown} what */
function record(what) {
  // Asked each time: a process may run several bundles.
  const file = process.env.RECORD_CHILDREN;
  if (file) appendFileSync(file, `${JSON.stringify(what)}\n`);
}

// Every asynchronous way ends here.
const prototype = /** @type {any} */ (childProcess.ChildProcess.prototype);
const { spawn } = prototype;
prototype.spawn = function (/** @type {any} */ options) {
  record({ file: options.file, args: options.args });
  return spawn.call(this, options);
};
const spawnSync = childProcess.spawnSync;
childProcess.spawnSync = /** @type {any} */ (
  (/** @type {any[]} */ ...words) => {
    record({ file: words[0], args: words[1] });
    return /** @type {any} */ (spawnSync)(...words);
  }
);

module.exports = { record };
