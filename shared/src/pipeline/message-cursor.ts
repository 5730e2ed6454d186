import type { WorkflowMessage } from '../api/tasks.ts';

/** The service's messages about one build: which are new, and the date to ask from. */
export class MessageCursor {
  #lastDate: string | undefined;
  #lastTime = Number.NEGATIVE_INFINITY;
  readonly #seen = new Set<string>();

  /** `creation_time` of the newest message so far, as it came. */
  get lastDate(): string | undefined {
    return this.#lastDate;
  }

  /** The messages that are new. That the service leaves out the old ones is inferred, so this does not rely on it. */
  take(messages: readonly WorkflowMessage[]): WorkflowMessage[] {
    const fresh: WorkflowMessage[] = [];
    for (const message of messages) {
      const key = `${message.createdAt ?? ''} ${message.text}`;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      fresh.push(message);
      const time = Date.parse(message.createdAt ?? '');
      if (time > this.#lastTime) {
        this.#lastTime = time;
        this.#lastDate = message.createdAt;
      }
    }
    return fresh;
  }
}
