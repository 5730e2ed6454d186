/** Event names in bytecode that React Native's own compiler made of `fixtures/hermes/bundle.txt`, and in bytecode made to do harm. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findInHermes } from '@fusegate/shared/threat-events/app/hermes/find-in-hermes';
import { HermesFile } from '@fusegate/shared/threat-events/app/hermes/hermes-file';
import { instructionBytes } from '@fusegate/shared/threat-events/app/hermes/instructions';
import { UnreadablePart } from '@fusegate/shared/threat-events/app/problem';
import { describe, expect, it } from 'vitest';
import { hermesBytecode } from './support/hand-made.ts';

const BUNDLE = readFileSync(path.join(import.meta.dirname, 'fixtures/hermes/bundle.hbc'));
const EXPECTED = {
  RootedDevice: 'registration',
  FridaDetected: 'registration',
  ZygiskDetected: 'registration',
  EmulatorFound: 'registration',
  SimStateInfo: 'registration',
  NoSimPresent: 'registration',
  UACPresented: 'registration',
  AppIsDebuggable: 'registration',
  DetectCustomRom: 'registration',
  OverlayDetected: 'name',
  SeccompDetected: 'name',
  KernelSUDetected: 'name',
  BlockSecondSpace: 'name',
  ClickBotDetected: 'name',
  AppIntegrityError: 'name',
  BadSignatureDetected: 'name',
  MagiskDetected: 'name',
  PortScanDetected: 'name',
  VpnDetected: 'registration',
};
const NAMES = [...Object.keys(EXPECTED), 'DebuggerThreatDetected'];

const outcomes = (bytes: Buffer) =>
  Object.fromEntries(findInHermes(bytes, 'main.jsbundle', NAMES).findings.map(({ name, place }) => [name, place.what]));

describe('Hermes bytecode', () => {
  it('ties names to the native module and to its emitter', () => {
    expect(outcomes(BUNDLE)).toEqual(EXPECTED);
  });

  it('is decoded to the end of each function', () => {
    const file = new HermesFile(BUNDLE);
    for (let index = 0; index < file.functions.count; index++) {
      const { at: start, size } = file.function(index);
      let at = start;
      while (at < start + size) at += instructionBytes(BUNDLE.readUInt8(at));
      expect(at).toBe(start + size);
    }
  });

  it('of a version whose instructions are not known still has its names', () => {
    const older = Buffer.from(BUNDLE);
    older.writeUInt32LE(90, 8);
    expect(new Set(Object.values(outcomes(older)))).toEqual(new Set(['name']));
  });

  it('knows strings by the table, because they lie side by side', () => {
    expect(
      outcomes(hermesBytecode(['RootedDevice', 'Frida', 'Detected', 'OverlayDetectedX'], ['ZygiskDetected'])),
    ).toEqual({
      RootedDevice: 'name',
      ZygiskDetected: 'name',
    });
  });
});

describe('damaged bytecode', () => {
  it.each([
    ['cut short', BUNDLE.subarray(0, 700)],
    ['only a header', BUNDLE.subarray(0, 60)],
    ['of the future', edited((bytes) => bytes.writeUInt32LE(200, 8))],
    ['with four billion functions', edited((bytes) => bytes.writeUInt32LE(0xffffffff, 40))],
    ['with four billion strings', edited((bytes) => bytes.writeUInt32LE(0xffffffff, 52))],
  ])('%s is unreadable', (_, bytes) => {
    expect(() => outcomes(bytes)).toThrow(UnreadablePart);
  });

  it('ends with a finding or an UnreadablePart, whatever byte is wrong', () => {
    for (let at = 12; at < BUNDLE.length; at += 11) {
      try {
        outcomes(edited((bytes) => bytes.writeUInt8(0xff, at)));
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadablePart);
      }
    }
  });
});

function edited(edit: (bytes: Buffer) => void): Buffer {
  const copy = Buffer.from(BUNDLE);
  edit(copy);
  return copy;
}
