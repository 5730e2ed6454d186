/** Event names in .NET assemblies (Xamarin, MAUI): the user strings, and the call that each is handed to. Reference: Threat-Events §2. */
import type { Finding, PartContent } from '../evidence.ts';
import { NameSearch } from '../name-search.ts';
import { Budget, orUnreadable } from '../problem.ts';
import { Assembly, type IlMethod } from './assembly.ts';
import { instructionBytes } from './instructions.ts';

const STEPS_PER_BYTE = 4;
const LOAD_STRING = 0x72;
const CALLS = new Set([0x28, 0x6f, 0x73]);
/** Make an NSString of a string. */
const WRAPS = new Set(['NSString..ctor', 'NSString.op_Explicit', 'NSString.op_Implicit', 'Notification.op_Implicit']);
const ACTIONS = new Set(['IntentFilter..ctor', 'IntentFilter.AddAction']);
const OBSERVES = 'NSNotificationCenter.AddObserver';
const RECEIVES = /(?:^|\.)RegisterReceiver$/;
const UNTIED = 'no call of RegisterReceiver or AddObserver is tied to it in its method';
/** Branches that may stand between a name and AddObserver: a delegate is made once and kept. */
const ENDS_STATEMENT = new Set([0x26, 0x2a, 0x2b, 0x38, 0x7a]);

export function findInAssembly(bytes: Buffer, file: string, names: readonly string[]): PartContent {
  return orUnreadable('.NET assembly', () => {
    const hits = new Map<number, string>();
    for (const { at, name } of new NameSearch(names, ['utf16le']).find(bytes)) hits.set(at, name);
    const assembly = new Assembly(bytes);
    if (hits.size === 0) return { findings: [] };
    const budget = new Budget(STEPS_PER_BYTE * bytes.length);
    const strings = assembly.userStrings(hits, budget);
    const findings: Finding[] = [];
    const used = new Set<string>();
    for (const method of assembly.methods(budget)) {
      for (const [name, isTied] of namesIn(assembly, method, strings, budget)) {
        used.add(name);
        const place = { file, where: method.name, what: 'name' as const };
        findings.push({ name, place: isTied ? { ...place, what: 'registration' } : { ...place, detail: UNTIED } });
      }
    }
    for (const name of new Set(hits.values())) {
      if (!used.has(name)) findings.push({ name, place: { file, what: 'name', detail: 'no code loads it' } });
    }
    return { findings };
  });
}

function namesIn(
  assembly: Assembly,
  { at: start, size }: IlMethod,
  strings: ReadonlyMap<number, string>,
  budget: Budget,
) {
  const found = new Map<string, boolean>();
  const actions: string[] = [];
  let name: string | undefined;
  let isWrapped = false;
  for (let at = start; at < start + size; ) {
    budget.spend(1);
    const op = assembly.bytes.readUInt8(at);
    if (op === LOAD_STRING) {
      name = strings.get(assembly.bytes.readUInt32LE(at + 1));
      isWrapped = false;
      if (name !== undefined && !found.has(name)) found.set(name, false);
    } else if (CALLS.has(op)) {
      const called = assembly.called(assembly.bytes.readUInt32LE(at + 1)) ?? '';
      if (RECEIVES.test(called)) for (const each of actions.splice(0)) found.set(each, true);
      if (name !== undefined) {
        if (WRAPS.has(called)) isWrapped = true;
        else if (ACTIONS.has(called) && !isWrapped) actions.push(name);
        else if (called === OBSERVES && isWrapped) found.set(name, true);
        // A delegate for the handler is made between the name and the call; anything else takes the name away.
        const keeps = WRAPS.has(called) || (isWrapped && op === 0x73 && /^Action|\.\.?ctor$/.test(called));
        if (!keeps) name = undefined;
      }
    } else if (ENDS_STATEMENT.has(op) && !isWrapped) name = undefined;
    at += instructionBytes(assembly.bytes, at);
  }
  return found;
}
