/**
 * The entry point of every root script: installs the dependencies if needed, then runs the task.
 *
 * A stamp of the lockfiles skips the install if nothing has changed, so a second run needs no network.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installPnpm } from './pinned-pnpm.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const PNPM = 'scripts/pnpm';
const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const MINIMUM_NODE = engines.node.replace('>=', '');

/** What an install depends on: the lockfile, all manifests, and the platform that native parts were chosen for. */
function stampOfInputs() {
  const hash = createHash('sha256');
  const manifests = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(root, entry.name, 'package.json')))
    .map((entry) => path.join(entry.name, 'package.json'))
    .sort();
  for (const file of [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    `${PNPM}/package-lock.json`,
    ...manifests,
  ]) {
    hash.update(file).update('\0');
    if (existsSync(path.join(root, file))) hash.update(readFileSync(path.join(root, file)));
  }
  return hash.update(`${process.platform} ${process.arch}`).digest('hex');
}

/** @param {string} problem @returns {never} */
function fail(problem) {
  console.error(`set-up failed: ${problem.trimEnd()}`);
  console.error('It needs the npm registry, directly or through the proxy settings of npm.');
  process.exit(1);
}

function install() {
  const stampFile = path.join(root, 'node_modules', '.fusegate-install-stamp');
  const stamp = stampOfInputs();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  console.log('set-up: installing the dependencies of the lockfile …');
  const started = performance.now();
  const pnpm = installPnpm(path.join(root, PNPM));
  if ('problem' in pnpm) fail(pnpm.problem);
  const done = spawnSync(process.execPath, [pnpm.program, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (done.status !== 0) {
    fail(`pnpm install: ${done.error?.message ?? `exit ${done.status}\n${done.stdout}${done.stderr}`}`);
  }
  writeFileSync(stampFile, stamp);
  console.log(`set-up: done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

if (process.versions.node.localeCompare(MINIMUM_NODE, 'en', { numeric: true }) < 0) {
  console.error(`Fusegate is built with Node ${MINIMUM_NODE} or newer; this is ${process.version}.`);
  process.exit(1);
}

const [task, ...rest] = process.argv.slice(2);
const tasksDir = path.join(root, 'scripts', 'tasks');
const tasks = readdirSync(tasksDir)
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => name.slice(0, -'.mjs'.length));
if (task === undefined || !tasks.includes(task)) {
  console.error(`No task '${task ?? ''}'. There are: ${tasks.join(', ')}`);
  process.exit(2);
}
process.chdir(root);
install();
const { main } = await import(pathToFileURL(path.join(tasksDir, `${task}.mjs`)).href);
process.exitCode = await main(rest);
