import { ensureRoom, roomNeeded } from '@fusegate/shared/files/disk-room';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/errors.ts';
import { temporaryFolder } from '../support/folder.ts';

const MIB = 1024 * 1024;
const app = { path: '/x.aab', name: 'x.aab', kind: 'aab', platform: 'android', size: 100 * MIB } as const;
const output = { dir: '/x', secondOutput: false, deobfuscationMap: true, reports: [], publish: [] };

describe('the room for a download', () => {
  it('is more than the app, and more again with a second output', () => {
    const alone = roomNeeded({ app, output }) ?? 0;
    expect(alone).toBeGreaterThan(app.size);
    expect(roomNeeded({ app, output: { ...output, secondOutput: true } })).toBeGreaterThan(alone + app.size);
    expect(roomNeeded({ output })).toBeUndefined();
  });

  it('is asked of the disk', async () => {
    const dir = await temporaryFolder();
    await ensureRoom(dir, 1);
    expect(await errorOf(ensureRoom(dir, 2 ** 62))).toMatchObject({ code: 'output.unwritable', exitCode: 2 });
    await ensureRoom(`${dir}/missing`, 2 ** 62);
  });
});
