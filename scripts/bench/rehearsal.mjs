/** A whole run of the shipped program against an embedded build service, and curl doing the same transfers. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { lagsOf, serverTimes } from './figures.mjs';
import { writeLargeApp } from './large-app.mjs';
import { BENCH_KEY, startRelay, startService, wholeProcess } from './measure.mjs';

const ARGS = [
  ...['--sign', 'private', '--signing-fingerprint', 'a'.repeat(64), '--required-features', 'Root Detection'],
  ...['--listeners', 'off'],
];

/**
 * A service of its own for each run, so that no run finds the app of another one there.
 * @template T
 * @param {{ dir: string, timeScale: string, bitsPerSecond?: number | undefined, arguments?: string[], warm?: boolean }} how `warm`: it has
 *   made a certificate before. Its first one takes it half a second, in which it sends nothing
 * @param {(service: { url: string, direct: string }) => Promise<T>} body `url`: at the given speed
 * @returns {Promise<T>}
 */
export async function withService({ dir, timeScale, bitsPerSecond, arguments: more, warm = false }, body) {
  const data = path.join(dir, 'service');
  mkdirSync(data, { recursive: true });
  const service = await startService(data, timeScale, more);
  try {
    if (warm) await warmUp(service.url, dir);
    if (bitsPerSecond === undefined) return await body({ url: service.url, direct: service.url });
    const relay = await startRelay(service.url, bitsPerSecond);
    try {
      return await body({ url: relay.url, direct: service.url });
    } finally {
      await relay.stop();
    }
  } finally {
    await service.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

/** A whole build that takes no time, of which nothing is left. @param {string} url @param {string} dir */
async function warmUp(url, dir) {
  const control = async (/** @type {string} */ name, /** @type {unknown} */ body) => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(`${url}/__emulator/${name}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`The service answered ${answer.status} to ${name}.`);
    await answer.arrayBuffer();
  };
  const app = path.join(dir, 'small.apk');
  writeLargeApp(app, 1024);
  await control('settings', { uploadMs: 0, fuseMs: 0, contextMs: 0, signMs: 0 });
  await measuredRun({ url, direct: url }, { dir, app });
  await control('reset', {});
}

/** @param {string} url @returns {Promise<any>} */
async function stateOf(url) {
  return (await fetch(`${url}/__emulator/state`)).json();
}

/**
 * `adds`: the time that is not the service's own; bytes on the wire are in it.
 * @typedef {import('./measure.mjs').Usage & { result: any, server: number, adds: number, requests: number, lags: Record<string, number> }} Run
 */

/**
 * @param {{ url: string, direct: string }} service
 * @param {{ dir: string, app: string, durations?: string, exits?: number[] }} job `exits`: the ones that it may have
 * @returns {Promise<Run>}
 */
export async function measuredRun({ url, direct }, { dir, app, durations, exits = [0] }) {
  const { fusionSets } = await stateOf(direct);
  const { id } = fusionSets.find((/** @type {{ platform: string }} */ { platform }) => platform === 'android');
  const out = path.join(dir, 'out');
  // No result of an earlier run to learn from, unless there is a file of durations.
  rmSync(out, { recursive: true, force: true });
  const learnt = durations === undefined ? [] : ['--durations', durations];
  const args = ['run', '--app', app, '--fusion-set-id', id, ...ARGS, '--output-dir', out, ...learnt];
  const env = { APPDOME_API_KEY: BENCH_KEY, APPDOME_SERVER_BASE_URL: url };
  const used = await wholeProcess(args, { dir, env });
  const result = JSON.parse(readFileSync(path.join(out, 'fusegate-result.json'), 'utf8'));
  if (!exits.includes(used.code)) {
    const why = result.findings.map((/** @type {{ message: string }} */ { message }) => message).join(' ');
    throw new Error(`The measured run ended with ${used.code}. ${why}`);
  }
  const { seconds, ends, questions } = serverTimes(await stateOf(direct), result.ids.buildId);
  const lags = lagsOf(result, ends);
  return { ...used, result, server: seconds, adds: used.seconds - seconds, requests: questions, lags };
}

/** @param {string[]} args @returns {Promise<number>} seconds */
function curl(args) {
  const started = performance.now();
  const child = spawn('curl', ['-sSfL', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve((performance.now() - started) / 1000);
      else reject(new Error(`curl ended with ${code}.`));
    });
  });
}

/**
 * The same bytes up and down, onto the same disk.
 * @param {string} url
 * @param {{ dir: string, app: string, buildId: string }} job
 * @returns {Promise<{ up: number, down: number }>} seconds
 */
export async function curlTransfers(url, { dir, app, buildId }) {
  const headers = { Authorization: BENCH_KEY };
  const link = /** @type {any} */ (await (await fetch(`${url}/api/v1/upload-link`, { headers })).json());
  const into = path.join(dir, 'curl.out');
  const up = await curl(['-o', path.join(dir, 'answer'), '-T', app, link.url]);
  const down = await curl(['-H', `Authorization: ${BENCH_KEY}`, '-o', into, `${url}/api/v1/tasks/${buildId}/output`]);
  rmSync(into);
  return { up, down };
}
