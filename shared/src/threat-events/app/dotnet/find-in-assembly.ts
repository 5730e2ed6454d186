/** Event names in .NET assemblies (Xamarin, MAUI): the user strings, and the call that each is handed to. Reference: Threat-Events §2. */
import type { Finding, PartContent } from '../evidence.ts';
import { NameSearch } from '../name-search.ts';
import { Budget, orUnreadable } from '../problem.ts';
import { Assembly } from './assembly.ts';
import { arraysIn, type MethodNames, namesIn } from './method-names.ts';

const STEPS_PER_BYTE = 8;
const UNTIED = 'no call of RegisterReceiver or AddObserver is tied to it';

export function findInAssembly(bytes: Buffer, file: string, names: readonly string[]): PartContent {
  return orUnreadable('.NET assembly', () => {
    const hits = new Map<number, string>();
    for (const { at, name } of new NameSearch(names, ['utf16le']).all(bytes)) hits.set(at, name);
    const assembly = new Assembly(bytes);
    if (hits.size === 0) return { findings: [] };
    const budget = new Budget(STEPS_PER_BYTE * bytes.length);
    const strings = assembly.userStrings(hits, budget);
    const arrays = new Map<number, readonly string[]>();
    for (const method of assembly.methods(budget)) {
      for (const [field, held] of arraysIn(assembly, method, strings, budget)) arrays.set(field, held);
    }
    const findings: Finding[] = [];
    const used = new Set<string>();
    for (const method of assembly.methods(budget)) {
      const found: MethodNames = namesIn(assembly, method, strings, arrays, budget);
      for (const name of found.loaded) {
        used.add(name);
        const detail = found.registered.has(name) ? {} : { detail: UNTIED };
        findings.push({ name, place: { file, where: method.name, what: 'name', ...detail } });
      }
      for (const name of found.registered) {
        findings.push({ name, place: { file, where: method.name, what: 'registration' } });
      }
    }
    for (const name of new Set(hits.values())) {
      if (!used.has(name)) findings.push({ name, place: { file, what: 'name', detail: 'no code loads it' } });
    }
    return { findings };
  });
}
