import type { Clock } from '@fusegate/shared/model/clock';
import type { RunProgram } from './job-place.ts';

/** Where text goes; a terminal if `isTTY` is true. `process.stdout` is one, and so is a test's list of lines. */
export interface TextStream {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

/** What a command takes from outside, so that tests can control it. */
export interface CommandIo {
  stdout: TextStream;
  stderr: TextStream;
  environment: Readonly<Record<string, string | undefined>>;
  cwd: string;
  clock: Clock;
  random: () => number;
  /** Aborted by the signals that end a run. */
  signal: AbortSignal;
  /** How a program of a CI system is started; as a child process unless given. */
  runProgram?: RunProgram;
}

/** @returns the process exit */
export type Command = (words: readonly string[], io: CommandIo) => Promise<number>;
