/** What Fusegate adds to a build of the service, without and with earlier runs to learn from. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { bounded, median } from './figures.mjs';
import { writeLargeApp } from './large-app.mjs';
import { MIB } from './measure.mjs';
import { curlTransfers, measuredRun, withService } from './rehearsal.mjs';

/** About 39 seconds of the service. */
const TIME_SCALE = '17';
const SIZE = 10 * MIB;
const ROUNDS = 5;
const BOUNDS = {
  first: { name: 'without history', seconds: 2.5, requests: 70 },
  later: { name: 'with history', seconds: 1, requests: 40 },
};

/** @param {import('./bounds.mjs').Bench} bench @returns {AsyncGenerator<import('./figures.mjs').Row>} */
export async function* overhead({ dir, times, tell }) {
  const app = path.join(dir, 'app.apk');
  writeLargeApp(app, SIZE);
  const durations = path.join(dir, 'durations.json');
  for (const kind of /** @type {const} */ (['first', 'later'])) {
    const { name, seconds, requests } = BOUNDS[kind];
    const rounds = times(ROUNDS);
    /** @type {Array<import('./rehearsal.mjs').Run & { curl: number }>} */
    const runs = [];
    for (let round = 1; round <= rounds; round += 1) {
      tell(`10 MiB, ${name}: run ${round} of ${rounds}`);
      // The last of the first runs leaves what the later ones learn from.
      if (kind === 'first') rmSync(durations, { force: true });
      runs.push(
        await withService({ dir, timeScale: TIME_SCALE, warm: true }, async (service) => {
          const run = await measuredRun(service, { dir, app, durations });
          const { up, down } = await curlTransfers(service.url, { dir, app, buildId: run.result.ids.buildId });
          return { ...run, curl: up + down };
        }),
      );
    }
    const of = (/** @type {(run: typeof runs[number]) => number} */ pick) => median(runs.map(pick));
    const what = `10 MiB, ${name}`;
    yield bounded(
      `${what}: total`,
      of((run) => run.seconds),
      { unit: 's' },
    );
    yield bounded(
      `${what}: of which the service itself`,
      of(({ server }) => server),
      { unit: 's' },
    );
    yield bounded(
      `${what}: of which curl needs for the same transfers`,
      of(({ curl }) => curl),
      { unit: 's', digits: 2 },
    );
    // Not less what curl needs: the bound is on all that is not the service's own time.
    yield bounded(
      `${what}: overhead`,
      of(({ adds }) => adds),
      { most: seconds, unit: 's', digits: 2 },
    );
    yield bounded(
      `${what}: status requests`,
      of((run) => run.requests),
      { most: requests, digits: 0 },
    );
    for (const stage of Object.keys(runs[0]?.lags ?? {})) {
      yield bounded(
        `${what}: lag of stage ${stage}`,
        of(({ lags }) => lags[stage] ?? Number.NaN),
        { unit: 's', digits: 2 },
      );
    }
    yield bounded(
      `${what}: CPU`,
      of((run) => run.cpuSeconds),
      { unit: 's', digits: 2 },
    );
  }
}
