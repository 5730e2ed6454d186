/** The process that long-lived.ts starts, bundled. A job that leaves something behind for the next one shows there. */
import { type Clock, systemClock } from '@fusegate/shared/model/clock';
import { runCommandLine } from '../../cli/src/command-line.ts';

export interface JobStart {
  id: number;
  words: string[];
  environment: Record<string, string>;
  cwd: string;
}

export interface JobEnd {
  id: number;
  exit: number;
  stdout: string;
  stderr: string;
}

/** What only waits for more to do, as the reader of PDFs does, waits for the next job. */
const PATIENCE = 60;
const clock: Clock = {
  ...systemClock,
  setTimer: (ms, fire, unref) => systemClock.setTimer(unref === undefined ? ms : ms * PATIENCE, fire, unref),
};

process.on('disconnect', () => process.exit());
process.on('message', async ({ id, words, environment, cwd }: JobStart) => {
  const printed = { stdout: '', stderr: '' };
  const into = (stream: keyof typeof printed) => ({
    write(text: string) {
      printed[stream] += text;
    },
  });
  const exit = await runCommandLine(words, {
    stdout: into('stdout'),
    stderr: into('stderr'),
    environment,
    cwd,
    clock,
    random: Math.random,
    signal: new AbortController().signal,
  });
  process.send?.({ id, exit, ...printed } satisfies JobEnd);
});
