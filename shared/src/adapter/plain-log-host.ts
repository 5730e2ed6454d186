import type { ExitCode } from '../model/errors.ts';
import type { Annotation, Host, LogLevel, OutputName, Progress, ReportKind } from '../model/host.ts';
import { ProgressLines } from './progress-lines.ts';

const PREFIX: Record<LogLevel, string> = {
  debug: '',
  info: '',
  notice: 'note: ',
  warning: 'warning: ',
  error: 'error: ',
};

/** `warning: the line`. A block of several lines has its own first line and is left as it is. */
export function prefixed(level: LogLevel, text: string): string {
  return text.includes('\n') ? text : `${PREFIX[level]}${text}`;
}

/** A host whose log level a run decides, once its options are known. */
export interface AdapterHost extends Host {
  verbose: boolean;
}

/**
 * For systems whose log is all they show: plain lines, no colour, no cursor, no commands. Outputs and the way it ended are kept for
 * whoever made the host.
 */
export class PlainLogHost implements AdapterHost {
  readonly system: string;
  readonly outputs = new Map<OutputName, string>();
  readonly reports: Array<{ kind: ReportKind; path: string }> = [];
  verbose: boolean;
  readonly #stdout: { write(text: string): unknown };
  readonly #progress = new ProgressLines();

  constructor(system: string, stdout: { write(text: string): unknown }, verbose = false) {
    this.system = system;
    this.#stdout = stdout;
    this.verbose = verbose;
  }

  protected line(text: string): void {
    this.#stdout.write(`${text}\n`);
  }

  log(level: LogLevel, text: string): void {
    if (level === 'debug' && !this.verbose) return;
    this.line(prefixed(level, text));
  }

  async group<T>(title: string, body: () => Promise<T>): Promise<T> {
    this.line(title);
    return body();
  }

  progress(progress: Progress): void {
    const line = this.#progress.lineOf(progress, { verbose: this.verbose });
    if (line !== undefined) this.line(line);
  }

  /** There is no CI system to notify: `guardHost` has already masked everything that arrives here. */
  mask(_secret: string): void {}

  setOutput(name: OutputName, value: string): void {
    this.outputs.set(name, value);
  }

  /** The log has said it already. */
  annotate(_annotation: Annotation): void {}

  async summary(_markdown: string): Promise<void> {}

  async attachReport(report: { kind: ReportKind; path: string }): Promise<void> {
    this.reports.push(report);
  }

  fail(_message: string, _exitCode: ExitCode): void {}
}
