/** Which of several texts occur in bytes. One pass finds that there is none, which is so in nearly every file. */
export class Needles {
  readonly #needles: readonly string[];
  /** Over bytes as Latin-1. */
  readonly #any: RegExp | undefined;
  readonly #longest: number;

  /** @param whole whether each has to stand alone as a word */
  constructor(needles: readonly string[], { whole = false } = {}) {
    this.#needles = needles;
    const encoded = needles.map((one) => Buffer.from(one).toString('latin1'));
    const any = encoded.map(literal).join('|');
    const word = String.raw`[\w$\x80-\xff]`;
    this.#any = encoded.length > 0 ? new RegExp(whole ? `(?<!${word})(?:${any})(?!${word})` : any) : undefined;
    this.#longest = Math.max(0, ...encoded.map(({ length }) => length));
  }

  /** In bytes. */
  get longest(): number {
    return this.#longest;
  }

  isAnyIn(bytes: Buffer): boolean {
    return this.#any?.test(bytes.toString('latin1')) ?? false;
  }

  foundIn(bytes: Buffer): string[] {
    return this.isAnyIn(bytes) ? this.#needles.filter((one) => bytes.includes(one)) : [];
  }
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
