import path from 'node:path';
import { PlainLogHost } from '@fusegate/shared/adapter/plain-log-host';
import { publishedFiles } from '@fusegate/shared/adapter/published-files';
import type { JobHost } from '@fusegate/shared/adapter/run-adapter';
import { stageWords, stateAfter } from '@fusegate/shared/adapter/stage-words';
import { defined } from '@fusegate/shared/model/defined';
import type { ExitCode } from '@fusegate/shared/model/errors';
import type { Annotation, OutputName, Progress, ReportKind } from '@fusegate/shared/model/host';
import type { PublishedKind } from '@fusegate/shared/model/run-request';
import type { JobLog } from '@fusegate/shared/options/job-log';
import type { TextStream } from './command-io.ts';
import { type JobAround, JobPlace, withoutCommands } from './job-place.ts';

export interface CliHostOptions {
  stdout: TextStream;
  verbose: boolean;
}

/** What the CLI's hosts add to a job's host. */
export interface CliHost extends JobHost {
  readonly outputs: ReadonlyMap<OutputName, string>;
  /**
   * Gives the system what it keeps of the job: artifacts and the like.
   * @returns whether everything is in its place: otherwise a later step would go on with something else
   */
  handOver(publish: readonly PublishedKind[]): boolean;
}

/**
 * For stored logs: plain lines, no colour, no cursor movement. A stage writes one line when it starts and one when it ends, with a
 * heartbeat in between; messages from the service only with `verbose`. What else the job's system can show, its record says.
 */
export class CiHost extends PlainLogHost implements CliHost {
  readonly #log: JobLog;
  readonly #place: JobPlace;
  readonly #cwd: string;
  readonly #annotations: Annotation[] = [];

  constructor({ stdout, verbose, around }: CliHostOptions & { around: JobAround }) {
    const { log, cwd, now } = around;
    super(stdout, { verbose, logGroup: log.group, now });
    this.#log = log;
    this.#cwd = cwd;
    this.#place = new JobPlace(around);
  }

  /** A line for people: nothing in it may be one for the system. */
  protected override line(text: string): void {
    this.#place.sendSecrets();
    const { guard, commands } = this.#log;
    const lines = [guard?.begin, withoutCommands(text, commands), guard?.end];
    super.line(lines.filter((line) => line !== undefined).join('\n'));
  }

  #tell(line: string | undefined): void {
    if (line !== undefined) this.command(line);
  }

  override progress(progress: Progress): void {
    const { stage, kind, elapsedMs } = progress;
    if (kind === 'start') this.#tell(this.#log.progress?.(stageWords(stage, stateAfter(undefined, progress))));
    super.progress(progress);
    if (kind === 'finish') this.#tell(this.#log.statistic?.(`${stage}.seconds`, Math.round(elapsedMs / 1000)));
  }

  override mask(secret: string): void {
    this.#tell(this.#log.mask?.(secret));
    this.#place.keepSecret(secret);
  }

  override setOutput(name: OutputName, value: string): void {
    super.setOutput(name, value);
    this.#tell(this.#log.output?.(name, value));
    this.#place.setOutput(name, value);
  }

  override annotate(annotation: Annotation): void {
    const { file } = annotation;
    const placed = { ...annotation, ...defined({ file: file && this.#relative(file) }) };
    this.#annotations.push(placed);
    this.endGroup();
    this.#tell(this.#log.annotation?.(placed));
  }

  override async summary(markdown: string): Promise<void> {
    this.#place.addSummary(markdown);
  }

  override async attachReport(report: { kind: ReportKind; path: string }): Promise<void> {
    await super.attachReport(report);
    const { kind, path: file } = report;
    if (kind === 'junit') this.#tell(this.#log.testResults?.(this.#relative(file)));
    if (kind === 'junit') this.#place.copyTestResults(file, this.#label());
    if (kind === 'markdown') this.#tell(this.#log.summary?.(file));
  }

  override fail(message: string, exitCode: ExitCode): void {
    this.endGroup();
    this.#tell(this.#log.failure?.(message, exitCode));
  }

  handOver(publish: readonly PublishedKind[]): boolean {
    const files = this.reports.map((report) => report.path);
    const { app, reports, certificate } = publishedFiles(this.outputs, files, publish);
    const missing = this.outputs.get('missing-features') ?? '';
    this.#tell(this.#log.statistic?.('missing', missing === '' ? 0 : missing.split(',').length));
    const result = this.outputs.get('result') ?? '';
    const written = result === '' ? undefined : this.#place.writeAnnotations(path.dirname(result), this.#annotations);
    const named = [...reports, ...(written && reports.length > 0 ? [written] : []), ...certificate];
    for (const file of [...app, ...named]) this.#tell(this.#log.artifact?.(this.#relative(file)));
    this.#place.keepArtifacts({ app, named }, this.#label());
    for (const problem of this.#place.problems) this.log('error', problem);
    return this.#place.problems.length === 0;
  }

  close(): void {
    this.endGroup();
  }

  /** Systems want paths from the folder of the job, which is that of the repository. */
  #relative(file: string): string {
    const relative = path.relative(this.#cwd, path.resolve(this.#cwd, file));
    return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative.split(path.sep).join('/');
  }

  /** The folder of the run, which is named after the app: unique where one job runs the command several times. */
  #label(): string {
    const folder = path.basename(path.dirname(this.outputs.get('result') || 'run/x'));
    return folder.replaceAll(/[^\w.-]+/g, '_') || 'run';
  }
}
