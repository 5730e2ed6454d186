/** The gate over an archive of certificates: time for each, with one core and with two, and memory. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadTypeScript } from '../bundles.mjs';
import { bounded, mean } from './figures.mjs';
import { wholeProcess } from './measure.mjs';
import { REAL_CERTIFICATE } from './memory.mjs';

const COUNTS = [1, 100, 1000];
/** The bounds apply to this many. With fewer, starting and compiling take most of the time. */
const MOST = 1000;
/** Enough for a mean, and half the time. */
const WITH_ONE_CORE = 500;
const BOUNDS = { ratio: 0.6, rssMiB: 400 };
/** Passed, or judged and red. */
const JUDGED = [0, 6, 8];

/** @param {import('./bounds.mjs').Bench} bench @returns {AsyncGenerator<import('./figures.mjs').Row>} */
export async function* archives({ dir, tell, times }) {
  const folder = path.join(dir, 'archive');
  mkdirSync(folder);
  tell(`${MOST} synthetic certificates`);
  await writeCertificates(folder, MOST);
  for (const count of COUNTS) {
    const { seconds, rssMiB, cpuSeconds, family } = await gate(folder, count, { dir, tell });
    const what = `gate on ${count} certificate${count === 1 ? '' : 's'}`;
    yield bounded(`${what}: total`, seconds, { unit: 's', digits: 2 });
    yield bounded(`${what}: CPU`, cpuSeconds, { unit: 's', digits: 2 });
    yield bounded(`${what}: peak RSS of the main process`, rssMiB, { unit: 'MiB', digits: 0 });
    const bound = count === MOST ? { most: BOUNDS.rssMiB } : {};
    yield bounded(`${what}: peak memory with the ${family.count} readers (PSS)`, family.togetherMiB, {
      ...bound,
      unit: 'MiB',
      digits: 0,
    });
  }
  yield* perCertificate('synthetic', folder, MOST, { dir, tell });
  rmSync(folder, { recursive: true });
  if (!existsSync(REAL_CERTIFICATE)) {
    yield { what: 'a real certificate: time', value: 'not measured: there is no real certificate here' };
    return;
  }
  mkdirSync(folder);
  const most = times(MOST);
  for (let index = 1; index <= most; index += 1) copyFileSync(REAL_CERTIFICATE, fileOf(folder, index));
  yield* perCertificate('real', folder, most, { dir, tell });
}

/**
 * Today's time is that of one core. Both are the same program in the same run.
 * @param {string} kind
 * @param {string} folder
 * @param {number} most
 * @param {{ dir: string, tell: (text: string) => void }} bench
 * @returns {AsyncGenerator<import('./figures.mjs').Row>}
 */
async function* perCertificate(kind, folder, most, { dir, tell }) {
  const what = `${most} ${kind} certificates`;
  const [one, two] = [onCores(1), onCores(2)];
  if (one === undefined || two === undefined) {
    yield { what: `${what}: two cores / one`, value: 'not measured: needs two cores and taskset', held: false };
    return;
  }
  const few = Math.min(most, WITH_ONE_CORE);
  /** @param {number} count @param {string[]} before */
  const msEach = async (count, before) => {
    const { seconds } = await gate(folder, count, { dir, tell, before });
    return (seconds * 1000) / count;
  };
  // Around the long one, so that other work on the machine affects both.
  const before = await msEach(few, one);
  const both = await msEach(most, two);
  const after = await msEach(few, one);
  const alone = mean([before, after]);
  yield bounded(`${what}: time for each, one core`, alone, { unit: 'ms' });
  yield bounded(`${what}: time for each, two cores`, both, { unit: 'ms' });
  const bound = most === MOST ? { most: BOUNDS.ratio } : {};
  yield bounded(`${what}: two cores / one`, both / alone, { ...bound, digits: 2 });
}

/** @param {number} count @returns {string[] | undefined} a command that runs another one on that many of our cores */
function onCores(count) {
  const { stdout, status } = spawnSync('taskset', ['--cpu-list', '--pid', String(process.pid)], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  const ours = (/: ([\d,-]+)\s*$/.exec(stdout)?.[1] ?? '').split(',').flatMap((span) => {
    const [first = 0, last = first] = span.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  return ours.length < count ? undefined : ['taskset', '--cpu-list', ours.slice(0, count).join(',')];
}

/** @param {string} folder @param {number} index */
const fileOf = (folder, index) => path.join(folder, `${String(index).padStart(4, '0')}.pdf`);

/**
 * @param {string} folder
 * @param {number} count
 * @param {{ dir: string, tell: (text: string) => void, before?: string[] }} how
 */
async function gate(folder, count, { dir, tell, before = [] }) {
  tell(`gate on ${count} certificates${before.length > 0 ? `, ${before.join(' ')}` : ''}`);
  const files = Array.from({ length: count }, (_, index) => fileOf(folder, index + 1));
  const out = path.join(dir, 'out');
  rmSync(out, { recursive: true, force: true });
  const args = [
    'gate',
    '--certificate',
    files.join('\n'),
    '--required-features',
    'Root Detection',
    '--output-dir',
    out,
  ];
  const used = await wholeProcess(args, { dir, before });
  if (!JUDGED.includes(used.code)) throw new Error(`The gate on ${count} certificates ended with ${used.code}.`);
  return used;
}

/** Each that of another build. @param {string} folder @param {number} count */
async function writeCertificates(folder, count) {
  const { renderCertificatePdf } = await loadTypeScript('emulator/src/certificate/pdf.ts');
  const { sampleModel } = await loadTypeScript('emulator/src/certificate/sample-model.ts');
  for (let index = 1; index <= count; index += 1) {
    const digits = String(index).padStart(12, '0');
    const model = sampleModel({ buildId: `2c6d8f10-c6f1-11f1-9a3e-${digits}` });
    writeFileSync(fileOf(folder, index), await renderCertificatePdf(model));
  }
}
