/**
 * Names in an array that one function of Objective-C makes and goes through: `for (NSString *name in @[…]) [center addObserverForName:name …]`.
 * The code shows that the names go into an array, that an array is enumerated, and that observers get no name
 * that is a constant.
 */
const MAKES = new Set(['arrayWithObjects:count:', 'arrayWithObjects:', 'setWithArray:']);
const ENUMERATES = 'countByEnumeratingWithState:objects:count:';

export class EnumeratedNames {
  #stored = new Set<string>();
  #isArray = false;
  #isEnumerated = false;
  #observes: number | undefined;
  /** Whether an observer is given a constant: then the array may be for something else. */
  isConstant = false;

  store(names: Iterable<string>): void {
    for (const name of names) this.#stored.add(name);
  }

  /** An array that the compiler has made. */
  load(names: Iterable<string>): void {
    this.#isArray = true;
    this.store(names);
  }

  /** A selector that the function uses. */
  select(selector: string): void {
    if (MAKES.has(selector)) this.#isArray = true;
    if (selector === ENUMERATES) this.#isEnumerated = true;
  }

  /** An observer is given a name that is not known here. */
  observe(at: number): void {
    this.#observes ??= at;
  }

  /** Ends the function. @returns the names that it registers, and where */
  end(): { names: ReadonlySet<string>; at: number } | undefined {
    const names = this.#stored;
    const at = this.#isArray && this.#isEnumerated && !this.isConstant ? this.#observes : undefined;
    this.#stored = new Set();
    this.#isArray = false;
    this.#isEnumerated = false;
    this.#observes = undefined;
    this.isConstant = false;
    return at === undefined ? undefined : { names, at };
  }
}
