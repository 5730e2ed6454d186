/**
 * Whole runs of the shipped bundle, from the start of the process to its end, against an embedded build service that takes its real time:
 * what Fusegate adds to the time of the service and to the bytes on the wire. `curl` does the same transfers in the same minute.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeLargeApp } from './large-app.mjs';
import { BENCH_KEY, median, startService } from './measure.mjs';

const MIB = 2 ** 20;
/** About 39 seconds of the service for each run. */
const TIME_SCALE = '17';
/** @typedef {{ what: string, bytes: number, rounds: number }} Size */
/** @type {Size[]} */
const SIZES = [
  { what: '10 MiB', bytes: 10 * MIB, rounds: 5 },
  { what: '200 MiB', bytes: 200 * MIB, rounds: 3 },
  { what: '2 GiB', bytes: 2048 * MIB, rounds: 1 },
];
const BOUNDS = {
  first: { overhead: 2.5, requests: 70 },
  later: { overhead: 1, requests: 40 },
  rssMiB: 150,
};

/** @param {string} url @param {string} pathname */
async function state(url, pathname = 'state') {
  const answer = await fetch(`${url}/__emulator/${pathname}`);
  return /** @type {Promise<any>} */ (answer.json());
}

/**
 * @param {{ cli: string, dir: string, url: string, app: string, fusionSet: string, durations: string }} job
 * @returns {Promise<{ seconds: number, rssMiB: number, cpuSeconds: number, result: any }>}
 */
function run({ cli, dir, url, app, fusionSet, durations }) {
  const usage = path.join(dir, 'usage.json');
  const out = path.join(dir, 'out');
  rmSync(out, { recursive: true, force: true });
  const args = [
    ...[
      '--require',
      path.resolve('scripts/bench/print-usage.cjs'),
      cli,
      'run',
      '--app',
      app,
      '--fusion-set-id',
      fusionSet,
    ],
    ...['--sign', 'private', '--signing-fingerprint', 'a'.repeat(64), '--required-features', 'Root Detection'],
    ...['--output-dir', out, '--durations', durations, '--reuse-upload', 'true', '--listeners', 'off'],
  ];
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, APPDOME_API_KEY: BENCH_KEY, APPDOME_SERVER_BASE_URL: url, FUSEGATE_BENCH_USAGE_FILE: usage },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      const seconds = (performance.now() - started) / 1000;
      if (code !== 0) reject(new Error(`the measured run ended with ${code}`));
      const { maxRssBytes, cpuSeconds } = JSON.parse(readFileSync(usage, 'utf8'));
      const result = JSON.parse(readFileSync(path.join(out, 'fusegate-result.json'), 'utf8'));
      resolve({ seconds, rssMiB: maxRssBytes / MIB, cpuSeconds, result });
    });
  });
}

/**
 * The same bytes up and down.
 * @param {string} url
 * @param {string} app
 * @param {string} buildId
 * @param {string} into
 * @returns {Promise<number>} seconds
 */
async function curl(url, app, buildId, into) {
  const headers = { Authorization: BENCH_KEY };
  const link = /** @type {any} */ (await (await fetch(`${url}/api/v1/upload-link`, { headers })).json());
  const started = performance.now();
  const up = spawnSync('curl', ['-sf', '-o', '/dev/null', '-T', app, link.url]);
  const down = spawnSync('curl', [
    '-sfL',
    '-H',
    `Authorization: ${BENCH_KEY}`,
    '-o',
    into,
    `${url}/api/v1/tasks/${buildId}/output`,
  ]);
  if (up.status !== 0 || down.status !== 0) throw new Error(`curl ended with ${up.status} and ${down.status}`);
  return (performance.now() - started) / 1000;
}

/** What the service itself took for a build, in seconds. @param {any} found @param {string} buildId */
function serverSeconds(found, buildId) {
  const task = found.tasks.find((/** @type {{ id: string }} */ each) => each.id === buildId);
  const app = found.apps.find((/** @type {{ id: string }} */ each) => each.id === task.appId);
  const spans = [...task.stages, { startedAt: app.registeredAt, endsAt: app.analysedAt }];
  return spans.reduce((sum, { startedAt, endsAt }) => sum + (endsAt - startedAt) / 1000, 0);
}

/**
 * @param {string} dir where it may write
 * @param {string} cli
 * @returns {AsyncGenerator<{ text: string, held: boolean }>}
 */
export async function* wholeRuns(dir, cli) {
  yield { text: 'app, run: total | service | curl | Fusegate adds | status requests | peak RSS | CPU', held: true };
  for (const { what, bytes, rounds } of SIZES) {
    const app = path.join(dir, 'app.apk');
    writeLargeApp(app, bytes);
    const durations = path.join(dir, 'durations.json');
    rmSync(durations, { force: true });
    /** @type {Record<'first' | 'later', any[]>} */
    const taken = { first: [], later: [] };
    for (const kind of /** @type {const} */ (['first', 'later'])) {
      for (let round = 0; round < rounds; round += 1) {
        const data = path.join(dir, 'service');
        mkdirSync(data, { recursive: true });
        const service = await startService(data, TIME_SCALE);
        try {
          const before = await state(service.url);
          const fusionSet = before.fusionSets.find((/** @type {any} */ set) => set.platform === 'android').id;
          if (kind === 'first') rmSync(durations, { force: true });
          const measured = await run({ cli, dir, url: service.url, app, fusionSet, durations });
          const { buildId } = measured.result.ids;
          const server = serverSeconds(await state(service.url), buildId);
          const wire = await curl(service.url, app, buildId, path.join(dir, 'curl.out'));
          const requests = measured.result.stages
            .filter((/** @type {any} */ { name }) => ['analysis', 'build', 'context', 'sign'].includes(name))
            .reduce((/** @type {number} */ sum, /** @type {any} */ stage) => sum + stage.requests, 0);
          taken[kind].push({ ...measured, server, wire, adds: measured.seconds - server - wire, requests });
        } finally {
          await service.stop();
          rmSync(data, { recursive: true, force: true });
        }
      }
      const of = (/** @type {string} */ key) => median(taken[kind].map((each) => each[key]));
      const rss = Math.max(...taken[kind].map((each) => each.rssMiB));
      const bound = BOUNDS[kind];
      const held = of('adds') <= bound.overhead && of('requests') <= bound.requests && rss <= BOUNDS.rssMiB;
      yield {
        text: `${what}, ${kind}: ${of('seconds').toFixed(1)} s | ${of('server').toFixed(1)} s | ${of('wire').toFixed(1)} s | ${of('adds').toFixed(2)} s (≤ ${bound.overhead}) | ${of('requests')} (≤ ${bound.requests}) | ${rss.toFixed(0)} MiB (≤ ${BOUNDS.rssMiB}) | ${of('cpuSeconds').toFixed(1)} s`,
        held: bytes > 10 * MIB ? rss <= BOUNDS.rssMiB : held,
      };
    }
  }
}
