/** Event names in the code and libraries of an iOS app: Objective-C and Swift. Reference: Threat-Events §4. */
import { wholeHits } from '../bytes-search.ts';
import type { Finding, PartContent } from '../evidence.ts';
import { NameSearch } from '../name-search.ts';
import { Budget, orUnreadable, UnreadablePart } from '../problem.ts';
import { isMachO, type MachO, offsetOf, pointerAt, readMachO, sectionOf } from './mach-o-file.ts';
import { observedNames } from './observers.ts';
import { SHORT_STRING_BYTES, shortStringsIn } from './short-strings.ts';

const ARCHIVE = '!<arch>\n';
const MAX_ELEMENTS = 1000;
const UNTIED = 'no call of addObserver is tied to it in the code';

/** Files that are no code are no finding: an app has others without an extension. */
export function findInMachO(bytes: Buffer, file: string, names: readonly string[]): PartContent {
  const search = new NameSearch(names, ['latin1', 'utf16le']);
  if (bytes.toString('latin1', 0, ARCHIVE.length) === ARCHIVE) return findInArchive(bytes, file, search);
  if (!isMachO(bytes)) return { findings: [] };
  return orUnreadable('Mach-O', () => {
    const code = readMachO(bytes);
    if (code.isEncrypted) {
      throw new UnreadablePart('is encrypted by the App Store: use the app as Xcode exported it');
    }
    return findIn(code, file, search);
  });
}

function findIn(code: MachO, file: string, search: NameSearch): PartContent {
  const strings = new Map<number, string>();
  const named: Array<[name: string, where: string]> = [];
  for (const section of code.sections) {
    if (section.name === '__text') continue;
    const content = code.bytes.subarray(section.at, section.at + section.size);
    for (const hit of search.all(content)) {
      if (!NameSearch.isWhole(content, hit)) continue;
      const { name, at } = hit;
      strings.set(section.address + at, name);
      named.push([name, `${section.segment},${section.name}`]);
    }
  }
  const text = sectionOf(code, '__text');
  const hasSwift = code.sections.some(({ name }) => name.startsWith('__swift5_'));
  if (text !== undefined && hasSwift && code.isArm64) {
    const body = code.bytes.subarray(text.at, text.at + text.size);
    for (const [name] of shortStringsIn(body, search.names)) named.push([name, '__TEXT,__text']);
  }
  const findings: Finding[] = [];
  const budget = new Budget(code.bytes.length);
  const objects = stringObjects(code, strings);
  const places = { objects, texts: strings, arrays: arrayObjects(code, objects) };
  const observed = named.length === 0 ? new Map() : observedNames(code, places, search.names, budget);
  for (const [name, where] of named) {
    const detail = observed.has(name) ? {} : { detail: UNTIED };
    findings.push({ name, place: { file, where, what: 'name', ...detail } });
  }
  for (const [name, address] of observed) {
    findings.push({ name, place: { file, where: `code at 0x${address.toString(16)}`, what: 'registration' } });
  }
  return { findings, hidden: hasSwift ? [hiddenShortStrings(code)] : [] };
}

/** `@"…"` of Objective-C: an object of four words that points to the text. */
function stringObjects(code: MachO, strings: ReadonlyMap<number, string>): Map<number, string> {
  const found = new Map<number, string>();
  for (const { name: section, at, address, size } of code.sections) {
    if (section !== '__cfstring') continue;
    for (let offset = 0; offset + 32 <= size; offset += 32) {
      const name = strings.get(pointerAt(code, at + offset + 16));
      if (name?.length === code.bytes.readUInt32LE(at + offset + 24)) found.set(address + offset, name);
    }
  }
  return found;
}

/** `@[…]` of constants, as newer compilers store it: an object, its number of elements, and where they are. Inferred. */
function arrayObjects(code: MachO, objects: ReadonlyMap<number, string>): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const { name: section, at, address, size } of code.sections) {
    if (section !== '__objc_arrayobj') continue;
    for (let offset = 0; offset + 24 <= size; offset += 24) {
      const start = offsetOf(code, pointerAt(code, at + offset + 16));
      if (start === undefined) continue;
      const count = Math.min(MAX_ELEMENTS, code.bytes.readUInt32LE(at + offset + 8));
      const names: string[] = [];
      for (let each = start; each < start + 8 * count && each + 8 <= code.bytes.length; each += 8) {
        const name = objects.get(pointerAt(code, each));
        if (name !== undefined) names.push(name);
      }
      if (names.length > 0) found.set(address + offset, names);
    }
  }
  return found;
}

function hiddenShortStrings({ isArm64 }: MachO) {
  const reason = isArm64
    ? 'Swift can hide names of at most 15 bytes in its code: those that were not found may still be there'
    : 'is Swift code for another processor than arm64, in which names of at most 15 bytes are not found';
  return { reason, hides: (name: string) => name.length <= SHORT_STRING_BYTES };
}

/** A static library: object files one after the other. */
function findInArchive(bytes: Buffer, file: string, search: NameSearch): PartContent {
  const found = new Set<string>();
  for (const { name } of wholeHits(search, bytes)) found.add(name);
  const findings = [...found].map((name) => ({
    name,
    place: { file, what: 'name' as const, detail: 'in a static library' },
  }));
  const hasSwift = bytes.includes('__swift5_');
  const hidden = {
    reason: 'is a static library with Swift code',
    hides: (name: string) => name.length <= SHORT_STRING_BYTES,
  };
  return { findings, hidden: hasSwift ? [hidden] : [] };
}
