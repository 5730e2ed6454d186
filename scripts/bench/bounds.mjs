/** The parts of the benchmark that have bounds, one after the other, and their figures as lines and as a table. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { replaceBetween } from '../generate/replace-between.mjs';
import { archives } from './archives.mjs';
import { allHeld, lineOf, median, tableOf } from './figures.mjs';
import { memory } from './memory.mjs';
import { overhead } from './overhead.mjs';
import { polling } from './polling.mjs';
import { wire } from './wire.mjs';

/**
 * `times`: how often to do what a bound asks to be done so often. `tell`: what is being done now.
 * @typedef {{ dir: string, times: (count: number) => number, tell: (text: string) => void }} Bench
 */

/** @type {Record<string, (bench: Bench) => AsyncIterable<import('./figures.mjs').Row>>} */
const SECTIONS = { polling, overhead, memory, wire, archives };
export const SECTION_NAMES = Object.keys(SECTIONS);

const PAGE = 'docs/performance.md';
/** With `--quick`: whether it works at all, in a tenth of the time. */
const QUICK = 10;

/**
 * @param {readonly string[]} names of sections
 * @param {{ quick: boolean, write: boolean }} how
 * @returns {Promise<boolean>} whether every bound holds
 */
export async function bounds(names, { quick, write }) {
  const began = performance.now();
  const load = loadNow();
  const rows = [];
  for (const name of names) {
    const dir = mkdtempSync(path.join(os.tmpdir(), 'fusegate-bench-'));
    const tell = (/** @type {string} */ text) =>
      console.error(`        ${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${text}`);
    const times = (/** @type {number} */ count) => (quick ? Math.max(1, Math.ceil(count / QUICK)) : count);
    try {
      for await (const row of SECTIONS[name]?.({ dir, times, tell }) ?? []) {
        rows.push(row);
        console.log(lineOf(row));
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
  const minutes = ((performance.now() - began) / 60_000).toFixed(0);
  const processor = os.cpus()[0]?.model ?? 'unknown processor';
  const machine =
    `${os.type()}, ${os.availableParallelism()} cores (${processor}), Node ${process.versions.node}, ` +
    `which starts in ${bareStart().toFixed(0)} ms, load ${load} before and ${loadNow()} after, ${minutes} minutes`;
  console.log(`        ${machine}`);
  if (write) {
    const command = `npm run bench -- bounds${quick ? ' --quick' : ''} --write`;
    const table = tableOf(rows, { command, machine });
    writeFileSync(PAGE, replaceBetween(readFileSync(PAGE, 'utf8'), 'bounds', table));
  }
  return allHeld(rows);
}

/** Milliseconds that Node takes for nothing: machines differ in it by a factor of four, and in the seconds above with it. */
function bareStart() {
  const times = Array.from({ length: 7 }, () => {
    const began = performance.now();
    // With nothing else in its environment, as the programs that are measured.
    spawnSync(process.execPath, ['--eval', '0'], { env: { PATH: process.env['PATH'] ?? '' } });
    return performance.now() - began;
  });
  return median(times);
}

/** Processes that want to run, as `uptime` has them: more than one for each core, and ratios mean little. */
function loadNow() {
  return (os.loadavg()[0] ?? 0).toFixed(1);
}
