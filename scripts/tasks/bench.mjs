import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bounds, SECTION_NAMES } from '../bench/bounds.mjs';
import { median } from '../bench/figures.mjs';
import { writeAppOfCode } from '../bench/large-app.mjs';
import { CLI, PRELOAD, peakRssIn } from '../bench/measure.mjs';
import { reliabilityFigures } from '../bench/reliability.mjs';
import { buildBundles, loadTypeScript } from '../bundles.mjs';
import { appOfNpm } from '../npm-app.mjs';
import { PROGRAMS } from '../packages.mjs';

/**
 * Memory and speed, then reliability. Times are ratios within this run, because one machine's seconds mean nothing on another; memory is
 * absolute. Exits 1 if a limit is exceeded, or something is not as reliable as its test demands.
 */

/**
 * What a program may cost before it does anything: the size of its main file, and the time until it reports that its inputs are wrong. A
 * bundle states limits of its own where it is a single file with every part, or where a library of its system has to be set up first.
 */
const LIMITS = { bytes: 700_000, startRatio: 3.2 };

/** A program and bare Node take turns, so that other load on the machine affects both. */
const ROUNDS = 21;

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
  const seconds = (await timeOf([...PRELOAD, CLI, 'listeners', '--app', app, '--events', 'all'], place)) / 1000;
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
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  for (const [what, value, bound, held] of rows)
    console.log(`${held ? 'ok  ' : 'FAIL'}  ${what.padEnd(52)} ${value.padStart(8)}   ${bound}`);
  return rows.every(([, , , held]) => held);
}

/** @returns {Promise<boolean>} */
async function reliability() {
  let all = true;
  for await (const { text, held } of reliabilityFigures()) {
    console.log(`${held ? 'ok  ' : 'FAIL'}  ${text}`);
    all &&= held;
  }
  return all;
}

/** The name of all sections with bounds together. */
const ALL_SECTIONS = 'bounds';
const PARTS = ['costs', ALL_SECTIONS, ...SECTION_NAMES, 'reliability'];
const FLAGS = ['--quick', '--write'];

/** @param {string[]} args the parts to run, all unless given; `--quick`: once each; `--write`: into docs/performance.md */
export async function main(args) {
  const [quick, write] = FLAGS.map((flag) => args.includes(flag));
  const parts = args.filter((each) => !FLAGS.includes(each));
  const unknown = parts.filter((each) => !PARTS.includes(each));
  if (unknown.length > 0) {
    console.error(`No part ${unknown.join(', ')}. There are: ${PARTS.join(', ')}, and the flags ${FLAGS.join(', ')}`);
    return 2;
  }
  const wants = (/** @type {string} */ part) => parts.length === 0 || parts.includes(part);
  const sections = SECTION_NAMES.filter((name) => wants(ALL_SECTIONS) || parts.includes(name));
  if (write && sections.length < SECTION_NAMES.length) {
    console.error(`--write writes the whole table: npm run bench -- ${ALL_SECTIONS} --write`);
    return 2;
  }
  await buildBundles();
  const held = [];
  if (wants('costs')) held.push(await costs());
  if (sections.length > 0) held.push(await bounds(sections, { quick: quick === true, write: write === true }));
  if (wants('reliability')) held.push(await reliability());
  return held.every(Boolean) ? 0 : 1;
}
