/** Keeps following names within bounds: no circles, and an end. */

/** Following a name through more steps than this is not how people write. */
const DEEPEST = 48;
/** Steps to find the value of one expression, and of all of them: lists that hold each other would never end. */
const MOST_STEPS = 20_000;
const MOST_STEPS_IN_ALL = 10_000_000;

export class Steps {
  #depth = 0;
  #steps = 0;
  #stepsInAll = 0;
  /** What is being followed now, so that a circle ends. */
  readonly #followed = new Set<unknown>();

  guarded<T>(work: () => T | undefined): T | undefined {
    if (this.#depth === 0) this.#steps = 0;
    if (this.#depth >= DEEPEST || ++this.#steps > MOST_STEPS || ++this.#stepsInAll > MOST_STEPS_IN_ALL)
      return undefined;
    this.#depth++;
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }

  once<T>(key: unknown, work: () => T | undefined): T | undefined {
    if (this.#followed.has(key)) return undefined;
    this.#followed.add(key);
    try {
      return work();
    } finally {
      this.#followed.delete(key);
    }
  }
}
