import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inGroups } from '../../src/text/digit-groups.ts';

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [123_456, '123,456'],
  [1_234_567, '1,234,567'],
])('%d is %s', (count, text) => {
  expect(inGroups(count)).toBe(text);
});

it('is what English-speaking countries write', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (count) => {
      expect(inGroups(count)).toBe(count.toLocaleString('en-US'));
    }),
  );
});
