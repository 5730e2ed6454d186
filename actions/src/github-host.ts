import path from 'node:path';
import * as core from '@actions/core';
import { PlainLogHost } from '@fusegate/shared/adapter/plain-log-host';
import { defined } from '@fusegate/shared/model/defined';
import type { ExitCode } from '@fusegate/shared/model/errors';
import type { Annotation, LogLevel, OutputName, Progress } from '@fusegate/shared/model/host';
import { GITHUB } from '@fusegate/shared/options/systems/github';
import { cutMarkdown, restOfAnnotations, SUMMARY_BYTES } from './step-summary.ts';

/** The runner drops what a step annotates beyond that, by type (actions/runner, ExecutionContext.cs, `_maxCountPerIssueType`). */
const MOST_ANNOTATIONS = 10;
/** The runner cuts there (`_maxIssueMessageLength`). */
const LONGEST_ANNOTATION = 4096;

/**
 * The host of a JavaScript action. Texts come from `guardHost`: none of them can form a workflow command, which matters because the
 * runner reads commands from every line of stdout and stderr.
 */
export class GitHubHost extends PlainLogHost {
  readonly #workspace: string;
  readonly #annotated: Record<Annotation['level'], number> = { error: 0, warning: 0, notice: 0 };
  readonly #rest: Annotation[] = [];
  #summaryBytes = 0;
  /** An error or warning that waits for its annotation: the log shows that one too, and would have it twice. */
  #held: { level: LogLevel; text: string } | undefined;

  constructor(stdout: { write(text: string): unknown }, workspace: string) {
    super(stdout, { logGroup: GITHUB.logGroup });
    this.#workspace = workspace;
  }

  override log(level: LogLevel, text: string): void {
    this.#release();
    if (level === 'debug' && !this.verbose) {
      // Shown by the runner where ACTIONS_STEP_DEBUG is set.
      core.debug(text);
      return;
    }
    if (level === 'error' || level === 'warning') {
      this.endGroup();
      this.#held = { level, text };
    } else super.log(level, text);
  }

  override progress(progress: Progress): void {
    this.#release();
    super.progress(progress);
  }

  override mask(secret: string): void {
    core.setSecret(secret);
  }

  override setOutput(name: OutputName, value: string): void {
    super.setOutput(name, value);
    core.setOutput(name, value);
  }

  override annotate(annotation: Annotation): void {
    const { level, title, message, file, line } = annotation;
    this.endGroup();
    const told = this.#held?.text === message && message.length <= LONGEST_ANNOTATION;
    if (told && this.#annotated[level] < MOST_ANNOTATIONS) this.#held = undefined;
    this.#release();
    if (this.#annotated[level] >= MOST_ANNOTATIONS) {
      this.#rest.push(annotation);
      return;
    }
    this.#annotated[level] += 1;
    const cut = message.length > LONGEST_ANNOTATION ? `${message.slice(0, LONGEST_ANNOTATION - 1)}…` : message;
    const show = { error: core.error, warning: core.warning, notice: core.notice }[level];
    show(cut, { title, ...defined({ file: file && this.#inRepository(file), startLine: line }) });
  }

  /** Called last: no error annotation yet means that a person would see a red step without a reason. */
  override fail(message: string, exitCode: ExitCode): void {
    this.endGroup();
    this.#release();
    if (this.#annotated.error === 0) this.annotate({ level: 'error', title: 'Fusegate', message });
    process.exitCode = exitCode;
  }

  /** Says in the summary what no annotation could hold any more. */
  async close(): Promise<void> {
    this.#release();
    this.endGroup();
    if (this.#rest.length > 0) await this.summary(restOfAnnotations(this.#rest));
  }

  /** Annotations point into the repository by paths relative to its root. */
  #inRepository(file: string): string {
    const relative = path.relative(this.#workspace, path.resolve(this.#workspace, file));
    return relative.startsWith('..') ? file : relative.split(path.sep).join('/');
  }

  /** One byte too many and the runner drops the whole summary. */
  override async summary(markdown: string): Promise<void> {
    this.#release();
    const text = cutMarkdown(markdown, SUMMARY_BYTES - this.#summaryBytes);
    this.#summaryBytes += Buffer.byteLength(text);
    try {
      await core.summary.addRaw(text, true).write();
    } catch (error) {
      core.summary.emptyBuffer();
      this.log('warning', `The job summary could not be written: ${error instanceof Error ? error.name : 'unknown'}`);
    }
  }

  #release(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held) super.log(held.level, held.text);
  }
}
