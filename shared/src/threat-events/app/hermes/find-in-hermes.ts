/** Event names in Hermes bytecode. */
import type { Finding, PartContent } from '../evidence.ts';
import { NameSearch } from '../name-search.ts';
import { INSIDE_LONGER, namesInTable } from '../packed-strings.ts';
import { orUnreadable } from '../problem.ts';
import { HermesFile } from './hermes-file.ts';
import { registeredNames } from './listeners.ts';

const UNTIED = 'no call of registerForDevEvent and addListener is tied to it in the bytecode';

export function findInHermes(bytes: Buffer, file: string, names: readonly string[]): PartContent {
  return orUnreadable('Hermes bytecode', () => {
    const hermes = new HermesFile(bytes);
    const found = namesInTable(bytes, new NameSearch(names, ['latin1', 'utf16le']), () => hermes.allStrings());
    const registered = found.size > 0 && bytes.includes('registerForDevEvent') ? registeredNames(hermes) : new Set();
    const findings = [...found].map(([name, isWhole]): Finding => {
      if (registered.has(name)) return { name, place: { file, what: 'registration' } };
      return { name, place: { file, what: 'name', detail: isWhole ? UNTIED : INSIDE_LONGER } };
    });
    return { findings };
  });
}
