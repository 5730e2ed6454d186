#!/usr/bin/env node
/** The process around the program: streams, signals, exit. Bundled to cli/dist/fusegate.cjs. */
import { endRedOnUncaught, nameOfError } from '@fusegate/shared/adapter/last-resort';
import { abortOnSignals } from '@fusegate/shared/adapter/process-signals';
import { systemClock } from '@fusegate/shared/model/clock';
import { EXIT } from '@fusegate/shared/model/errors';
import { runCommandLine } from './command-line.ts';

/** Sockets that are kept alive must not keep a finished program: CI jobs are billed by the minute. */
const LINGER_MS = 2000;

// `fusegate features | head` closes the pipe, which is not an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

async function main(): Promise<void> {
  // Node ends a process that waits for nothing but a promise, and then with 0: red until the run has said otherwise.
  process.exitCode = EXIT.noVerdict;
  endRedOnUncaught((text) => process.stderr.write(`error: ${text}\n`));
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    cwd: process.cwd(),
    clock: systemClock,
    random: Math.random,
    signal: abortOnSignals(),
  });
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

main().catch((error: unknown) => {
  // Only what lies around a command can end here; never green.
  process.stderr.write(`error: Fusegate could not run: ${nameOfError(error)}\n`);
  process.exitCode = EXIT.noVerdict;
});
