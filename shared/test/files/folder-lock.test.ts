import { mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lockFolder } from '@fusegate/shared/files/folder-lock';
import { thisProcess } from '@fusegate/shared/files/process-owner';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';

async function folderWith(lock?: object | string) {
  const dir = path.join(await temporaryFolder(), 'out');
  const file = path.join(dir, '.fusegate.lock');
  await mkdir(dir);
  if (lock !== undefined) await writeFile(file, typeof lock === 'string' ? lock : JSON.stringify(lock));
  const clock = new FakeClock();
  const logged: string[] = [];
  const lockIt = () => lockFolder({ dir, clock, log: (text) => logged.push(text) });
  return { dir, file, clock, logged, lockIt };
}

const OWN = { ...thisProcess(), since: '2026-01-01T00:00:00.000Z', id: 'a' };
const DEAD = { ...OWN, pid: 2_147_483_647 };
const ELSEWHERE = { ...OWN, host: 'agent-7' };

describe('lockFolder', () => {
  it('lets one run in at a time, and says who that is', async () => {
    const { dir, lockIt, clock } = await folderWith();
    const unlock = await lockIt();
    const error = await errorOf(lockIt());
    expect(error).toMatchObject({ code: 'output.in-use', exitCode: 2 });
    expect(error.message).toContain(`process ${process.pid} `);
    await unlock();
    expect(await readdir(dir)).toEqual([]);
    await (await lockIt())();
    expect(clock.pending).toBe(0);
  });

  it('makes the folder where there is none', async () => {
    const { dir, clock } = await folderWith();
    const inner = path.join(dir, 'a', 'b');
    const unlock = await lockFolder({ dir: inner, clock, log() {} });
    expect(await readdir(inner)).toEqual(['.fusegate.lock']);
    await unlock();
  });

  it('takes over the lock of a process that is gone, at once', async () => {
    const { dir, file, lockIt, clock, logged } = await folderWith(DEAD);
    const unlock = await lockIt();
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
    expect(await readdir(dir)).toEqual(['.fusegate.lock']);
    expect([clock.waits, logged]).toEqual([[], []]);
    await unlock();
  });

  it.each([
    ['of another machine', ELSEWHERE],
    ['that is empty', ''],
    ['that is no lock', '[]'],
    ['with text for a terminal', { ...OWN, host: '\u001B[2J' }],
  ])('takes over one %s after it has shown no sign of life', async (_what, lock) => {
    const { file, lockIt, clock, logged } = await folderWith(lock);
    const unlock = await lockIt();
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
    expect(clock.waits.length).toBeGreaterThan(2);
    expect(logged).toHaveLength(1);
    expect(logged[0]).not.toContain('\u001B');
    await unlock();
  });

  it('does not take over one of another machine that is alive', async () => {
    const { file, lockIt, clock } = await folderWith(ELSEWHERE);
    const { setTimer } = clock;
    clock.setTimer = (ms, fire) => {
      void utimes(file, 1, clock.waits.length + 1);
      return setTimer.call(clock, ms, fire);
    };
    const error = await errorOf(lockIt());
    expect(error).toMatchObject({ code: 'output.in-use' });
    expect(error.message).toContain('agent-7');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(ELSEWHERE);
  });

  it('stops watching when the run is cancelled', async () => {
    const { dir, clock } = await folderWith(ELSEWHERE);
    const cancel = new AbortController();
    const locking = lockFolder({ dir, clock, log: () => cancel.abort(new Error('cancelled')), signal: cancel.signal });
    await expect(locking).rejects.toThrow('cancelled');
    expect(clock.pending).toBe(0);
  });

  it('lets only one of many take over what a dead process left', async () => {
    const { dir, lockIt } = await folderWith(DEAD);
    const ends = await Promise.allSettled(Array.from({ length: 8 }, lockIt));
    const unlocks = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    expect(unlocks).toHaveLength(1);
    await unlocks[0]?.();
    expect(await readdir(dir)).toEqual([]);
  });

  it.each([
    ['of a process that is gone', DEAD],
    ['of another machine', ELSEWHERE],
    ['that is empty', ''],
  ])('is not held up for ever by a turn %s', async (_what, turn) => {
    const { dir, file, lockIt } = await folderWith(DEAD);
    await writeFile(`${file}-takeover`, typeof turn === 'string' ? turn : JSON.stringify(turn));
    await (await lockIt())();
    expect(await readdir(dir)).toEqual([]);
  });

  it('follows no link, and names it', async () => {
    const { dir, file, lockIt } = await folderWith();
    await symlink(path.join(dir, '..', 'elsewhere'), file);
    const error = await errorOf(lockIt());
    expect(error).toMatchObject({ code: 'output.unwritable', exitCode: 2 });
    expect(error.message).toContain(`${file} is a link`);
  });

  it('leaves it to others to say why a folder cannot be written', async () => {
    const { dir, clock } = await folderWith();
    await writeFile(path.join(dir, 'file'), '');
    await (await lockFolder({ dir: path.join(dir, 'file', 'x'), clock, log() {} }))();
  });

  it('removes no lock but its own', async () => {
    const { file, lockIt } = await folderWith();
    const unlock = await lockIt();
    await writeFile(file, JSON.stringify(ELSEWHERE));
    await unlock();
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(ELSEWHERE);
  });
});
