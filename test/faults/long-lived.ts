/** A child process that runs jobs side by side: the code of the CLI and the reader of PDFs, without a start for each job. */
import { spawn } from 'node:child_process';
import os from 'node:os';
import { type CliEnd, endOf, jobOf } from '../e2e/support/cli.ts';
import type { JobEnd, JobStart } from './jobs-driver.ts';

export interface LongLived {
  run(args: string[], options: { env: Record<string, string> }): Promise<CliEnd>;
  stop(): void;
}

/** @param driver a bundled jobs-driver.ts */
export function startLongLived(driver: string): LongLived {
  const child = spawn(process.execPath, [driver], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', TMPDIR: os.tmpdir() },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let started = 0;
  const running = new Map<number, { resolve(end: JobEnd): void; reject(error: Error): void }>();
  child.on('message', (end: JobEnd) => running.get(end.id)?.resolve(end));
  child.on('exit', (exit) => {
    for (const { reject } of running.values()) reject(new Error(`the process that runs jobs ended with ${exit}`));
  });
  return {
    async run(args, options) {
      const job = jobOf(args, options);
      started += 1;
      const id = started;
      const { words, environment, cwd } = job;
      try {
        const { exit, stdout, stderr } = await new Promise<JobEnd>((resolve, reject) => {
          if (!child.connected) throw new Error('the process that runs jobs has ended');
          running.set(id, { resolve, reject });
          child.send({ id, words, environment, cwd } satisfies JobStart);
        });
        return endOf(job, { exit, stdout, stderr });
      } finally {
        running.delete(id);
      }
    },
    stop() {
      if (child.connected) child.disconnect();
    },
  };
}
