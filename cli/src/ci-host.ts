import { PlainLogHost, type PlainLogOptions } from '@fusegate/shared/adapter/plain-log-host';
import type { JobHost } from '@fusegate/shared/adapter/run-adapter';
import type { OutputName } from '@fusegate/shared/model/host';
import type { TextStream } from './command-io.ts';

export interface CliHostOptions {
  stdout: TextStream;
  verbose: boolean;
}

/** What the CLI's hosts add to the host of a job: the outputs. */
export interface CliHost extends JobHost {
  readonly outputs: ReadonlyMap<OutputName, string>;
}

/**
 * For logs that are kept: plain lines, no colour, no cursor. A stage writes one line when it starts and one when it ends, and a
 * heartbeat in between; messages of the service only with `verbose`.
 */
export class CiHost extends PlainLogHost implements CliHost {
  constructor({ stdout, verbose, logGroup }: CliHostOptions & Pick<PlainLogOptions, 'logGroup'>) {
    super(stdout, { verbose, logGroup });
  }

  close(): void {}
}
