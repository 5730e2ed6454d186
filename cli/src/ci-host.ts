import { PlainLogHost, type PlainLogOptions } from '@fusegate/shared/adapter/plain-log-host';
import type { JobHost } from '@fusegate/shared/adapter/run-adapter';
import type { OutputName } from '@fusegate/shared/model/host';
import type { TextStream } from './command-io.ts';

export interface CliHostOptions {
  stdout: TextStream;
  verbose: boolean;
}

/** What the CLI's hosts add to a job's host: the outputs. */
export interface CliHost extends JobHost {
  readonly outputs: ReadonlyMap<OutputName, string>;
}

/**
 * For stored logs: plain lines, no colour, no cursor movement. A stage writes one line when it starts and one when it ends, with a
 * heartbeat in between; messages from the service only with `verbose`.
 */
export class CiHost extends PlainLogHost implements CliHost {
  constructor({ stdout, verbose, logGroup }: CliHostOptions & Pick<PlainLogOptions, 'logGroup'>) {
    super(stdout, { verbose, logGroup });
  }

  close(): void {}
}
