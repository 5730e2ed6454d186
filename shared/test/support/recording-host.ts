import type { ExitCode } from '@fusegate/shared/model/errors';
import type { Annotation, Host, LogLevel, OutputName, Progress } from '@fusegate/shared/model/host';

/** A host that keeps what it is given. */
export class RecordingHost implements Host {
  readonly logged: Array<{ level: LogLevel; text: string }> = [];
  readonly outputs = new Map<OutputName, string>();
  readonly annotations: Annotation[] = [];
  readonly summaries: string[] = [];
  readonly seen: Progress[] = [];
  /** The exits that it was failed with: at most one, after everything else. */
  readonly failed: ExitCode[] = [];

  log(level: LogLevel, text: string): void {
    this.logged.push({ level, text });
  }

  progress(progress: Progress): void {
    this.seen.push(progress);
  }

  mask(): void {}

  setOutput(name: OutputName, value: string): void {
    this.outputs.set(name, value);
  }

  annotate(annotation: Annotation): void {
    this.annotations.push(annotation);
  }

  async summary(markdown: string): Promise<void> {
    this.summaries.push(markdown);
  }

  async attachReport(): Promise<void> {}

  fail(_message: string, exitCode: ExitCode): void {
    this.failed.push(exitCode);
  }
}
