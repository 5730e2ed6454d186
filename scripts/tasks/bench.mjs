import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeLargeApp } from '../bench/large-app.mjs';
import { buildBundles } from '../bundles.mjs';

/**
 * Memory and speed. Times are ratios within this run, because a machine's seconds mean nothing on another; memory is absolute.
 * Exits 1 when a bound is broken.
 */

const GIB = 1 << 30;
const BOUNDS = { peakRssMiB: 130, coldStartRatio: 2.8 };
const CLI = path.resolve('cli/dist/fusegate.cjs');

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** @param {string} dataDir */
function startService(dataDir) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['emulator/dist/server.cjs', '--port', '0', '--data-dir', dataDir, '--time-scale', '0.1'],
      { env: { ...process.env, FUSEGATE_EMULATOR_API_KEY: 'bench-key' }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    child.stdout.on('data', (chunk) => {
      const url = /listening on (\S+)/.exec(String(chunk))?.[1];
      if (url) resolve({ url, stop: () => child.kill('SIGTERM') });
    });
    child.on('exit', (code) => reject(new Error(`the service ended with ${code}`)));
  });
}

/**
 * Runs the bundle and tells its peak memory and stages.
 * @param {string} dir
 * @param {string} url
 * @param {string} app
 */
function measuredRun(dir, url, app) {
  const rssFile = path.join(dir, 'peak-rss');
  const out = path.join(dir, 'out');
  const fusionSet = JSON.parse(
    spawnSync(
      process.execPath,
      ['-e', `fetch('${url}/__emulator/state').then(r=>r.text()).then(t=>process.stdout.write(t))`],
      {
        encoding: 'utf8',
      },
    ).stdout,
  ).fusionSets.find((/** @type {{ platform?: string }} */ set) => set.platform === 'android').id;
  const child = spawn(
    process.execPath,
    [
      '--require',
      path.resolve('scripts/bench/print-peak-rss.cjs'),
      CLI,
      'run',
      '--app',
      app,
      '--fusion-set-id',
      fusionSet,
      '--sign',
      'private',
      '--signing-fingerprint',
      'a'.repeat(64),
      '--required-features',
      'Root Detection',
      '--output-dir',
      out,
    ],
    {
      env: {
        ...process.env,
        APPDOME_API_KEY: 'bench-key',
        APPDOME_SERVER_BASE_URL: url,
        FUSEGATE_BENCH_RSS_FILE: rssFile,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code !== 0) {
        reject(new Error(`the measured run ended with ${code}`));
        return;
      }
      resolve({
        peakRss: Number(readFileSync(rssFile, 'utf8')),
        result: JSON.parse(readFileSync(path.join(out, 'fusegate-result.json'), 'utf8')),
      });
    });
  });
}

/** @param {string[]} args */
function wallTime(args) {
  const started = performance.now();
  spawnSync(process.execPath, args, { stdio: 'ignore' });
  return performance.now() - started;
}

export async function main() {
  await buildBundles();
  const dir = mkdtempSync(path.join(os.tmpdir(), 'fusegate-bench-'));
  /** @type {Array<[string, string, string, boolean]>} */
  const rows = [];
  try {
    const bare = [];
    const invalid = [];
    for (let round = 0; round < 9; round += 1) {
      bare.push(wallTime(['-e', '0']));
      invalid.push(wallTime([CLI, 'run']));
    }
    const coldStart = median(invalid) / median(bare);
    rows.push([
      'cold start to "inputs are invalid" / node -e 0',
      coldStart.toFixed(2),
      `≤ ${BOUNDS.coldStartRatio}`,
      coldStart <= BOUNDS.coldStartRatio,
    ]);

    const app = path.join(dir, 'large.apk');
    writeLargeApp(app, GIB);
    const hashStarted = performance.now();
    await pipeline(createReadStream(app, { highWaterMark: 1 << 20 }), createHash('sha256'));
    const hashMs = performance.now() - hashStarted;

    const service = await startService(path.join(dir, 'service'));
    try {
      const { peakRss, result } = await measuredRun(dir, service.url, app);
      const rssMiB = peakRss / (1 << 20);
      rows.push([
        '1 GiB app up and down, peak RSS (MiB)',
        rssMiB.toFixed(0),
        `≤ ${BOUNDS.peakRssMiB}`,
        rssMiB <= BOUNDS.peakRssMiB,
      ]);
      for (const name of ['upload', 'download']) {
        const stage = result.stages.find((/** @type {{ name: string }} */ one) => one.name === name);
        rows.push([
          `1 GiB ${name} / SHA-256 of the same file`,
          (stage.durationMs / hashMs).toFixed(2),
          'reported',
          true,
        ]);
      }
    } finally {
      service.stop();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  for (const [what, value, bound, held] of rows)
    console.log(`${held ? 'ok  ' : 'FAIL'}  ${what.padEnd(52)} ${value.padStart(8)}   ${bound}`);
  return rows.every(([, , , held]) => held) ? 0 : 1;
}
