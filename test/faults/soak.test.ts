/**
 * Many jobs at once in one process, against one service: every verdict is right, and from round to round nothing is kept. 20 jobs in
 * `npm test`, 200 with FUSEGATE_SOAK=all.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeAab } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { newTeam } from '../e2e/support/received.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { TEST_TIME } from '../e2e/support/test-time.ts';
import { bundledDriver } from './driver-bundle.ts';
import type { Job, Plan, Round } from './soak-plan.ts';

const JOBS = process.env['FUSEGATE_SOAK'] === 'all' ? 200 : 20;
const ROUNDS = 5;
/** From the second round, when everything is loaded, to the last. */
const GROWTH_BYTES = 2 * 2 ** 20;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

/** One of five fails, one of five is refused. */
async function jobs(dir: string): Promise<Job[]> {
  const all = (await service.fusionSet('all detections')).id;
  const small = (await service.fusionSet('small')).id;
  return Array.from({ length: JOBS }, (_, index) => {
    const kind = index % 5;
    const environment = {
      ...TEST_TIME,
      APPDOME_API_KEY: kind === 4 ? 'synthetic-wrong-key' : API_KEY,
      APPDOME_SERVER_BASE_URL: service.url,
      FUSEGATE_TEAM_ID: newTeam(),
    };
    const words = ['run', '--app', writeAab(dir, `app-${index}.aab`), '--sign', 'private'];
    words.push('--signing-fingerprint', 'c1'.repeat(32), '--required-features', 'Root Detection');
    words.push('--fusion-set-id', kind === 3 ? small : all);
    const [name, exit] =
      kind === 3 ? (['fails', 6] as const) : kind === 4 ? (['refused', 3] as const) : (['passes', 0] as const);
    return { name, words, environment, exit };
  });
}

async function roundsOf(plan: Plan): Promise<Round[]> {
  const driver = await bundledDriver('soak-driver', path.join(plan.dir, 'code'));
  const file = path.join(plan.dir, 'plan.json');
  writeFileSync(file, JSON.stringify(plan));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--expose-gc', driver, file], {
      env: { PATH: process.env['PATH'] ?? '', HOME: plan.dir, TMPDIR: plan.dir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    child.once('error', reject);
    child.once('close', (exit) => {
      if (exit === 0)
        resolve(
          printed
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Round),
        );
      else reject(new Error(`the jobs ended with ${exit}: ${printed}`));
    });
  });
}

it('jobs side by side: right verdicts, nothing kept', async () => {
  const dir = temporaryFolder('fusegate-soak-');
  const rounds = await roundsOf({ rounds: ROUNDS, jobs: await jobs(dir), dir });
  const wrong = rounds.flatMap((round) => round.wrong);
  const [, second, ...later] = rounds;
  const last = later.at(-1);
  if (second === undefined || last === undefined) throw new Error('too few rounds');
  const grown = last.heapBytes - second.heapBytes;
  const all = (what: (round: Round) => number | string) => rounds.map(what).join(', ');
  console.log(
    `soak: ${JOBS} jobs at once, ${ROUNDS} rounds, wrong verdicts ${wrong.length}; after each round: ` +
      `heap ${all(({ heapBytes }) => (heapBytes / 2 ** 20).toFixed(1))} MiB, handles ${all(({ resources }) => resources)}, ` +
      `open files ${all(({ openFiles }) => openFiles)}, listeners ${all(({ listeners }) => listeners)}`,
  );
  expect(wrong).toEqual([]);
  expect(rounds).toHaveLength(ROUNDS);
  expect(grown).toBeLessThan(GROWTH_BYTES);
  expect(last.resources).toBeLessThanOrEqual(second.resources);
  expect(last.openFiles).toBeLessThanOrEqual(second.openFiles);
  expect(last.listeners).toBeLessThanOrEqual(second.listeners);
}, 600_000);
