/** Why a part of an app cannot be read, in words that fit after its name. */
export class UnreadablePart extends Error {}

/** Bounds the work on one file, so that tables that overlap or point in circles come to an end. */
export class Budget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  /** @throws UnreadablePart */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new UnreadablePart('has tables that overlap or refer to each other too often');
  }
}

/** Runs a parser whose reads beyond the end are the file's fault. */
export function orUnreadable<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof UnreadablePart) throw error;
    if (error instanceof RangeError) throw new UnreadablePart(`is damaged or cut short (${what})`);
    throw error;
  }
}
