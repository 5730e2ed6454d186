import type { Clock } from '@fusegate/shared/model/clock';

/** Where text goes; a terminal where `isTTY` is true. `process.stdout` and a test's list of lines both are one. */
export interface TextStream {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

/** What a command takes from outside, so that tests decide it. */
export interface CommandIo {
  stdout: TextStream;
  stderr: TextStream;
  environment: Readonly<Record<string, string | undefined>>;
  cwd: string;
  clock: Clock;
  random: () => number;
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal;
}
