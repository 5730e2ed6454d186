/** Event names in Hermes bytecode. */
import type { PartContent } from '../evidence.ts';
import { NameSearch } from '../name-search.ts';
import { INSIDE_LONGER, namesInTable } from '../packed-strings.ts';
import { orUnreadable } from '../problem.ts';
import { HermesFile } from './hermes-file.ts';

const UNTIED = 'in Hermes bytecode, which is not followed: only the sources show a listener';

export function findInHermes(bytes: Buffer, file: string, names: readonly string[]): PartContent {
  return orUnreadable('Hermes bytecode', () => {
    const hermes = new HermesFile(bytes);
    const found = namesInTable(bytes, new NameSearch(names, ['latin1', 'utf16le']), () => hermes.allStrings());
    const findings = [...found].map(([name, isWhole]) => ({
      name,
      place: { file, what: 'name' as const, detail: isWhole ? UNTIED : INSIDE_LONGER },
    }));
    return { findings };
  });
}
