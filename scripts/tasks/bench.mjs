import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeAppOfCode, writeLargeApp } from '../bench/large-app.mjs';
import { BENCH_KEY, median, peakRssIn, startService } from '../bench/measure.mjs';
import { reliabilityFigures } from '../bench/reliability.mjs';
import { wholeRuns } from '../bench/whole-runs.mjs';
import { buildBundles, loadTypeScript } from '../bundles.mjs';
import { appOfNpm } from '../npm-app.mjs';
import { PROGRAMS } from '../packages.mjs';

/**
 * Memory and speed, then reliability. Times are ratios within this run, because one machine's seconds mean nothing on another; memory is
 * absolute. Exits 1 if a limit is exceeded, or something is not as reliable as its test demands.
 */

const GIB = 1 << 30;
const BOUNDS = { peakRssMiB: 130 };
const CLI = path.resolve('cli/dist/fusegate.cjs');

/**
 * What a program may cost before it does anything: the size of its main file, and the time until it reports that its inputs are wrong. A
 * bundle states limits of its own where it is a single file with every part, or where a library of its system has to be set up first.
 */
const LIMITS = { bytes: 700_000, startRatio: 3.2 };

/** A program and bare Node take turns, so that other load on the machine affects both. */
const ROUNDS = 21;

/**
 * Runs the bundle and returns its peak memory and stages.
 * @param {string} dir
 * @param {string} url
 * @param {string} app
 */
function measuredRun(dir, url, app) {
  const usageFile = path.join(dir, 'usage.json');
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
      path.resolve('scripts/bench/print-usage.cjs'),
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
        APPDOME_API_KEY: BENCH_KEY,
        APPDOME_SERVER_BASE_URL: url,
        FUSEGATE_BENCH_USAGE_FILE: usageFile,
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
        peakRss: peakRssIn(usageFile),
        result: JSON.parse(readFileSync(path.join(out, 'fusegate-result.json'), 'utf8')),
      });
    });
  });
}

/** What a look for listeners may cost: a real app, and much more code than one has. Seconds, several times what they take. */
const LOOKS = [
  { what: 'io.appium.settings', bounds: { seconds: 5, rssMiB: 150 } },
  { what: '200 MB of .dex and scripts', bytes: 200_000_000, bounds: { seconds: 30, rssMiB: 300 } },
];

/**
 * @param {typeof LOOKS[number]} look
 * @param {string} dir where it may write
 * @returns {Promise<Array<[string, string, string, boolean]>>}
 */
async function lookRows({ what, bytes, bounds }, dir) {
  const app = bytes === undefined ? appOfNpm() : path.join(dir, 'code.apk');
  if (bytes !== undefined) writeAppOfCode(app, bytes);
  const usageFile = path.join(dir, 'look-usage.json');
  const place = { cwd: dir, env: { PATH: process.env['PATH'] ?? '', FUSEGATE_BENCH_USAGE_FILE: usageFile } };
  const preload = ['--require', path.resolve('scripts/bench/print-usage.cjs')];
  const seconds = (await timeOf([...preload, CLI, 'listeners', '--app', app, '--events', 'all'], place)) / 1000;
  const rssMiB = peakRssIn(usageFile) / (1 << 20);
  return [
    [`listeners --app, ${what} (s)`, seconds.toFixed(1), `≤ ${bounds.seconds}`, seconds <= bounds.seconds],
    [`listeners --app, ${what}, peak RSS (MiB)`, rssMiB.toFixed(0), `≤ ${bounds.rssMiB}`, rssMiB <= bounds.rssMiB],
  ];
}

/**
 * @param {string[]} args of node
 * @param {{ cwd: string, env: Record<string, string> }} place
 * @param {RegExp} [says] stops the clock; without it, the end of the process does
 * @returns {Promise<number>} milliseconds
 */
function timeOf(args, place, says) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, { ...place, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    /** @type {number | undefined} */
    let said;
    const read = (/** @type {Buffer} */ chunk) => {
      text += chunk;
      if (said === undefined && says?.test(text)) said = performance.now() - started;
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', reject);
    child.on('close', () => {
      if (says && said === undefined) reject(new Error(`${args.join(' ')} did not say ${says}:\n${text}`));
      else resolve(said ?? performance.now() - started);
    });
  });
}

