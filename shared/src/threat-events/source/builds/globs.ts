/** Patterns of paths, as MSBuild and Gradle have them: `Old/**`, with `*` and `?`. In a time that no pattern can make long. */

export interface Glob {
  test(path: string): boolean;
}

export function globOf(text: string): Glob {
  // Gradle takes `old/` for `old/**`.
  const pattern = text.toLowerCase().replace(/\/$/u, '/**').split('/');
  return { test: (path) => fits(pattern, path.toLowerCase().split('/'), '**', (part, name) => isName(part, name)) };
}

const isName = (part: string, name: string) =>
  fits([...part], [...name], '*', (one, other) => one === '?' || one === other);

/** @param any stands for as many items as needed */
function fits(
  pattern: readonly string[],
  items: readonly string[],
  any: string,
  isOne: (one: string, item: string) => boolean,
): boolean {
  let [at, next] = [0, 0];
  /** The last `any`, and the first item after those that it has taken. */
  let last: { at: number; next: number } | undefined;
  while (next < items.length) {
    const [one, item] = [pattern[at], items[next]];
    if (one === any) {
      at += 1;
      last = { at, next };
    } else if (one !== undefined && item !== undefined && isOne(one, item)) {
      at += 1;
      next += 1;
    } else if (last) {
      last.next += 1;
      at = last.at;
      next = last.next;
    } else return false;
  }
  return pattern.slice(at).every((one) => one === any);
}
