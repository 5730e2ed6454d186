/** The process around an adapter: red until the run says otherwise, signals, the clock, the exit. */

import { type Clock, systemClock } from '../model/clock.ts';
import { EXIT } from '../model/errors.ts';
import { endRedOnUncaught, nameOfError } from './last-resort.ts';
import { abortOnSignals } from './process-signals.ts';

/** What a process gives to what runs in it. */
export interface ProcessIo {
  clock: Clock;
  random: () => number;
  /** Aborted by SIGINT and SIGTERM. */
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
