/** A child process that runs jobs side by side: the code of the CLI and the reader of PDFs, without a start for each job. */
import { spawn } from 'node:child_process';
import os from 'node:os';
import { type CliEnd, endOf, jobOf } from '../e2e/support/cli.ts';
import type { JobEnd, Order } from './jobs-driver.ts';

export interface LongLived {
  /**
   * @param options.signal gives the job up
   * @throws Error for a job that was given up, with what it has printed
   */
  run(args: string[], options: { env: Record<string, string>; signal?: AbortSignal }): Promise<CliEnd>;
  stop(): void;
}

/** Long enough for a busy process to read its messages. */
const ANSWERS_WITHIN_MS = 10_000;

/** @param driver a bundled jobs-driver.ts */
export function startLongLived(driver: string): LongLived {
  let started = 0;
  let current = begin();

  function begin() {
    const child = spawn(process.execPath, [driver], {
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', TMPDIR: os.tmpdir() },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const running = new Map<number, { resolve(end: JobEnd): void; reject(error: Error): void }>();
    child.on('message', (end: JobEnd) => running.get(end.id)?.resolve(end));
    child.on('exit', (exit, signal) => {
      for (const { reject } of running.values())
        reject(new Error(`the process that runs jobs ended: ${exit ?? signal}`));
    });
    return { child, running };
  }

  return {
    async run(args, { env, signal }) {
      const job = jobOf(args, { env });
      started += 1;
      const id = started;
      if (!current.child.connected) current = begin();
      const { child, running } = current;
      // Where this fails, the process has ended, and that is reported above.
      const order = (what: Order) => child.send(what, () => {});
      let mute: NodeJS.Timeout | undefined;
      const giveUp = () => {
        order({ giveUp: id });
        // Where nothing answers, no job gets any further: the next one starts another process.
        mute = setTimeout(() => child.kill('SIGKILL'), ANSWERS_WITHIN_MS);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      try {
        const { exit, stdout, stderr } = await new Promise<JobEnd>((resolve, reject) => {
          running.set(id, { resolve, reject });
          order({ id, words: job.words, environment: job.environment, cwd: job.cwd });
        });
        if (exit === null) throw new Error(`given up: ${job.words.join(' ')}\n${stdout}\n${stderr}`);
        return endOf(job, { exit, stdout, stderr });
      } finally {
        clearTimeout(mute);
        signal?.removeEventListener('abort', giveUp);
        running.delete(id);
      }
    },
    stop() {
      if (current.child.connected) current.child.disconnect();
    },
  };
}
