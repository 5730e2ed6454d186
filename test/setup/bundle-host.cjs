// A process that runs shipped bundles one after the other. Each run has its own arguments, variables, working folder, signal handlers, exit
// code and output, as if Node had been started for it. The bundle is evaluated again for each run, but nearly all parts that it loads stay
// loaded, as in a program that uses the library. Starting Node costs more than what most tests are about.
//
// What needs a process of its own does not belong here: signals, Node's options, and whatever ends a process.
const childProcess = require('node:child_process');
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');
const { isReader } = require('./compiled-once.cjs');
const { record } = require('./record-children.cjs');

/** @typedef {{ bundle: string, words: string[], cwd: string, environment: Record<string, string>, mark: string }} Job */

/** The bundles, by file: each is compiled once. @type {Map<string, { code: string, script: vm.Script }>} */
const scripts = new Map();

/**
 * The process that a run sees.
 * @param {Job} job
 */
function processOf({ bundle, words }) {
  /** @type {Record<PropertyKey, unknown>} */
  const own = {
    argv: [process.execPath, bundle, ...words],
    exitCode: undefined,
    exit: (/** @type {number | undefined} */ code) => {
      // One of a run that is over: a real process would not be there any more.
      if (running?.own !== own) return;
      if (code !== undefined) own['exitCode'] = code;
      end({ goesOn: false });
    },
  };
  const seen = new Proxy(process, {
    get(target, key) {
      if (key in own) return own[key];
      const value = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (target, key, value) => (key in own ? Reflect.set(own, key, value) : Reflect.set(target, key, value, target)),
  });
  return { own, seen };
}

/** @actions/github reads its variables when it is loaded. */
const LOADED_AGAIN = /[\\/]github-api\.cjs$/;

/** @typedef {{ emitter: NodeJS.EventEmitter, name: string | symbol, listener: any }} Listening */

/** @type {{ own: Record<PropertyKey, unknown>, job: Job, before: Listening[], globals: Set<PropertyKey> } | undefined} */
let running;

/** @returns {Listening[]} */
const listening = () =>
  [process, process.stdout, process.stderr].flatMap((emitter) =>
    emitter.eventNames().flatMap((name) => emitter.rawListeners(name).map((listener) => ({ emitter, name, listener }))),
  );

/** @param {string} filename */
function scriptOf(filename) {
  const code = readFileSync(filename, 'utf8').replace(/^#!.*/, '');
  const found = scripts.get(filename);
  if (found?.code === code) return found.script;
  const script = new vm.Script(`(function (exports, require, module, __filename, __dirname, process) {${code}\n})`, {
    filename,
    importModuleDynamically: /** @type {any} */ (vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER),
  });
  scripts.set(filename, { code, script });
  return script;
}

/** @param {Job} job */
function begin(job) {
  const { own, seen } = processOf(job);
  running = { own, job, before: listening(), globals: new Set(Reflect.ownKeys(globalThis)) };
  process.chdir(job.cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, job.environment);
  // Only a run may keep this process busy; when there is nothing left to do, it has ended.
  process.channel?.unref();
  const module = new Module(job.bundle);
  module.filename = job.bundle;
  const require_ = Module.createRequire(job.bundle);
  scriptOf(job.bundle).runInThisContext()(module.exports, require_, module, job.bundle, path.dirname(job.bundle), seen);
}

/** @param {{ goesOn: boolean }} how whether this process can run another job: nothing of this one is left */
function end({ goesOn }) {
  if (running === undefined) return;
  const { own, job, before, globals } = running;
  const added = listening().filter((now) => !before.some(({ listener }) => listener === now.listener));
  for (const { emitter, name, listener } of added) {
    if (emitter === process && name === 'exit') listener.call(process, own['exitCode'] ?? 0);
    emitter.removeListener(name, listener);
  }
  for (const file of Object.keys(require.cache)) if (LOADED_AGAIN.test(file)) delete require.cache[file];
  // azure-pipelines-task-lib keeps its inputs there.
  for (const name of Reflect.ownKeys(globalThis)) if (!globals.has(name)) Reflect.deleteProperty(globalThis, name);
  running = undefined;
  for (const stream of [process.stdout, process.stderr]) stream.write(job.mark);
  process.send?.({ exit: own['exitCode'] ?? 0, goesOn }, () => {
    if (!goesOn) process.exit();
  });
  process.channel?.ref();
}

/** Readers that have met only sound PDFs; the next run takes one instead of starting its own. @type {childProcess.ChildProcess[]} */
const readers = [];

/** @param {childProcess.ChildProcess} child */
function keptForNext(child) {
  const send = /** @type {(...words: any[]) => boolean} */ (child.send.bind(child));
  const kill = child.kill.bind(child);
  /** @type {unknown} */
  let code;
  let isSound = false;
  child.send = (/** @type {any} */ message, /** @type {any[]} */ ...more) => {
    child.once('message', (answer) => {
      isSound = answer === 'ready' || /** @type {any} */ (answer).ok;
    });
    isSound = false;
    // The next run begins with the code, which is there.
    if (message === code) return setImmediate(() => child.emit('message', 'ready')) !== undefined;
    code ??= message;
    return send(message, ...more);
  };
  child.kill = (signal) => {
    if (!isSound) return kill(signal);
    // Whatever held it for its file, nothing waits for it now.
    for (const handle of [child, child.channel]) handle?.unref();
    return readers.push(child) > 0;
  };
  return child;
}

const { spawn } = childProcess;
childProcess.spawn = /** @type {any} */ (
  (/** @type {string} */ command, /** @type {string[]} */ args, /** @type {any} */ options) => {
    if (!isReader(args)) return spawn(command, args, options);
    for (let child = readers.pop(); child !== undefined; child = readers.pop()) {
      if (!child.connected || child.exitCode !== null || child.signalCode !== null) continue;
      record({ file: command, args });
      return child;
    }
    return keptForNext(spawn(command, args, options));
  }
);

process.on('message', begin);
process.on('beforeExit', () => end({ goesOn: true }));
process.on('disconnect', () => process.exit());
