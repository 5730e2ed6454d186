import { renamePatiently, unwritable } from '@fusegate/shared/files/file-system';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../support/fake-clock.ts';

const failing = (code: string, times: number) => {
  let calls = 0;
  const move = async () => {
    calls += 1;
    if (calls <= times) throw Object.assign(new Error(code), { code });
  };
  return { move, calls: () => calls };
};

describe('renamePatiently', () => {
  it.each(['EBUSY', 'EPERM', 'EACCES'])('waits for a file that a scanner holds: %s', async (code) => {
    const clock = new FakeClock();
    const { move, calls } = failing(code, 3);
    await renamePatiently('a', 'b', clock, move);
    expect(calls()).toBe(4);
    expect(clock.waits).toEqual([50, 100, 200]);
  });

  it('gives up after some seconds, and at once on anything else', async () => {
    const clock = new FakeClock();
    const held = failing('EBUSY', 100);
    await expect(renamePatiently('a', 'b', clock, held.move)).rejects.toThrow('EBUSY');
    expect(clock.monotonic()).toBe(6350);
    const gone = failing('ENOENT', 100);
    await expect(renamePatiently('a', 'b', new FakeClock(), gone.move)).rejects.toThrow('ENOENT');
    expect(gone.calls()).toBe(1);
  });
});

describe('unwritable', () => {
  it('tells a full disk from a forbidden one', () => {
    const of = (code: string) => unwritable('It cannot be written', Object.assign(new Error('x'), { code }));
    expect(of('ENOSPC').hint).toContain('full');
    expect(of('EACCES').hint).toContain('output-dir');
    expect(of('EACCES').message).toContain('EACCES');
  });
});
