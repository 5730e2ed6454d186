import type { StageName } from '@fusegate/shared/errors';
import type { Host, LogLevel, OutputName, Progress } from '@fusegate/shared/host';
import type { TextStream } from './command-io.ts';
import { formatBytes, formatElapsed, formatRate } from './progress-text.ts';

const PREFIX: Record<LogLevel, string> = {
  debug: '',
  info: '',
  notice: 'note: ',
  warning: 'warning: ',
  error: 'error: ',
};

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

/** `warning: the line`. A block of several lines has its own first line and is left as it is. */
export function prefixed(level: LogLevel, text: string): string {
  return text.includes('\n') ? text : `${PREFIX[level]}${text}`;
}

/**
 * What a finished stage has moved: `2.9 MiB at 1.2 MiB/s`; empty where it moved nothing.
 * @param bytes the last count of the stage: its end need not repeat it
 */
export function transferred(bytes: number | undefined, elapsedMs: number): string {
  if (!bytes) return '';
  const rate = formatRate(bytes, elapsedMs);
  return `${formatBytes(bytes)}${rate ? ` at ${rate}` : ''}`;
}

/**
 * For logs that are kept: plain lines, no colour, no cursor. A stage writes one line when it starts and one when it ends, and a
 * heartbeat in between; messages of the service only with `verbose`.
 */
export class CiHost implements CliHost {
  readonly system = 'cli';
  readonly outputs = new Map<OutputName, string>();
  readonly #stdout: TextStream;
  readonly #verbose: boolean;
  readonly #bytes = new Map<StageName, number>();

  constructor({ stdout, verbose }: CliHostOptions) {
    this.#stdout = stdout;
    this.#verbose = verbose;
  }

  #line(text: string): void {
    this.#stdout.write(`${text}\n`);
  }

  log(level: LogLevel, text: string): void {
    if (level === 'debug' && !this.#verbose) return;
    this.#line(prefixed(level, text));
  }

  async group<T>(title: string, body: () => Promise<T>): Promise<T> {
    this.#line(title);
    return body();
  }

  progress(progress: Progress): void {
    const { stage, kind, elapsedMs, detail } = progress;
    const about = detail ? `, ${detail}` : '';
    if (kind === 'start') this.#bytes.delete(stage);
    if (progress.bytes !== undefined) this.#bytes.set(stage, progress.bytes);
    const bytes = this.#bytes.get(stage);
    switch (kind) {
      case 'start':
        this.#line(`${stage}: started${progress.totalBytes ? `, ${formatBytes(progress.totalBytes)}` : ''}${about}`);
        break;
      case 'finish': {
        const amount = transferred(bytes, elapsedMs);
        this.#line(`${stage}: ended after ${formatElapsed(elapsedMs)}${amount ? `, ${amount}` : ''}${about}`);
        break;
      }
      case 'heartbeat': {
        const amount =
          bytes === undefined
            ? ''
            : `, ${formatBytes(bytes)}${progress.totalBytes ? ` of ${formatBytes(progress.totalBytes)}` : ''}`;
        this.#line(`${stage}: still running after ${formatElapsed(elapsedMs)}${amount}${about}`);
        break;
      }
      case 'message':
        if (this.#verbose && detail) this.#line(`${stage}: ${detail}`);
        break;
      case 'bytes':
      case 'poll':
        break;
    }
  }

  /** There is no system to tell: `guardHost` has masked everything that comes here. */
  mask(): void {}

  setOutput(name: OutputName, value: string): void {
    this.outputs.set(name, value);
  }

  /** The log has said it already; a terminal has no second place for it. */
  annotate(): void {}

  async summary(): Promise<void> {}

  async attachReport(): Promise<void> {}

  fail(): void {}

  close(): void {}
}
