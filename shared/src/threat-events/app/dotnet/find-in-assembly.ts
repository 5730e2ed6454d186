/** Event names in .NET assemblies (Xamarin, MAUI): the user strings, and the call that each is handed to. Reference: Threat-Events §2. */
import type { Finding, PartContent } from '../evidence.ts';
import { NameSearch } from '../name-search.ts';
import { Budget, orUnreadable } from '../problem.ts';
import { Assembly } from './assembly.ts';
import { type Fields, namesIn, OVERRIDABLE } from './method-names.ts';

const STEPS_PER_BYTE = 16;
const UNTIED = 'no call of RegisterReceiver or AddObserver is proven to register it';
const OVERRIDDEN =
  'the app has a method RegisterReceiver or AddObserver of its own, which may take the place of the real one';

export function findInAssembly(bytes: Buffer, file: string, names: readonly string[]): PartContent {
  return orUnreadable('.NET assembly', () => {
    const hits = new Map<number, string>();
    for (const { at, name } of new NameSearch(names, ['utf16le']).all(bytes)) hits.set(at, name);
    const assembly = new Assembly(bytes);
    if (hits.size === 0) return { findings: [] };
    const budget = new Budget(STEPS_PER_BYTE * bytes.length);
    const strings = assembly.userStrings(hits, budget);
    const isOverridden = OVERRIDABLE.some((name) => assembly.defines(name, budget));
    const fields: Fields = new Map();
    const context = { assembly, strings, fields, isSettled: true, budget };
    // First what fields hold, then who changes it.
    for (const method of assembly.methods(budget)) namesIn(method, { ...context, isSettled: false });
    for (const method of assembly.methods(budget)) namesIn(method, context);
    const findings: Finding[] = [];
    const used = new Set<string>();
    const owner = { assembly: assembly.module.replace(/\.(?:dll|exe)$/i, '') };
    for (const method of assembly.methods(budget)) {
      const found = namesIn(method, context);
      const at = { file, where: method.name };
      for (const name of found.loaded) {
        used.add(name);
        const detail = isOverridden ? OVERRIDDEN : UNTIED;
        const isRegistered = found.registered.has(name) && !isOverridden;
        findings.push({ name, place: { ...at, what: 'name', ...(isRegistered ? {} : { detail }) }, ...owner });
      }
      if (isOverridden) continue;
      for (const name of found.registered) findings.push({ name, place: { ...at, what: 'registration' }, ...owner });
    }
    for (const name of new Set(hits.values())) {
      if (!used.has(name)) findings.push({ name, place: { file, what: 'name', detail: 'no code loads it' }, ...owner });
    }
    return { findings };
  });
}
