/** The process that long-lived.ts starts, bundled. A job that leaves something behind for the next one shows there. */
import { systemClock } from '@fusegate/shared/model/clock';
import { runCommandLine } from '../../cli/src/command-line.ts';

/** A job to run; or one to give up, by its id. */
export type Order =
  | { id: number; words: string[]; environment: Record<string, string>; cwd: string }
  | { giveUp: number };

export interface JobEnd {
  id: number;
  /** Null where the job was given up. */
  exit: number | null;
  stdout: string;
  stderr: string;
}

/** What only waits for more to do, as the reader of PDFs does, waits for the next job. */
const PATIENCE = 60;
const { setTimer } = systemClock;
systemClock.setTimer = (ms, fire, unref) => setTimer(unref === undefined ? ms : ms * PATIENCE, fire, unref);

const giveUp = new Map<number, () => void>();
// Each job listens for the end of its process, which elsewhere runs one job.
process.setMaxListeners(0);
process.on('disconnect', () => process.exit());
process.on('message', async (order: Order) => {
  if ('giveUp' in order) {
    giveUp.get(order.giveUp)?.();
    return;
  }
  const { id, words, environment, cwd } = order;
  const printed = { stdout: '', stderr: '' };
  const into = (stream: keyof typeof printed) => ({
    write(text: string) {
      printed[stream] += text;
    },
  });
  const cancelled = new AbortController();
  const givenUp = new Promise<null>((resolve) => {
    giveUp.set(id, () => {
      resolve(null);
      cancelled.abort();
    });
  });
  const exit = await Promise.race([
    givenUp,
    runCommandLine(words, {
      stdout: into('stdout'),
      stderr: into('stderr'),
      environment,
      cwd,
      clock: systemClock,
      random: Math.random,
      signal: cancelled.signal,
    }),
  ]);
  giveUp.delete(id);
  process.send?.({ id, exit, ...printed } satisfies JobEnd);
});
