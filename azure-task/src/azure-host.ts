import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PlainLogHost } from '@fusegate/shared/adapter/plain-log-host';
import { EXIT, type ExitCode, type StageName } from '@fusegate/shared/model/errors';
import type { Annotation, LogLevel, OutputName, Progress, ReportKind } from '@fusegate/shared/model/host';
import { AZURE } from '@fusegate/shared/options/systems/azure';
import * as tl from 'azure-pipelines-task-lib/task.js';

/** Where a run stands when a stage begins, for the bar in the timeline; most of the time goes into the build. */
const PERCENT: Partial<Record<StageName, number>> = {
  upload: 5,
  analysis: 20,
  build: 25,
  context: 70,
  sign: 75,
  download: 85,
  certify: 95,
  gate: 98,
};

/** Texts come harmless from `guardHost`; task-lib's own guard is the second lock, since the agent finds `##vso[` anywhere in a line. */
const FOREIGN: tl.ExternalOutputOptions = { source: 'remote' };

/** Milliseconds; the agent writes every command into the log. */
const PROGRESS_EVERY = 5000;

export class AzureHost extends PlainLogHost {
  readonly #temporary: string;
  #percent = 0;
  #progressAt = 0;
  #failure: string | undefined;
  #hasError = false;

  /** @param temporary Agent.TempDirectory: the agent uploads the summary from there, after the task */
  constructor(temporary: string) {
    super({ write: (text) => tl.writeExternalOutput(String(text), FOREIGN) }, { logGroup: AZURE.logGroup });
    this.#temporary = temporary;
  }

  override log(level: LogLevel, text: string): void {
    if (level === 'debug' && !this.verbose) tl.debugExternalOutput(text, FOREIGN);
    else super.log(level, text);
  }

  override progress(progress: Progress): void {
    super.progress(progress);
    const { stage, kind } = progress;
    if (kind === 'start') {
      this.#percent = Math.max(this.#percent, PERCENT[stage] ?? 0);
      tl.setProgress(this.#percent, stage);
    } else if (kind === 'bytes' && progress.totalBytes && progress.elapsedMs - this.#progressAt >= PROGRESS_EVERY) {
      this.#progressAt = progress.elapsedMs;
      const share = Math.floor((100 * (progress.bytes ?? 0)) / progress.totalBytes);
      tl.setProgress(this.#percent, `${stage} ${share}%`);
    }
    if (kind === 'finish') this.#progressAt = 0;
  }

  override mask(secret: string): void {
    // task-lib throws on line breaks; `guardHost` hands over single lines.
    if (secret.trim() !== '') tl.setSecret(secret);
  }

  override setOutput(name: OutputName, value: string): void {
    super.setOutput(name, value);
    tl.setVariable(AZURE.outputName(name), value, false, true);
  }

  override annotate({ level, title, message, file, line }: Annotation): void {
    const text = `${title}\n${message}`;
    if (level === 'error') this.#hasError = true;
    // Azure has issues of two types only.
    if (level === 'notice') this.log('notice', text);
    else tl.logIssue(level === 'error' ? tl.IssueType.Error : tl.IssueType.Warning, text, file, line);
  }

  /** A tab of the run's page; its title is the file's name. */
  override async summary(markdown: string): Promise<void> {
    const file = path.join(this.#temporary, `Fusegate-${this.#label()}.md`);
    try {
      await writeFile(file, markdown);
      tl.uploadSummary(file);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      this.log('warning', `The summary could not be written (${code}).`);
    }
  }

  override async attachReport(report: { kind: ReportKind; path: string }): Promise<void> {
    await super.attachReport(report);
    if (report.kind !== 'junit') return;
    // The verdict fails the task, not the tests: under `gate: warn` failed tests must not turn a green task red.
    tl.command(
      'results.publish',
      {
        type: 'JUnit',
        resultFiles: report.path,
        mergeResults: 'false',
        runTitle: `Fusegate ${this.#label()}`,
        publishRunAttachments: 'true',
        failTaskOnFailedTests: 'false',
        testRunSystem: 'Fusegate',
      },
      '',
    );
  }

  /** Told to the agent by `complete`, since `task.complete` ends the task. */
  override fail(message: string, _exitCode: ExitCode): void {
    this.#failure = message;
  }

  /**
   * The agent goes by this command and ignores the exit code. `setResult` would report an error a second time that was already
   * annotated.
   */
  complete(exitCode: ExitCode): void {
    if (exitCode === EXIT.pass) {
      tl.command('task.complete', { result: 'Succeeded', done: 'true' }, '');
      return;
    }
    const message = this.#failure ?? `Fusegate ended with ${exitCode}.`;
    if (!this.#hasError) tl.logIssue(tl.IssueType.Error, message);
    tl.command('task.complete', { result: 'Failed', done: 'true' }, message);
  }

  /** The folder of the run, which is named after the app: unique where one job runs the task several times. */
  #label(): string {
    const folder = path.basename(path.dirname(this.outputs.get('result') || 'x/y'));
    return folder.replaceAll(/[^\w.-]+/g, '_') || 'run';
  }
}
