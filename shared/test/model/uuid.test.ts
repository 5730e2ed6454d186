import { expect, it } from 'vitest';
import { isUuid } from '../../src/model/uuid.ts';

const ID = '0a4b6df0-c6f0-11f1-9a3e-0242ac120002';

it.each([
  [ID, true],
  [ID.toUpperCase(), true],
  ['personal', false],
  [`${ID}0`, false],
  [`0${ID}`, false],
  [` ${ID}`, false],
  [ID.replaceAll('-', ''), false],
])('"%s" is a UUID: %s', (text, uuid) => {
  expect(isUuid(text)).toBe(uuid);
});
