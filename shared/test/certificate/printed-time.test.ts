import { describe, expect, it } from 'vitest';
import { printedTime } from '../../src/certificate/printed-time.ts';

const isoOf = (text: string) => {
  const time = printedTime(text);
  return time === undefined ? undefined : new Date(time).toISOString();
};

describe('a printed time', () => {
  it.each([
    ['17-Jul-25, 15:00 UTC', '2025-07-17T15:00:00.000Z'],
    ['3-Feb-26, 09:05 UTC', '2026-02-03T09:05:00.000Z'],
    ['03-Feb-26, 09:05 UTC', '2026-02-03T09:05:00.000Z'],
    [' 17-Jul-25, 15:00 UTC ', '2025-07-17T15:00:00.000Z'],
    ['29-Feb-24, 23:59 UTC', '2024-02-29T23:59:00.000Z'],
    ['1-Jan-99, 00:00 UTC', '2099-01-01T00:00:00.000Z'],
    ['Jul 24, 2045, 15:02:50', '2045-07-24T15:02:50.000Z'],
    [' Jul 24, 2045, 15:02:50 UTC ', '2045-07-24T15:02:50.000Z'],
    ['Feb 3, 2046, 9:06:07', '2046-02-03T09:06:07.000Z'],
    ['Jan 1, 0100, 0:00:00', '0100-01-01T00:00:00.000Z'],
  ])('%j is read', (text, iso) => {
    expect(isoOf(text)).toBe(iso);
  });

  const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  it.each(MONTHS)('knows %s', (month) => {
    const index = MONTHS.indexOf(month);
    expect(printedTime(`9-${month}-25, 12:30 UTC`)).toBe(Date.UTC(2025, index, 9, 12, 30));
    expect(printedTime(`${month} 9, 2025, 12:30:15`)).toBe(Date.UTC(2025, index, 9, 12, 30, 15));
  });

  it.each([
    '',
    'never',
    '31-Feb-25, 15:00 UTC',
    '0-Jan-25, 15:00 UTC',
    '32-Jan-25, 15:00 UTC',
    '17-Jul-25, 24:00 UTC',
    '17-Jul-25, 15:60 UTC',
    '17-Abc-25, 15:00 UTC',
    '17-JUL-25, 15:00 UTC',
    '17-jul-25, 15:00 UTC',
    '17-July-25, 15:00 UTC',
    '17-Jul-2025, 15:00 UTC',
    '17-Jul-25, 5:00 UTC',
    '17-Jul-25, 15:0 UTC',
    '17-Jul-25, 15:00',
    '17-Jul-25, 15:00 UTC by somebody',
    'on 17-Jul-25, 15:00 UTC',
    '117-Jul-25, 15:00 UTC',
    'Jul 24, 2045, 15:02:60',
    'Jul 24, 2045, 15:60:50',
    'Jul 24, 2045, 24:02:50',
    'Jul 32, 2045, 15:02:50',
    'Abc 24, 2045, 15:02:50',
    'Jul 24, 45, 15:02:50',
    'Jul 24, 20455, 15:02:50',
    'Jul 24, 2045, 15:02',
    'Jul 24, 2045, 15:02:5',
    'Jul 24, 2045, 15:02:50 CET',
    'Jul 24, 2045, 15:02:50 UTC today',
    'on Jul 24, 2045, 15:02:50',
    'July 24, 2045, 15:02:50',
  ])('%j is none', (text) => {
    expect(printedTime(text)).toBeUndefined();
  });
});
