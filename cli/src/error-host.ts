import { PlainLogHost } from '@fusegate/shared/adapter/plain-log-host';
import type { LogLevel } from '@fusegate/shared/model/host';
import type { TextStream } from './command-io.ts';

/** Reports on standard error why a job did not start or did not finish. */
export class ErrorHost extends PlainLogHost {
  constructor(stderr: TextStream, verbose: boolean) {
    super(stderr, { verbose });
  }

  /** A block of several lines begins with the word too, because it is outside any job's log. */
  override log(level: LogLevel, text: string): void {
    if (level === 'error') this.line(`error: ${text}`);
    else super.log(level, text);
  }
}
