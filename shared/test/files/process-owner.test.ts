import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isGone, thisProcess } from '@fusegate/shared/files/process-owner';
import { describe, expect, it } from 'vitest';

/** A process that has come and gone. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid as number;
}

describe('isGone', () => {
  it('knows the living and the dead of this machine, and nobody of another', async () => {
    const own = thisProcess();
    expect(isGone(own)).toBe(false);
    expect(isGone({ ...own, start: '' })).toBe(false);
    expect(isGone({ ...own, pid: await deadPid() })).toBe(true);
    for (const pid of [0, -1, 2 ** 31, 2 ** 32 - 1]) expect(isGone({ ...own, pid }), String(pid)).toBe(true);
    expect(isGone({ ...own, host: 'elsewhere' })).toBeUndefined();
  });

  it.runIf(process.platform === 'linux')('is not deceived by an id that is used again', () => {
    expect(isGone({ ...thisProcess(), start: '1' })).toBe(true);
  });
});
