import { PlainLogHost } from '@fusegate/shared/adapter/plain-log-host';
import type { LogLevel } from '@fusegate/shared/model/host';
import type { TextStream } from './command-io.ts';
import { wrapLines } from './wrap-text.ts';

/** Reports on standard error why a job did not start or did not finish. */
export class ErrorHost extends PlainLogHost {
  readonly #stderr: TextStream;

  constructor(stderr: TextStream, verbose: boolean) {
    super(stderr, { verbose });
    this.#stderr = stderr;
  }

  protected override line(text: string): void {
    const { isTTY, columns } = this.#stderr;
    super.line(isTTY && columns ? wrapLines(text, columns) : text);
  }

  /** A block of several lines begins with the word too, because it is outside any job's log. */
  override log(level: LogLevel, text: string): void {
    if (level === 'error') this.line(`error: ${text}`);
    else super.log(level, text);
  }
}
