/** A build takes over what an earlier one made only if it would make the same today. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Kept, rulesOf } from '../../../scripts/bundling/kept.mjs';

/** As if everything in the folder had been there for a while. */
const LATER_MS = 60_000;

let folder = '';
const file = (name: string) => path.join(folder, name);
const rules = () => rulesOf({ rules: [file('scripts'), file('lock.yaml'), file('none')], named: [file('src')] });
const kept = (now = Date.now() + LATER_MS) => new Kept(rules(), file('cache'), now);

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'kept-'));
  for (const name of ['scripts/bundling', 'src/jobs']) mkdirSync(file(name), { recursive: true });
  writeFileSync(file('lock.yaml'), 'lock');
  writeFileSync(file('scripts/bundling/options.mjs'), 'options');
  writeFileSync(file('src/jobs/one.ts'), 'one');
  writeFileSync(file('src/other.ts'), 'other');
});

it('is found as long as nothing has changed', () => {
  kept().keep('part a', [file('src/jobs/one.ts')], { text: 'made' });
  expect(kept().find('part a')).toEqual({ text: 'made' });
  expect(kept().find('part b')).toBeUndefined();
});

it('is found if a file has changed that it was not made from', () => {
  kept().keep('part a', [file('src/jobs/one.ts')], 'made');
  writeFileSync(file('src/other.ts'), 'changed');
  expect(kept().find('part a')).toBe('made');
});

describe('is not found', () => {
  beforeEach(() => kept().keep('part a', [file('src/jobs/one.ts')], 'made'));

  it.each<[string, () => void]>([
    [
      'an input has other contents of the same size and time',
      () => {
        writeFileSync(file('src/jobs/one.ts'), 'two');
        utimesSync(file('src/jobs/one.ts'), 0, 0);
      },
    ],
    ['an input is gone', () => rmSync(file('src/jobs/one.ts'))],
    ['an import may find a new file', () => writeFileSync(file('src/jobs/new.ts'), '')],
    ['a file that an import could find is gone', () => rmSync(file('src/other.ts'))],
    ['the lockfile has changed', () => writeFileSync(file('lock.yaml'), 'other')],
    ['a script has changed', () => writeFileSync(file('scripts/bundling/options.mjs'), 'other')],
    ['there is another script', () => writeFileSync(file('scripts/new.mjs'), '')],
    ['what was kept is cut off', () => writeFileSync(file('cache/part_a.json'), '{"rules":')],
  ])('if %s', (_, change) => {
    change();
    expect(kept().find('part a')).toBeUndefined();
  });
});

it('is not kept if an input changed during the build', () => {
  const before = kept(Date.now() - LATER_MS);
  before.keep('part a', [file('src/jobs/one.ts')], 'made');
  expect(kept().find('part a')).toBeUndefined();
});

it('is not kept if an input is gone', () => {
  kept().keep('part a', [file('src/none.ts')], 'made');
  expect(kept().find('part a')).toBeUndefined();
});
