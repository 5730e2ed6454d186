/** Which of several texts occur in bytes. One pass finds that there is none, which is so in nearly every file. */
export class Needles {
  readonly #needles: readonly string[];
  /** Over bytes as Latin-1. */
  readonly #any: RegExp | undefined;
  readonly #longest: number;

  /**
   * @param whole whether each has to stand alone as a word
   * @param types names of types; where one is declared is found too
   */
  constructor(
    needles: readonly string[],
    { whole = false, types = [] }: { whole?: boolean; types?: readonly string[] } = {},
  ) {
    this.#needles = needles;
    const encoded = needles.map(latin1);
    const any = encoded.map(literal).join('|');
    const word = String.raw`[\w$\x80-\xff]`;
    const patterns = encoded.length === 0 ? [] : [whole ? `(?<!${word})(?:${any})(?!${word})` : any];
    const declared = types.map(latin1).map(literal).join('|');
    if (types.length > 0) patterns.push(String.raw`(?<!${word})(?:${TYPE_WORDS})\s+(?:${declared})(?!${word})`);
    this.#any = patterns.length > 0 ? new RegExp(patterns.join('|')) : undefined;
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

/** What stands before the name of a type where it is declared. */
const TYPE_WORDS = 'class|interface|enum|struct|object|protocol|extension|record|mixin|actor|typealias';

const latin1 = (text: string) => Buffer.from(text).toString('latin1');

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
