/** What the steps of a job learn on the way, kept where it survives an error. */
import type { WorkflowMessage } from '../api/tasks.ts';
import type { OutputFile } from '../model/build-outcome.ts';
import { defined } from '../model/defined.ts';
import type { ServiceIds } from '../model/errors.ts';
import type { Finding } from '../model/verdict.ts';

/** `ids` is live: later ids appear in it. */
export interface RunRecord {
  readonly ids: Readonly<ServiceIds>;
  /** The service's workflow messages, in its order. */
  readonly messages: readonly WorkflowMessage[];
  /** The apps and maps that have been downloaded to their place. */
  readonly downloads: readonly OutputFile[];
  /** What the result says beside the verdict. */
  readonly findings: readonly Finding[];
}

export class RunRecorder implements RunRecord {
  readonly #ids: ServiceIds = {};
  readonly #messages: WorkflowMessage[] = [];
  readonly #downloads: OutputFile[] = [];
  readonly #findings: Finding[] = [];

  get ids(): Readonly<ServiceIds> {
    return this.#ids;
  }

  get messages(): readonly WorkflowMessage[] {
    return this.#messages;
  }

  get downloads(): readonly OutputFile[] {
    return this.#downloads;
  }

  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** As the service gives them. An id that is not given stays what it was. */
  addIds(ids: { [Name in keyof ServiceIds]: string | undefined }): void {
    Object.assign(this.#ids, defined(ids));
  }

  addMessages(messages: readonly WorkflowMessage[]): void {
    this.#messages.push(...messages);
  }

  addDownload(file: OutputFile): void {
    this.#downloads.push(file);
  }

  /** @param finding a warning or a note: it changes no verdict */
  addFinding(finding: Finding & { level: 'warning' | 'note' }): void {
    this.#findings.push(finding);
  }
}
