/** Event names in .NET assemblies: one that a compiler made, and stores of them by hand (inferred). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { assemblyOwners } from '@fusegate/shared/threat-events/app/dotnet/assembly-owners';
import { findInOneAssembly, findInStore } from '@fusegate/shared/threat-events/app/dotnet/assembly-store';
import { decompressBlock } from '@fusegate/shared/threat-events/app/dotnet/lz4';
import type { PartContent } from '@fusegate/shared/threat-events/app/evidence';
import { UnreadablePart } from '@fusegate/shared/threat-events/app/problem';
import { describe, expect, it } from 'vitest';

const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, 'fixtures/dotnet', name));
const DLL = fixture('Listeners.dll');
const EXPECTED = {
  RootedDevice: 'registration',
  EmulatorFound: 'registration',
  FridaDetected: 'registration',
  SimStateInfo: 'registration',
  DetectCustomRom: 'registration',
  AppIsDebuggable: 'registration',
  UACPresented: 'registration',
  KernelSUDetected: 'name',
  SeccompDetected: 'name',
  OverlayDetected: 'name',
  NoSimPresent: 'name',
  AppIntegrityError: 'name',
};
const NAMES = [...Object.keys(EXPECTED), 'ZygiskDetected'];

function outcomes({ findings }: PartContent): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, place } of findings) if (found[name] !== 'registration') found[name] = place.what;
  return found;
}

/** An LZ4 block without matches. */
function literals(bytes: Buffer): Buffer {
  const rest = bytes.length - 15;
  const lengths = [...Array<number>(Math.floor(rest / 255)).fill(255), rest % 255];
  return Buffer.concat([Buffer.from([0xf0, ...lengths]), bytes]);
}

function compressed(bytes: Buffer, size = bytes.length): Buffer {
  const header = Buffer.alloc(12);
  header.write('XALZ', 'latin1');
  header.writeUInt32LE(size, 8);
  return Buffer.concat([header, literals(bytes)]);
}

describe('an assembly', () => {
  it('ties a name to the call that it is handed to', () => {
    expect(outcomes(findInOneAssembly(DLL, 'App.dll', NAMES))).toEqual(EXPECTED);
  });

  it('tells the method', () => {
    const { findings } = findInOneAssembly(DLL, 'App.dll', ['RootedDevice']);
    expect(findings).toContainEqual({
      name: 'RootedDevice',
      place: { file: 'App.dll', where: 'Listen', what: 'registration' },
      assembly: 'Listeners',
    });
  });

  it.each([
    'LocalManager',
    'OtherCenter',
    'NullReceiver',
    'FieldNeverSet',
    'ReceiverPerhaps',
    'NamePerhaps',
    'TypeOfData',
    'OneSender',
    'NullHandler',
    'UnusedFilter',
    'AddedLate',
    'SchemeOfData',
    'FilterReplaced',
    'ElementOverwritten',
    'ElementsCleared',
    'LoopCondition',
    'LoopBreak',
    'LoopFromOne',
    'LoopLast',
  ])('%s: no registration', (name) => {
    expect(outcomes(findInOneAssembly(fixture('Traps.dll'), 'App.dll', [name]))).toEqual({ [name]: 'name' });
  });

  it('with a method of the same name proves nothing', () => {
    const names = ['OwnBus', 'Overridden'];
    expect(outcomes(findInOneAssembly(fixture('Overrides.dll'), 'App.dll', names))).toEqual({
      OwnBus: 'name',
      Overridden: 'name',
    });
  });

  it('can be compressed', () => {
    expect(outcomes(findInOneAssembly(compressed(DLL), 'App.dll', NAMES))).toEqual(EXPECTED);
  });

  it.each([
    ['cut short', DLL.subarray(0, 1500)],
    ['empty', Buffer.alloc(0)],
    ['anything', Buffer.from('RootedDevice'.repeat(50), 'utf16le')],
    ['says that it unpacks to 4 GiB', compressed(DLL, 0xffffffff)],
    ['compressed and cut short', compressed(DLL).subarray(0, 2000)],
  ])('%s: unreadable', (_, bytes) => {
    expect(() => findInOneAssembly(bytes, 'App.dll', NAMES)).toThrow(UnreadablePart);
  });

  it('ends with a finding or an UnreadablePart, whatever byte is wrong', () => {
    for (let at = 0; at < DLL.length; at += 5) {
      const copy = Buffer.from(DLL);
      copy.writeUInt8(0xff, at);
      try {
        findInOneAssembly(copy, 'App.dll', NAMES);
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadablePart);
      }
    }
  });
});

describe('the owner of an assembly', () => {
  const ownerOf = assemblyOwners({ ids: ['com.example.shop'], executable: 'ShopApp' }, {});
  it.each([
    ['Shop', 'own'],
    ['Example.Shop', 'own'],
    ['Shop.Android', 'own'],
    ['ShopApp', 'own'],
    ['Persona.Sdk', 'foreign'],
    ['Shop.Sdk', 'foreign'],
    ['com', 'foreign'],
  ])('%s: %s', (assembly, owner) => {
    expect(ownerOf(assembly)).toBe(owner);
  });

  it('is whom the user names, and unclear where the app has no name', () => {
    const known = { own: ['Vendor.Core'], foreign: ['Example'] };
    const byUser = assemblyOwners({ ids: ['com.example.shop'] }, known);
    expect([byUser('Vendor.Core.Ui'), byUser('Example.Shop')]).toEqual(['own', 'foreign']);
    expect(assemblyOwners({ ids: [] }, {})('Shop')).toBe('unclear');
  });
});

describe('a store of assemblies', () => {
  it('holds them as they are, or compressed', () => {
    const store = Buffer.concat([Buffer.from('XABA'), Buffer.alloc(60), DLL]);
    expect(outcomes(findInStore(store, 'assemblies.blob', NAMES))).toEqual(EXPECTED);
    const packed = Buffer.concat([Buffer.from('XABA'), Buffer.alloc(60), compressed(DLL)]);
    expect(outcomes(findInStore(packed, 'assemblies.blob', NAMES))).toEqual(EXPECTED);
  });

  it('says which could not be read', () => {
    const { findings, hidden } = findInStore(Buffer.concat([compressed(DLL, 100_000), DLL]), 'assemblies.blob', NAMES);
    expect(outcomes({ findings })).toEqual(EXPECTED);
    expect(hidden).toHaveLength(1);
  });

  it('without any is unreadable', () => {
    expect(() => findInStore(Buffer.from('XABA'), 'assemblies.blob', NAMES)).toThrow(UnreadablePart);
  });
});

describe('LZ4', () => {
  it('copies what it has written', () => {
    expect(decompressBlock(Buffer.from([0x2f, 0x61, 0x62, 2, 0, 1, 0x50, 1, 2, 3, 4, 5]), 27).toString('latin1')).toBe(
      `${'ab'.repeat(11)}\x01\x02\x03\x04\x05`,
    );
  });

  it.each([
    ['a distance before the start', [0x10, 0x61, 5, 0]],
    ['a distance of nothing', [0x10, 0x61, 0, 0]],
    ['an end too early', [0xf0, 255]],
    ['too many bytes', [0x50, 1, 2, 3, 4, 5]],
  ])('%s: unreadable', (_, bytes) => {
    expect(() => decompressBlock(Buffer.from(bytes), 3)).toThrow(UnreadablePart);
  });
});
