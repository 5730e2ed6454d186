import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitColumns, formatBytes, formatElapsed, formatRate } from '../../src/text/progress-text.ts';

describe('texts of progress', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [3_076_294, '2.9 MiB'],
    [54_600_000, '52 MiB'],
    [1024 ** 3, '1.0 GiB'],
    [1024 ** 5, '1024 TiB'],
  ])('%d bytes', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0, '0.0 s'],
    [850, '0.8 s'],
    [9949, '9.9 s'],
    [9960, '10 s'],
    [59_499, '59 s'],
    [59_700, '1m 00s'],
    [65_000, '1m 05s'],
    [3_599_600, '1h 00m'],
    [3_725_000, '1h 02m'],
  ])('%d ms', (ms, text) => {
    expect(formatElapsed(ms)).toBe(text);
  });

  it('a rate needs bytes and time', () => {
    expect(formatRate(2 * 1024 ** 2, 2000)).toBe('1.0 MiB/s');
    expect(formatRate(0, 2000)).toBe('');
    expect(formatRate(5, 0)).toBe('');
  });

  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['ab', 0, ''],
    ['漢字', 4, '漢字'],
    ['漢字漢', 4, '漢…'],
    ['a漢', 2, 'a…'],
  ])('%j in %d columns', (text, columns, fitting) => {
    expect(fitColumns(text, columns)).toBe(fitting);
  });

  it('never takes more columns than there are', () => {
    const width = (text: string) =>
      Array.from(text).reduce((sum, each) => sum + (each !== '…' && (each.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1), 0);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'ü', '漢', '😀') }), fc.nat(40), (text, columns) => {
        expect(width(fitColumns(text, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
