/** What the steps of a job learn on the way, kept where it survives an error. */
import type { WorkflowMessage } from '../api/tasks.ts';
import type { OutputFile } from '../model/build-outcome.ts';
import { defined } from '../model/defined.ts';
import type { ServiceIds } from '../model/errors.ts';

/** `ids` is live: later ids appear in it. */
export interface RunRecord {
  readonly ids: Readonly<ServiceIds>;
  /** The service's workflow messages, in its order. */
  readonly messages: readonly WorkflowMessage[];
  /** The apps and maps that have been downloaded to their place. */
  readonly downloads: readonly OutputFile[];
}

export class RunRecorder implements RunRecord {
  readonly #ids: ServiceIds = {};
  readonly #messages: WorkflowMessage[] = [];
  readonly #downloads: OutputFile[] = [];

  get ids(): Readonly<ServiceIds> {
    return this.#ids;
  }

  get messages(): readonly WorkflowMessage[] {
    return this.#messages;
  }

  get downloads(): readonly OutputFile[] {
    return this.#downloads;
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
}
