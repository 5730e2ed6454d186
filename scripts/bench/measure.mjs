/** Starts what the benchmark measures, and what it is measured against. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { watchFamily } from './family.mjs';

export const BENCH_KEY = 'bench-key';
export const MIB = 2 ** 20;
export const CLI = path.resolve('cli/dist/fusegate.cjs');
export const PRELOAD = ['--require', path.resolve('scripts/bench/print-usage.cjs')];

/**
 * Starts a process that says where it listens.
 * @param {string[]} args of node
 * @param {Record<string, string>} [env]
 * @returns {Promise<{ url: string, stop(): Promise<unknown> }>}
 */
function startListener(args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.on('data', (chunk) => {
      const url = / on (http:\S+)/.exec(String(chunk))?.[1];
      if (url)
        resolve({
          url,
          stop: () => {
            const ended = once(child, 'exit');
            child.kill('SIGTERM');
            return ended;
          },
        });
    });
    child.on('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}`)));
  });
}

/**
 * @param {string} dir
 * @param {string} timeScale
 * @param {string[]} [more] arguments
 */
export function startService(dir, timeScale, more = []) {
  const args = ['emulator/dist/server.cjs', '--port', '0', '--data-dir', dir, '--time-scale', timeScale, ...more];
  return startListener(args, { FUSEGATE_EMULATOR_API_KEY: BENCH_KEY });
}

/** @param {string} url of the service @param {number} bitsPerSecond */
export function startRelay(url, bitsPerSecond) {
  return startListener([path.resolve('scripts/bench/relay.mjs'), new URL(url).port, String(bitsPerSecond)]);
}

/** Bytes, as print-usage.cjs wrote them. @param {string} usageFile */
export function peakRssIn(usageFile) {
  return /** @type {number} */ (JSON.parse(readFileSync(usageFile, 'utf8')).maxRssBytes);
}

/**
 * One process from its start to its end, with its children.
 * @typedef {object} Usage
 * @property {number} code
 * @property {number} seconds
 * @property {number} rssMiB its own peak
 * @property {number} cpuSeconds its own and that of its children
 * @property {{ count: number, largestMiB: number, togetherMiB: number, cpuSeconds: number }} family
 */

/**
 * @param {string[]} args of the program
 * @param {{ dir: string, env?: Record<string, string>, before?: string[] }} how `before`: a command that starts it
 * @returns {Promise<Usage>}
 */
export function wholeProcess(args, { dir, env = {}, before = [] }) {
  const usageFile = path.join(dir, 'usage.json');
  rmSync(usageFile, { force: true });
  const [program = process.execPath, ...rest] = [...before, process.execPath, ...PRELOAD, CLI, ...args];
  const started = performance.now();
  const child = spawn(program, rest, {
    cwd: dir,
    env: { PATH: process.env['PATH'] ?? '', HOME: dir, ...env, FUSEGATE_BENCH_USAGE_FILE: usageFile },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const family = watchFamily(child.pid ?? 0);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      const seconds = (performance.now() - started) / 1000;
      const used = family.stop();
      const { maxRssBytes, cpuSeconds } = JSON.parse(readFileSync(usageFile, 'utf8'));
      resolve({
        code: code ?? -1,
        seconds,
        rssMiB: maxRssBytes / MIB,
        cpuSeconds: cpuSeconds + used.cpuSeconds,
        family: used,
      });
    });
  });
}
