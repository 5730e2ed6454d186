/** The search for many names at once, against the plain one. */
import { namesInPieces } from '@fusegate/shared/threat-events/app/bytes-search';
import { NameSearch } from '@fusegate/shared/threat-events/app/name-search';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../support/property-runs.ts';

const text = (max: number, min = 0) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: min, maxLength: max });

function plain(bytes: Buffer, names: readonly string[], encoding: 'latin1' | 'utf16le'): string[] {
  return names.flatMap((name) => {
    const hits: string[] = [];
    const pattern = Buffer.from(name, encoding);
    for (let at = bytes.indexOf(pattern); at >= 0; at = bytes.indexOf(pattern, at + 1)) hits.push(`${name}@${at}`);
    return hits;
  });
}

describe('the search for names', () => {
  it.each(['latin1', 'utf16le'] as const)('finds what a plain search finds: %s', (encoding) => {
    fc.assert(
      fc.property(text(200), fc.uniqueArray(text(6, 2), { minLength: 1, maxLength: 8 }), (content, names) => {
        const bytes = Buffer.from(content, encoding);
        const found = [...new NameSearch(names, [encoding]).find(bytes)].map(({ name, at }) => `${name}@${at}`);
        expect(found.sort()).toEqual(plain(bytes, names, encoding).sort());
      }),
      propertyRuns(300),
    );
  });

  it('finds a name wherever the pieces of a stream end', async () => {
    const bytes = Buffer.concat([
      Buffer.from(' RootedDevice '),
      Buffer.from(' EmulatorFound ', 'utf16le'),
      Buffer.from('FridaDetectedBy MyUACPresented'),
    ]);
    const search = new NameSearch(
      ['RootedDevice', 'EmulatorFound', 'FridaDetected', 'UACPresented'],
      ['latin1', 'utf16le'],
    );
    async function* pieces(size: number) {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    for (let size = 1; size <= bytes.length; size++) {
      expect([...(await namesInPieces(search, pieces(size)))].sort()).toEqual(['EmulatorFound', 'RootedDevice']);
    }
  });

  it.each([
    ['RootedDevice', true],
    ['"RootedDevice"', true],
    ['x.RootedDevice', true],
    ['RootedDevices', false],
    ['MyRootedDevice', false],
    ['Rooted_RootedDevice_', false],
  ])('%s as a word: %s', (content, expected) => {
    const bytes = Buffer.from(content);
    const [hit] = new NameSearch(['RootedDevice']).find(bytes);
    expect(hit !== undefined && NameSearch.isWhole(bytes, hit)).toBe(expected);
  });

  it('finds nothing without names', () => {
    expect([...new NameSearch([]).find(Buffer.from('RootedDevice'))]).toEqual([]);
  });
});