/**
 * The variables by which the records recognise a job, by package.
 * @returns {Promise<Map<string, string>>}
 */
async function signsOfJobs() {
  const { PLUGINS } = await loadTypeScript('shared/src/options/systems.ts');
  return new Map(PLUGINS.map((/** @type {any} */ { plugin, job }) => [plugin, job.sign]));
}

/**
 * @param {(typeof PROGRAMS)[number]} program
 * @param {string | undefined} sign
 * @param {string} dir where it may write
 * @returns {Promise<Array<[string, string, string, boolean]>>}
 */
async function programRows({ name, outfile, arguments: args = [], limits = LIMITS }, sign, dir) {
  // The same environment for both: a variable such as NODE_EXTRA_CA_CERTS costs Node more than a whole program.
  const place = {
    cwd: dir,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: dir,
      RUNNER_TEMP: dir,
      AGENT_TEMPDIRECTORY: dir,
      GITHUB_WORKSPACE: dir,
      ...(sign === undefined ? {} : { [sign]: 'true' }),
    },
  };
  const bare = [];
  const invalid = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await timeOf(['-e', '0'], place));
    invalid.push(await timeOf([path.resolve(outfile), ...args], place, /\d problems with the (inputs|options)/));
  }
  const bytes = statSync(outfile).size;
  const ratio = median(invalid) / median(bare);
  return [
    [`${name}, main file (kB)`, (bytes / 1000).toFixed(0), `≤ ${limits.bytes / 1000}`, bytes <= limits.bytes],
    [
      `${name}, "inputs are invalid" / node -e 0`,
      ratio.toFixed(2),
      `≤ ${limits.startRatio}`,
      ratio <= limits.startRatio,
    ],
  ];
}

/** @returns {Promise<boolean>} */
async function costs() {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'fusegate-bench-'));
  /** @type {Array<[string, string, string, boolean]>} */
  const rows = [];
  try {
    const signs = await signsOfJobs();
    for (const program of PROGRAMS) rows.push(...(await programRows(program, signs.get(program.package), dir)));

    for (const look of LOOKS) rows.push(...(await lookRows(look, dir)));

    const app = path.join(dir, 'large.apk');
    writeLargeApp(app, GIB);
    const hashStarted = performance.now();
    await pipeline(createReadStream(app, { highWaterMark: 1 << 20 }), createHash('sha256'));
    const hashMs = performance.now() - hashStarted;

    const service = await startService(path.join(dir, 'service'), '0.1');
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
      await service.stop();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  for (const [what, value, bound, held] of rows)
    console.log(`${held ? 'ok  ' : 'FAIL'}  ${what.padEnd(52)} ${value.padStart(8)}   ${bound}`);
  return rows.every(([, , , held]) => held);
}

/** @returns {Promise<boolean>} */
async function reliability() {
  return printed(reliabilityFigures());
}

/** @returns {Promise<boolean>} */
async function runs() {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'fusegate-bench-'));
  try {
    return await printed(wholeRuns(dir, CLI));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** @param {AsyncIterable<{ text: string, held: boolean }>} figures */
async function printed(figures) {
  let all = true;
  for await (const { text, held } of figures) {
    console.log(`${held ? 'ok  ' : 'FAIL'}  ${text}`);
    all &&= held;
  }
  return all;
}

const PARTS = { costs, runs, reliability };

/** @param {string[]} args the parts to run; all unless given */
export async function main(args) {
  const unknown = args.filter((each) => !Object.hasOwn(PARTS, each));
  if (unknown.length > 0) {
    console.error(`No part ${unknown.join(', ')}. There are: ${Object.keys(PARTS).join(', ')}`);
    return 2;
  }
  await buildBundles();
  let held = true;
  for (const [name, part] of Object.entries(PARTS)) {
    if (args.length === 0 || args.includes(name)) held = (await part()) && held;
  }
  return held ? 0 : 1;
}
