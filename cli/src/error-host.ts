import { PlainLogHost } from '@fusegate/shared/adapter/plain-log-host';
import type { LogLevel } from '@fusegate/shared/model/host';
import type { TextStream } from './command-io.ts';

/** Says on standard error why there was no job, or no end of one. */
export class ErrorHost extends PlainLogHost {
  constructor(stderr: TextStream, verbose: boolean) {
    super(stderr, { verbose });
  }

  /** A block of several lines begins with the word too: it stands outside of any log of a job. */
  override log(level: LogLevel, text: string): void {
    if (level === 'error') this.line(`error: ${text}`);
    else super.log(level, text);
  }
}
