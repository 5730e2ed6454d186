import type { ExitCode } from '../model/errors.ts';
import type { Annotation, Host, LogLevel, OutputName, Progress, ReportKind } from '../model/host.ts';
import type { LogGroup } from '../options/system.ts';
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

export interface PlainLogOptions {
  verbose?: boolean;
  /** How the system folds parts of its log, where it can. */
  logGroup?: LogGroup | undefined;
  /** For systems that want the times of a group. */
  now?: () => number;
}

/** For systems whose log is all they show: plain lines, no colour, no cursor. Outputs and reports are kept for the code that made the host. */
export class PlainLogHost implements AdapterHost {
  readonly outputs = new Map<OutputName, string>();
  readonly reports: Array<{ kind: ReportKind; path: string }> = [];
  verbose: boolean;
  readonly #stdout: { write(text: string): unknown };
  readonly #progress = new ProgressLines();
  readonly #logGroup: LogGroup | undefined;
  readonly #now: () => number;
  #openGroup: { title: string; began: number } | undefined;

  constructor(
    stdout: { write(text: string): unknown },
    { verbose = false, logGroup, now = () => 0 }: PlainLogOptions = {},
  ) {
    this.#stdout = stdout;
    this.#logGroup = logGroup;
    this.#now = now;
    this.verbose = verbose;
  }

  protected line(text: string): void {
    this.command(text);
  }

  /** A line for the system itself. */
  protected command(text: string): void {
    this.#stdout.write(`${text}\n`);
  }

  log(level: LogLevel, text: string): void {
    if (level === 'debug' && !this.verbose) return;
    // A folded group hides its contents.
    if (level === 'error' || level === 'warning') this.endGroup();
    this.line(prefixed(level, text));
  }

  /** With `verbose` a stage has many lines and is folded; without, it has two. */
  progress(progress: Progress): void {
    if (this.verbose && progress.kind === 'start') this.#beginGroup(progress.stage);
    const line = this.#progress.lineOf(progress, { verbose: this.verbose });
    if (line !== undefined) this.line(line);
    if (progress.kind === 'finish') this.endGroup();
  }

  #beginGroup(title: string): void {
    this.endGroup();
    if (this.#logGroup === undefined) return;
    const began = this.#now();
    this.command(this.#logGroup.begin(title, began));
    this.#openGroup = { title, began };
  }

  protected endGroup(): void {
    if (this.#openGroup === undefined || this.#logGroup === undefined) return;
    const { title, began } = this.#openGroup;
    this.command(this.#logGroup.end(title, began, this.#now()));
    this.#openGroup = undefined;
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
