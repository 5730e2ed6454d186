import { defined } from '@fusegate/shared/model/defined';
import { expect, it } from 'vitest';

it('keeps what is there, in its order, and has no key for what is not', () => {
  expect(Object.entries(defined({ b: 0, a: undefined, c: '', d: false, e: null }))).toEqual([
    ['b', 0],
    ['c', ''],
    ['d', false],
    ['e', null],
  ]);
  expect(Object.keys(defined({ a: undefined }))).toEqual([]);
});
