#!/usr/bin/env node
/** The process around the program: streams, signals, exit. Bundled to cli/dist/fusegate.cjs. */
import { runProcess } from '@fusegate/shared/adapter/process-shell';
import { runCommandLine } from './command-line.ts';

// `fusegate features | head` closes the pipe, which is not an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

runProcess(
  (io) =>
    runCommandLine(process.argv.slice(2), {
      ...io,
      stdout: process.stdout,
      stderr: process.stderr,
      environment: process.env,
      cwd: process.cwd(),
    }),
  (text) => process.stderr.write(`error: ${text}\n`),
);
