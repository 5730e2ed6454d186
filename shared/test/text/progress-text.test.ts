import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitColumns,
  formatAmount,
  formatBytes,
  formatClock,
  formatElapsed,
  formatRate,
} from '../../src/text/progress-text.ts';

describe('texts of progress', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [9_949, '9.9 kB'],
    [9_960, '10 kB'],
    [999_400, '999 kB'],
    [999_600, '1.0 MB'],
    [3_076_294, '3.1 MB'],
    [54_600_000, '55 MB'],
    [1e9, '1.0 GB'],
    [1e15, '1000 TB'],
  ])('%d bytes', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0, '0.0 s'],
    [850, '0.8 s'],
    [9949, '9.9 s'],
    [9960, '0:10'],
    [10_600, '0:11'],
    [59_700, '1:00'],
    [65_000, '1:05'],
    [3_599_600, '1:00:00'],
    [3_725_000, '1:02:05'],
  ])('%d ms', (ms, text) => {
    expect(formatElapsed(ms)).toBe(text);
  });

  it.each([
    [0, '0:00'],
    [42_900, '0:42'],
    [3_599_999, '59:59'],
    [36_000_000, '10:00:00'],
  ])('%d ms on a running clock', (ms, text) => {
    expect(formatClock(ms)).toBe(text);
  });

  it.each([
    [41_200_000, 120e6, '41 of 120 MB'],
    [300_000, 3_076_294, '0.3 of 3.1 MB'],
    [0, 120e6, '0 of 120 MB'],
    [41_200_000, undefined, '41 MB'],
    [0, 0, '0 B'],
  ])('%d of %s', (bytes, total, text) => {
    expect(formatAmount(bytes, total)).toBe(text);
  });

  it('a rate needs bytes and time', () => {
    expect(formatRate(2e6, 2000)).toBe('1.0 MB/s');
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
