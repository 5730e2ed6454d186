/** Event names in Hermes bytecode. Strings are stored without anything between them and may overlap, so only the table says which exist. */
import type { PartContent } from '../evidence.ts';
import { NameSearch } from '../name-search.ts';
import { orUnreadable } from '../problem.ts';
import { HermesFile } from './hermes-file.ts';

const UNTIED = 'in Hermes bytecode, which is not followed: a listener shows in the sources only';
/** More hits are no program. */
const MAX_HITS = 10_000;

export function findInHermes(bytes: Buffer, file: string, names: readonly string[]): PartContent {
  return orUnreadable('Hermes bytecode', () => {
    const hermes = new HermesFile(bytes);
    const hits = new Map<string, number[]>();
    let count = 0;
    for (const { name, at } of new NameSearch(names, ['latin1', 'utf16le']).find(bytes)) {
      if (++count > MAX_HITS) break;
      hits.set(name, [...(hits.get(name) ?? []), at]);
    }
    if (hits.size === 0) return { findings: [] };
    const whole = new Set<string>();
    const inside = new Set<string>();
    const sorted = [...hits].flatMap(([name, all]) => all.map((at) => ({ name, at }))).sort((a, b) => a.at - b.at);
    for (let index = 0; index < hermes.stringCount; index++) {
      const { at, length, isUtf16 } = hermes.string(index);
      const step = isUtf16 ? 2 : 1;
      for (let hit = firstFrom(sorted, at); hit < sorted.length; hit++) {
        const found = sorted[hit];
        if (found === undefined || found.at + found.name.length * step > at + length * step) break;
        if (found.at === at && found.name.length === length) whole.add(found.name);
        else {
          const text = bytes.toString(isUtf16 ? 'utf16le' : 'latin1', at, at + length * step);
          if (new RegExp(`(?<![\\w$])${found.name}(?![\\w$])`).test(text)) inside.add(found.name);
        }
        // Long texts with many names in them are no program either.
        if (hit > firstFrom(sorted, at) + 100) break;
      }
    }
    const findings = [...new Set([...whole, ...inside])].map((name) => ({
      name,
      place: {
        file,
        what: 'name' as const,
        detail: whole.has(name) ? UNTIED : 'only inside a longer string',
      },
    }));
    return { findings };
  });
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
