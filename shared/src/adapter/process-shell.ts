/** The process around an adapter: red until the run says otherwise, signals, the clock, the exit. */

import { setFlagsFromString } from 'node:v8';
import { type Clock, systemClock } from '../model/clock.ts';
import { EXIT, FusegateError } from '../model/errors.ts';

/** What a process gives to what runs in it. */
export interface ProcessIo {
  clock: Clock;
  random: () => number;
  signal: AbortSignal;
}

/** Sockets that are kept alive must not keep a finished program: CI jobs are billed by the minute. */
const LINGER_MS = 2000;

/**
 * Runs an adapter as this process, which ends with the exit that it returns.
 * @param say one line for people, and whatever else the system must be told: the run ends red with it
 * @param cancelMs how long after a signal the process may still clean up; without it, until it is done
 */
export function runProcess(
  main: (io: ProcessIo) => Promise<number>,
  say: (text: string) => void,
  { cancelMs }: { cancelMs?: number } = {},
): void {
  // V8's young generation would grow to 32 MiB, most of it pieces of a transfer that were sent or written long ago.
  setFlagsFromString('--semi-space-growth-factor=1');
  // Node ends a process that waits for nothing but a promise, and then with 0.
  process.exitCode = EXIT.noVerdict;
  endRedOnUncaught(say);
  const signal = abortOnSignals();
  if (cancelMs !== undefined) {
    signal.addEventListener('abort', () => setTimeout(() => process.exit(EXIT.cancelled), cancelMs).unref());
  }
  main({ clock: systemClock, random: Math.random, signal }).then(
    (exit) => {
      process.exitCode = exit;
      setTimeout(() => process.exit(), LINGER_MS).unref();
    },
    (error: unknown) => {
      // Only what lies around the run can end here; never green.
      say(`Fusegate could not run: ${nameOfError(error)}`);
      process.exitCode = EXIT.noVerdict;
    },
  );
}

/** What may be printed about an unexpected error: its text may contain a request with its headers; its code and name do not. */
function nameOfError(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return code;
  return error instanceof Error ? error.name : 'unknown error';
}

/**
 * Ends the process red when an error was not caught. Node itself would print the whole error: for a failed request, even the key that was
 * sent.
 * @param say prints one line for people, and whatever else the system must be told. The exit is 8 on Azure too, where anything but 0 is
 * red: the log may be gone
 */
function endRedOnUncaught(say: (text: string) => void): void {
  // Alone: azure-pipelines-task-lib has handlers of its own, which print the text.
  process.removeAllListeners('uncaughtException');
  process.removeAllListeners('unhandledRejection');
  process.on('uncaughtException', (error) => {
    try {
      say(`Fusegate stopped unexpectedly: ${nameOfError(error)}`);
    } catch {
      // The log is gone too. The exit code still says it.
    }
    process.exit(EXIT.noVerdict);
  });
}

/**
 * What ends a run from outside: Ctrl-C, a CI system, a terminal that is closed or told to quit. Whatever is not here ends the process at once, and
 * the next start removes what it left. Windows knows the first three.
 */
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Turns these signals into the end of the run. CI systems send SIGINT first and SIGTERM some seconds later (7.5 s on GitHub and
 * Azure), so only the same one twice means "at once".
 */
function abortOnSignals(): AbortSignal {
  const cancelled = new AbortController();
  const seen = new Set<NodeJS.Signals>();
  const cancel = (signal: NodeJS.Signals) => {
    if (seen.has(signal)) process.exit(EXIT.cancelled);
    seen.add(signal);
    cancelled.abort(
      new FusegateError('run.cancelled', `The run was cancelled (${signal}).`, {
        hint: 'A build that has started continues at the service; run again to pick it up.',
      }),
    );
  };
  for (const signal of ENDINGS) process.on(signal, cancel);
  return cancelled.signal;
}
