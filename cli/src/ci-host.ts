import { PlainLogHost } from '@fusegate/shared/adapter/plain-log-host';
import type { Host, OutputName } from '@fusegate/shared/model/host';
import type { TextStream } from './command-io.ts';

export interface CliHostOptions {
  stdout: TextStream;
  verbose: boolean;
}

/** What the CLI's hosts add to the port: the outputs, and an end. */
export interface CliHost extends Host {
  readonly outputs: ReadonlyMap<OutputName, string>;
  /** Takes live lines away and stops timers. */
  close(): void;
}

/**
 * For logs that are kept: plain lines, no colour, no cursor. A stage writes one line when it starts and one when it ends, and a
 * heartbeat in between; messages of the service only with `verbose`.
 */
export class CiHost extends PlainLogHost implements CliHost {
  constructor({ stdout, verbose }: CliHostOptions) {
    super('cli', stdout, verbose);
  }

  close(): void {}
}
