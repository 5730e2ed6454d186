/** Event names in a real .dex file, built from `fixtures/android/src`, and in files made to do harm. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DexFinder } from '@fusegate/shared/threat-events/app/dex/find-in-dex';
import { NameSearch } from '@fusegate/shared/threat-events/app/name-search';
import { type KnownOwners, ownersOf } from '@fusegate/shared/threat-events/app/owners';
import { UnreadablePart } from '@fusegate/shared/threat-events/app/problem';
import { describe, expect, it } from 'vitest';

const DEX = readFileSync(path.join(import.meta.dirname, 'fixtures/android/classes.dex'));

/** What is said of each name, and where it is registered. */
const EXPECTED = {
  RootedDevice: 'com.example.app.App.onCreate',
  EmulatorFound: 'com.example.app.App.onCreate',
  FridaDetected: 'com.example.app.Lists.listen',
  ZygiskDetected: 'com.example.app.Lists.listen',
  AppIsDebuggable: 'com.example.app.Lists.listen',
  DetectCustomRom: 'com.example.app.Lists.listen',
  SimStateInfo: 'com.example.app.Lists.listen',
  NoSimPresent: 'com.example.app.App.onCreate',
  UACPresented: 'com.example.app.App.onCreate',
  OverlayDetected: 'com.example.app.App.listen',
  SeccompDetected: 'com.example.app.App.listen',
  UpdateMBDMap: 'com.example.app.App.onCreate',
  DeveloperOptionsEnabled: 'com.example.app.Keeper.start',
  // R8 renames an SDK's class as it does one of the app's.
  BlockedKeyboardEvent: 'unreadable',
  BlockSecondSpace: 'name',
  ClickBotDetected: 'name',
  ClickBotDetectedByPermissions: 'name',
  KernelSUDetected: 'name',
  GameGuardianDetected: 'name',
  SslCertificateValidationFailed: 'name',
  MagiskManagerDetected: 'name',
  UnknownSourcesEnabled: 'name',
  AppIntegrityError: 'name',
  BlockedScreenCaptureEvent: 'unreadable',
  RunningInVirtualSpace: 'foreign',
  DebuggerThreatDetected: 'nowhere',
};
const SEARCH = new NameSearch(Object.keys(EXPECTED));

function look(bytes: Buffer, known?: KnownOwners) {
  const finder = new DexFinder(SEARCH, ownersOf(['com.example.app'], known));
  finder.look('classes.dex', bytes);
  return finder.finish();
}

function outcomeIn(findings: ReturnType<typeof look>, name: string): string | undefined {
  const places = findings.filter((each) => each.name === name).map(({ place }) => place);
  const registration = places.find(({ what }) => what === 'registration');
  return registration?.where ?? places.find(({ what }) => what === 'name')?.what ?? places[0]?.what ?? 'nowhere';
}

describe('event names in a .dex file', () => {
  const findings = look(DEX);
  it.each(Object.entries(EXPECTED))('%s: %s', (name, expected) => {
    expect(outcomeIn(findings, name)).toBe(expected);
  });

  it('are found in the class and method that holds them', () => {
    const places = findings.filter(({ name }) => name === 'RootedDevice').map(({ place }) => place);
    expect(places).toContainEqual({ file: 'classes.dex', where: 'com.withpersona.sdk2.Inquiry.open', what: 'foreign' });
    expect(places).toContainEqual({ file: 'classes.dex', where: 'com.example.app.App.onCreate', what: 'name' });
  });

  it('belong to the owner that the user names', () => {
    expect(outcomeIn(look(DEX, { own: ['c.d'] }), 'BlockedScreenCaptureEvent')).toBe('c.d.E.start');
    expect(outcomeIn(look(DEX, { own: ['com.withpersona'] }), 'RunningInVirtualSpace')).toBe(
      'com.withpersona.sdk2.Inquiry.open',
    );
    expect(outcomeIn(look(DEX, { foreign: ['com.example.app'] }), 'RootedDevice')).toBe('foreign');
  });
});

describe('what only looks like a registration', () => {
  const traps = readFileSync(path.join(import.meta.dirname, 'fixtures/android/traps.dex'));
  it.each([
    'AddedLate',
    'ElementByIndex',
    'ElementOverwritten',
    'FieldOverwritten',
    'FilledElsewhere',
    'FilterPerhaps',
    'FilterReplaced',
    'ListClearedElsewhere',
    'LoopBreak',
    'LoopCondition',
    'NamePerhaps',
    'Overridden',
    'OwnHelperEmpty',
    'OwnHelperIntent',
    'OwnHelperLocal',
    'PickedFrom',
    'ReceiverArgumentNull',
    'ReceiverFieldNull',
    'ReceiverMethodNull',
    'Removed',
    'SchemeOfData',
    'SubList',
    'TypeOfData',
    'VendorBus',
    'VendorUnregister',
  ])('%s', (name) => {
    const finder = new DexFinder(new NameSearch([name]), ownersOf(['com.example.app']));
    finder.look('classes.dex', traps);
    expect(outcomeIn(finder.finish(), name)).toBe('name');
  });
});

describe('a damaged .dex file', () => {
  it.each([
    ['cut short', DEX.subarray(0, 3000)],
    ['only a header', DEX.subarray(0, 0x70)],
    ['empty', Buffer.alloc(0)],
    ['of an unknown version', edited((bytes) => bytes.write('041', 4, 'latin1'))],
    ['with a table of 4 GiB', edited((bytes) => bytes.writeUInt32LE(0xffffffff, 0x38))],
    [
      'with one string in every place of its table',
      edited((bytes) => {
        const [count, table] = [bytes.readUInt32LE(0x38), bytes.readUInt32LE(0x3c)];
        const name = bytes.indexOf('RootedDevice') - 1;
        for (let index = 0; index < count; index++) bytes.writeUInt32LE(name, table + 4 * index);
      }),
    ],
    ['with classes beyond the end', edited((bytes) => bytes.writeUInt32LE(bytes.length - 8, 0x64))],
  ])('%s is unreadable', (_, bytes) => {
    expect(() => look(bytes)).toThrow(UnreadablePart);
  });

  it('ends with a finding or an UnreadablePart, whatever byte is wrong', () => {
    for (let at = 0x20; at < DEX.length; at += 23) {
      for (const value of [0x00, 0xff]) {
        try {
          look(edited((bytes) => bytes.writeUInt8(value, at)));
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadablePart);
        }
      }
    }
  });
});

function edited(edit: (bytes: Buffer) => void): Buffer {
  const copy = Buffer.from(DEX);
  edit(copy);
  return copy;
}
