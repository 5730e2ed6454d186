/** Names in tables of strings that lie without anything between them and may overlap: only the table says which exist. */
import type { NameSearch } from './name-search.ts';

export interface PackedString {
  at: number;
  /** In characters. */
  length: number;
  isUtf16: boolean;
}

/** More hits are no program. */
const MAX_HITS = 10_000;
const MAX_IN_ONE = 100;

/** @returns the names, and whether each is a string of its own */
export function namesInTable(
  bytes: Buffer,
  search: NameSearch,
  strings: () => Iterable<PackedString>,
): Map<string, boolean> {
  const found = new Map<string, boolean>();
  const hits: Array<{ name: string; at: number }> = [];
  for (const hit of search.find(bytes)) if (hits.push(hit) >= MAX_HITS) break;
  if (hits.length === 0) return found;
  hits.sort((a, b) => a.at - b.at);
  for (const { at, length, isUtf16 } of strings()) {
    const step = isUtf16 ? 2 : 1;
    const first = firstFrom(hits, at);
    for (const hit of hits.slice(first, first + MAX_IN_ONE)) {
      if (hit.at + hit.name.length * step > at + length * step) break;
      if (hit.at === at && hit.name.length === length) found.set(hit.name, true);
      else if (!found.has(hit.name)) {
        const text = bytes.toString(isUtf16 ? 'utf16le' : 'latin1', at, at + length * step);
        if (hasWord(text, hit.name)) found.set(hit.name, false);
      }
    }
  }
  return found;
}

export function hasWord(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!/[\w$]/.test(text.charAt(at - 1)) && !/[\w$]/.test(text.charAt(at + name.length))) return true;
  }
  return false;
}

function firstFrom(sorted: ReadonlyArray<{ at: number }>, at: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as { at: number }).at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const INSIDE_LONGER = 'only inside a longer string';
