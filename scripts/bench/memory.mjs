/** The memory of whole runs, the worst of many, whatever the app's size; and what else such a run takes. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bounded, median, worst } from './figures.mjs';
import { writeLargeApp } from './large-app.mjs';
import { MIB } from './measure.mjs';
import { curlTransfers, measuredRun, withService } from './rehearsal.mjs';

export const REAL_CERTIFICATE = path.resolve('../shared/certificates/android-aab-2025-07.pdf');

const ROUNDS = 20;
const WITH_CURL = 3;
const SIZES = [
  { what: '10 MiB', bytes: 10 * MIB },
  { what: '200 MiB', bytes: 200 * MIB },
  { what: '2 GiB', bytes: 2048 * MIB },
];
const MOST_MIB = 120;
const WITH_REAL_MIB = 150;
const MOST_APART = 1.1;
/** The certificate is that of another build. */
const NO_PASS = [6, 8];

/** @param {import('./bounds.mjs').Bench} bench @returns {AsyncGenerator<import('./figures.mjs').Row>} */
export async function* memory({ dir, times, tell }) {
  const app = path.join(dir, 'app.apk');
  const rounds = times(ROUNDS);
  /** @type {Record<string, number>} */
  const peaks = {};
  for (const { what, bytes } of SIZES) {
    writeLargeApp(app, bytes);
    /** @type {import('./rehearsal.mjs').Run[]} */
    const runs = [];
    /** @type {number[]} */
    const wires = [];
    for (let round = 1; round <= rounds; round += 1) {
      tell(`${what}, memory: run ${round} of ${rounds}`);
      await withService({ dir, timeScale: '0' }, async (service) => {
        const run = await measuredRun(service, { dir, app });
        runs.push(run);
        if (round > WITH_CURL) return;
        const { up, down } = await curlTransfers(service.url, { dir, app, buildId: run.result.ids.buildId });
        wires.push(up + down);
      });
    }
    peaks[what] = worst(runs.map(({ rssMiB }) => rssMiB));
    const reader = worst(runs.map(({ family }) => family.largestMiB));
    yield bounded(`${what}: peak RSS, worst of ${rounds}`, peaks[what], { most: MOST_MIB, unit: 'MiB', digits: 0 });
    yield bounded(`${what}: peak RSS of the PDF reader's process`, reader, {
      most: WITH_REAL_MIB,
      unit: 'MiB',
      digits: 0,
    });
    yield bounded(`${what}, a service that takes no time: overhead`, median(runs.map(({ adds }) => adds)), {
      unit: 's',
    });
    yield bounded(`${what}: curl, the same transfers, unthrottled`, median(wires), { unit: 's' });
    yield bounded(`${what}: CPU, the PDF reader's included`, median(runs.map(({ cpuSeconds }) => cpuSeconds)), {
      unit: 's',
    });
  }
  const [small = Number.NaN, large = Number.NaN] = [peaks['200 MiB'], peaks['2 GiB']];
  yield bounded(
    'peak RSS, 200 MiB and 2 GiB: the larger / the smaller',
    Math.max(small, large) / Math.min(small, large),
    {
      most: MOST_APART,
      digits: 2,
    },
  );
  yield* withRealCertificate({ dir, tell, rounds, app });
}

/**
 * @param {{ dir: string, tell: (text: string) => void, rounds: number, app: string }} bench
 * @returns {AsyncGenerator<import('./figures.mjs').Row>}
 */
async function* withRealCertificate({ dir, tell, rounds, app }) {
  const what = '200 MiB and a real certificate';
  if (!existsSync(REAL_CERTIFICATE)) {
    yield { what: `${what}: peak RSS`, value: 'not measured: there is no real certificate here' };
    return;
  }
  const faults = path.join(dir, 'faults.json');
  const base64 = readFileSync(REAL_CERTIFICATE).toString('base64');
  const replaced = { kind: 'replace', base64, contentType: 'application/pdf' };
  writeFileSync(faults, JSON.stringify([{ match: { path: '**/certificate' }, times: 'always', do: replaced }]));
  writeLargeApp(app, 200 * MIB);
  const runs = [];
  for (let round = 1; round <= rounds; round += 1) {
    tell(`${what}, memory: run ${round} of ${rounds}`);
    runs.push(
      await withService({ dir, timeScale: '0', arguments: ['--faults', faults] }, (service) =>
        measuredRun(service, { dir, app, exits: NO_PASS }),
      ),
    );
  }
  const own = worst(runs.map(({ rssMiB }) => rssMiB));
  const reader = worst(runs.map(({ family }) => family.largestMiB));
  yield bounded(`${what}: peak RSS, worst of ${rounds}`, own, { most: WITH_REAL_MIB, unit: 'MiB', digits: 0 });
  yield bounded(`${what}: peak RSS of the PDF reader's process`, reader, {
    most: WITH_REAL_MIB,
    unit: 'MiB',
    digits: 0,
  });
}
