import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isOwnTemporary, ownTemporary, sweepTemporary } from '@fusegate/shared/files/own-temporary';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';

/** No process has this id: it is above what any system gives. */
const NOBODY = 2_147_483_647;

describe('what a killed run left', () => {
  it('is removed at the next start; nothing else is', async () => {
    const parent = await temporaryFolder();
    const own = path.basename(ownTemporary(parent));
    const dead = own.replace(`-${process.pid}-`, `-${NOBODY}-`);
    const otherMachine = dead.replace(/^(fusegate-\d+-)[0-9a-f]{8}/, '$100000000');
    const others = ['fusegate-output', `fusegate-${NOBODY}`, 'keystore.jks'];
    for (const name of [own, dead, otherMachine, ...others])
      await mkdir(path.join(parent, name, 'inside'), { recursive: true });
    await writeFile(path.join(parent, dead, 'inside', 'release.jks'), 'synthetic');
    const link = dead.replace(/.{4}$/, '0000');
    await symlink(path.join(parent, 'keystore.jks'), path.join(parent, link));
    await sweepTemporary(parent);
    expect((await readdir(parent)).sort()).toEqual([own, otherMachine, link, ...others].sort());
    await sweepTemporary(path.join(parent, 'missing'));
  });

  it('is known by its name', () => {
    expect(isOwnTemporary(ownTemporary())).toBe(true);
    expect(isOwnTemporary(path.join('/elsewhere', path.basename(ownTemporary())))).toBe(false);
    expect(isOwnTemporary(path.join(path.dirname(ownTemporary()), 'fusegate-output'))).toBe(false);
  });
});
