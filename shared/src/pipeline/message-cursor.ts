import type { WorkflowMessage } from '../api/tasks.ts';

/** The service's messages about one build: which are new, and the date to ask from. */
export class MessageCursor {
  /** Of one build. A service that never stops talking must not fill the memory and the log of a run. */
  static readonly most = 10_000;
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
      if (this.#seen.size > MessageCursor.most || this.#seen.has(key)) continue;
      this.#seen.add(key);
      const isLast = this.#seen.size > MessageCursor.most;
      fresh.push(isLast ? { text: 'The service says more than Fusegate keeps; the rest is in the console.' } : message);
      const time = Date.parse(message.createdAt ?? '');
      if (time > this.#lastTime) {
        this.#lastTime = time;
        this.#lastDate = message.createdAt;
      }
    }
    return fresh;
  }
}
