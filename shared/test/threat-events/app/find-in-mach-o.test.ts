/** Event names in Mach-O files: Objective-C as clang compiles it, and Swift by hand (inferred, reference Threat-Events §4). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findInMachO } from '@fusegate/shared/threat-events/app/mach-o/find-in-mach-o';
import { UnreadablePart } from '@fusegate/shared/threat-events/app/problem';
import { describe, expect, it } from 'vitest';

const NAMES = [
  'RootedDevice',
  'FridaDetected',
  'OverlayDetected',
  'EmulatorFound',
  'ZygiskDetected',
  'SimStateInfo',
  'DeveloperOptionsEnabled',
  'AppIsDebuggable',
  'DetectCustomRom',
  'UACPresented',
  'KernelSUDetected',
  'SeccompDetected',
  'BlockSecondSpace',
  'NoSimPresent',
];
const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, 'fixtures/ios', name));
const OBJC = fixture('objc.dylib');
const SWIFT = fixture('swift.dylib');

function outcomes(bytes: Buffer): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, place } of findInMachO(bytes, 'App', NAMES).findings) {
    if (found[name] !== 'registration') found[name] = place.what;
  }
  return found;
}

/** A universal file with one architecture. */
function fat(bytes: Buffer): Buffer {
  const header = Buffer.alloc(4096);
  header.writeUInt32BE(0xcafebabe, 0);
  header.writeUInt32BE(1, 4);
  header.writeUInt32BE(0x0100000c, 8);
  header.writeUInt32BE(4096, 16);
  header.writeUInt32BE(bytes.length, 20);
  return Buffer.concat([header, bytes]);
}

/** Changes the type of the code signature's or function starts' command, which is as long as the one for encryption is needed to be. */
function encrypted(): Buffer {
  const copy = Buffer.from(OBJC);
  for (let at = 32, left = copy.readUInt32LE(16); left > 0; left--) {
    if (copy.readUInt32LE(at) === 0x1b) {
      copy.writeUInt32LE(0x2c, at);
      copy.writeUInt32LE(1, at + 16);
    }
    at += copy.readUInt32LE(at + 4);
  }
  return copy;
}

describe('Objective-C', () => {
  const expected = {
    RootedDevice: 'registration',
    FridaDetected: 'registration',
    OverlayDetected: 'name',
    EmulatorFound: 'name',
    AppIsDebuggable: 'registration',
    DetectCustomRom: 'registration',
    UACPresented: 'registration',
    KernelSUDetected: 'name',
    SeccompDetected: 'name',
    BlockSecondSpace: 'name',
    // Its center is a parameter.
    NoSimPresent: 'name',
  };

  it('ties a name to addObserver by the registers of the call', () => {
    expect(outcomes(OBJC)).toEqual(expected);
  });

  it('reads the architecture of the device in a universal file', () => {
    expect(outcomes(fat(OBJC))).toEqual(expected);
  });

  it('cannot read what the App Store has encrypted', () => {
    expect(() => outcomes(encrypted())).toThrow(UnreadablePart);
  });

  it('names what lies in a static library', () => {
    const found = outcomes(Buffer.concat([Buffer.from('!<arch>\n'), OBJC]));
    expect(found).toEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, 'name'])));
  });
});

describe('what only looks like a registration', () => {
  it.each([
    'OwnHub',
    'OwnCenter',
    'NullBlock',
    'NullObserver',
    'OneSender',
    'Changed',
    'LoopOther',
    'LoopCondition',
    'LoopBreak',
    'LoopLogs',
  ])('%s', (name) => {
    const { findings } = findInMachO(fixture('traps.dylib'), 'App', [name]);
    expect(findings.map(({ place }) => place.what)).toEqual(['name']);
  });
});

describe('Swift', () => {
  it('finds short names in the code, and ties both kinds to addObserver', () => {
    expect(outcomes(SWIFT)).toEqual({
      RootedDevice: 'registration',
      DeveloperOptionsEnabled: 'registration',
      SimStateInfo: 'name',
    });
  });

  it('says that short names may hide', () => {
    const [hidden] = findInMachO(SWIFT, 'App', NAMES).hidden ?? [];
    expect(NAMES.filter((name) => hidden?.hides?.(name))).toEqual(NAMES.filter((name) => name.length <= 15));
  });
});

describe('a damaged Mach-O file', () => {
  it.each([
    ['cut short', OBJC.subarray(0, 20_000)],
    ['only a header', OBJC.subarray(0, 40)],
    ['32-bit', edited((bytes) => bytes.writeUInt32LE(0xfeedface, 0))],
    ['with four billion commands', edited((bytes) => bytes.writeUInt32LE(0xffffffff, 16))],
    ['with a command of no size', edited((bytes) => bytes.writeUInt32LE(0, 36))],
    ['universal, of 4 GiB', edited((bytes) => bytes.writeUInt32BE(0xffffffff, 16), fat(OBJC))],
  ])('%s is unreadable', (_, bytes) => {
    expect(() => outcomes(bytes)).toThrow(UnreadablePart);
  });

  it('ends with a finding or an UnreadablePart, whatever byte is wrong', () => {
    for (let at = 0; at < 4000; at += 7) {
      try {
        outcomes(edited((bytes) => bytes.writeUInt8(0xff, at)));
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadablePart);
      }
    }
  });

  it('is not what any other file is', () => {
    expect(outcomes(Buffer.from('RootedDevice'))).toEqual({});
  });
});

function edited(edit: (bytes: Buffer) => void, from: Buffer = OBJC): Buffer {
  const copy = Buffer.from(from);
  edit(copy);
  return copy;
}
