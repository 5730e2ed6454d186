/**
 * Many jobs side by side in one process, round after round. Bundled and started by soak.test.ts with `--expose-gc`; prints one line of JSON
 * per round.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '@fusegate/shared/model/clock';
import { runCommandLine } from '../../cli/src/command-line.ts';
import type { Job, Plan, Round } from './soak-plan.ts';

const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Plan;
// Each job listens for the end of its process, which elsewhere runs one job.
process.setMaxListeners(0);
const collect = (globalThis as { gc?: () => void }).gc;

for (let round = 1; round <= plan.rounds; round += 1) {
  const wrong: string[] = [];
  const dir = path.join(plan.dir, `round-${round}`);
  mkdirSync(dir);
  await Promise.all(
    plan.jobs.map(async (job, index) => {
      const exit = await ended(job, path.join(dir, String(index)));
      if (exit !== job.exit) wrong.push(`job ${index} (${job.name}): exit ${exit}, not ${job.exit}`);
    }),
  );
  rmSync(dir, { recursive: true });
  await rest();
  const seen: Round = { round, wrong, heapBytes: process.memoryUsage().heapUsed, ...held() };
  process.stdout.write(`${JSON.stringify(seen)}\n`);
}

function ended(job: Job, folder: string): Promise<number> {
  const silent = { write: () => true };
  return runCommandLine([...job.words, '--output-dir', folder], {
    stdout: silent,
    stderr: silent,
    environment: job.environment,
    cwd: plan.dir,
    clock: systemClock,
    random: Math.random,
    signal: new AbortController().signal,
  });
}

/** Until the reader of PDFs has ended, which waits a second for another one, and what nothing refers to is gone. */
async function rest(): Promise<void> {
  await pause(2_000);
  for (let time = 0; time < 3; time += 1) {
    collect?.();
    await pause(50);
  }
}

/** What keeps the process alive, and the open files and sockets where the system tells. */
function held(): Pick<Round, 'resources' | 'openFiles' | 'listeners'> {
  let openFiles = 0;
  try {
    openFiles = readdirSync('/proc/self/fd').length;
  } catch {
    // Not Linux.
  }
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return { resources: process.getActiveResourcesInfo().length, openFiles, listeners };
}
