/** 2 GiB up and down beside curl, over a wire of 1 Gbit/s and as fast as this machine can. */
import path from 'node:path';
import { bounded, median, secondsIn } from './figures.mjs';
import { writeLargeApp } from './large-app.mjs';
import { MIB } from './measure.mjs';
import { curlTransfers, measuredRun, withService } from './rehearsal.mjs';

const SIZE = 2048 * MIB;
const ROUNDS = 3;
const GBIT = 1e9;
/** All stages that read, send, get or hash the app. */
const TRANSFERS = ['checksum', 'upload', 'download'];
const SPEEDS = [
  { name: '1 Gbit/s', bitsPerSecond: GBIT, bounds: { curl: 0.95, transfers: 0.96, whole: 0.93 } },
  { name: 'unthrottled', bitsPerSecond: undefined, bounds: undefined },
];

/** @param {import('./bounds.mjs').Bench} bench @returns {AsyncGenerator<import('./figures.mjs').Row>} */
export async function* wire({ dir, times, tell }) {
  const app = path.join(dir, 'app.apk');
  writeLargeApp(app, SIZE);
  for (const { name, bitsPerSecond, bounds } of SPEEDS) {
    const rounds = times(ROUNDS);
    /** @type {Array<{ curl: number, transfers: number, whole: number, cpu: number }>} */
    const taken = [];
    for (let round = 1; round <= rounds; round += 1) {
      tell(`2 GiB, ${name}: run ${round} of ${rounds}`);
      taken.push(
        await withService({ dir, timeScale: '0', bitsPerSecond, warm: true }, async (service) => {
          const run = await measuredRun(service, { dir, app });
          tell(`2 GiB, ${name}: curl ${round} of ${rounds}`);
          const { up, down } = await curlTransfers(service.url, { dir, app, buildId: run.result.ids.buildId });
          return { curl: up + down, transfers: secondsIn(run.result, TRANSFERS), whole: run.adds, cpu: run.cpuSeconds };
        }),
      );
    }
    const of = (/** @type {(one: typeof taken[number]) => number} */ pick) => median(taken.map(pick));
    const what = `2 GiB up and down, ${name}`;
    // Of the bytes of the app, so the headers of the packets are not counted.
    const gbits = of(({ curl }) => (2 * SIZE * 8) / GBIT / curl);
    yield bounded(`${what}: curl`, gbits, { least: bounds?.curl, unit: 'Gbit/s', digits: 3 });
    yield bounded(
      `${what}, hashing included: Fusegate's rate / curl's`,
      of(({ curl, transfers }) => curl / transfers),
      {
        least: bounds?.transfers,
        digits: 3,
      },
    );
    yield bounded(
      `${what}, whole process: Fusegate's rate / curl's`,
      of(({ curl, whole }) => curl / whole),
      {
        least: bounds?.whole,
        digits: 3,
      },
    );
    yield bounded(
      `${what}: CPU`,
      of(({ cpu }) => cpu),
      { unit: 's' },
    );
  }
}
