/**
 * Names in an array that one function of Objective-C makes and goes through: `for (NSString *name in @[…]) [center addObserverForName:name …]`.
 * The function makes one array, enumerates that one, and hands each element on in every turn: from where the element is loaded, control goes
 * straight on to the jump back.
 */
export const MAKES: ReadonlySet<string> = new Set(['arrayWithObjects:count:', 'arrayWithObjects:', 'setWithArray:']);
const ENUMERATES = 'countByEnumeratingWithState:objects:count:';

export class EnumeratedNames {
  #stored = new Set<string>();
  #arrays = 0;
  #enumerations = 0;
  #isArrayEnumerated = false;
  /** Where an element was loaded, if nothing has branched since. */
  #element: number | undefined;
  /** An observer was given that element, and the loop has not turned yet. */
  #pending: number | undefined;
  #observed: number | undefined;

  store(names: Iterable<string>): void {
    for (const name of names) this.#stored.add(name);
  }

  /** An array that the compiler has made. */
  load(names: Iterable<string>): void {
    this.#arrays++;
    this.store(names);
  }

  /** A call, and whether its receiver is an array that the function has made. */
  call(selector: string, isArray: boolean): void {
    if (MAKES.has(selector)) this.#arrays++;
    if (selector !== ENUMERATES) return;
    this.#enumerations++;
    if (isArray) this.#isArrayEnumerated = true;
  }

  element(at: number): void {
    this.#element = at;
  }

  observe(at: number, isElement: boolean): void {
    if (isElement && this.#element !== undefined) this.#pending ??= at;
  }

  /** Another branch ends here. */
  meet(): void {
    this.#element = undefined;
    this.#pending = undefined;
  }

  branch(target: number, from: number): void {
    const loaded = this.#element ?? Number.NEGATIVE_INFINITY;
    if (this.#pending !== undefined && target <= loaded && target < from) this.#observed ??= this.#pending;
    this.meet();
  }

  /** Ends the function. @returns the names that it registers, and where */
  end(): { names: ReadonlySet<string>; at: number } | undefined {
    const names = this.#stored;
    // The call that enumerates stands before the loop and in it.
    const isOne = this.#arrays === 1 && this.#enumerations <= 2 && this.#isArrayEnumerated;
    const at = isOne ? this.#observed : undefined;
    this.#stored = new Set();
    this.#arrays = 0;
    this.#enumerations = 0;
    this.#isArrayEnumerated = false;
    this.#observed = undefined;
    this.meet();
    return at === undefined ? undefined : { names, at };
  }
}
