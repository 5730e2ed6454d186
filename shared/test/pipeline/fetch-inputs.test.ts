import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ownTemporary } from '@fusegate/shared/files/own-temporary';
import { withInputFiles } from '@fusegate/shared/jobs/with-input-files';
import { Secret } from '@fusegate/shared/model/secret';
import { describe, expect, it } from 'vitest';
import { pipelineTest } from '../support/pipeline.ts';

async function withKeystore(body: (keystore: string) => Promise<void>): Promise<string> {
  const folder = ownTemporary();
  const keystore = path.join(folder, '1', 'keystore.jks');
  const base64 = new Secret(Buffer.from('synthetic keystore').toString('base64'));
  const test = await pipelineTest({
    pendingFiles: [{ option: '--keystore', path: keystore, source: { base64 }, content: 'any' }],
  });
  await withInputFiles(test.request, await test.io(), () => body(keystore));
  return folder;
}

describe('a keystore that came as text', () => {
  it('is there for the run, and gone after it', async () => {
    let seen = '';
    const folder = await withKeystore(async (keystore) => {
      seen = readFileSync(keystore, 'utf8');
    });
    expect(seen).toBe('synthetic keystore');
    expect(existsSync(folder)).toBe(false);
  });

  it('is gone too where the process is ended at once', async () => {
    const before = process.listeners('exit');
    await withKeystore(async (keystore) => {
      const [atExit, ...more] = process.listeners('exit').filter((each) => !before.includes(each));
      expect(more).toEqual([]);
      atExit?.(130);
      expect(existsSync(keystore)).toBe(false);
    });
    expect(process.listeners('exit')).toEqual(before);
  });
});

it('a problem with a file that came as text names the option as the user wrote it', async () => {
  const entitlements = path.join(ownTemporary(), '1', 'app.plist');
  const base64 = new Secret(Buffer.from('no property list').toString('base64'));
  const test = await pipelineTest({
    sign: { method: 'on-appdome', entitlements: [entitlements] },
    pendingFiles: [{ option: 'ENTITLEMENTS', path: entitlements, source: { base64 }, content: 'any' }],
    optionNames: { entitlements: 'ENTITLEMENTS' },
  });
  const refused = withInputFiles(test.request, await test.io(), async () => {});
  await expect(refused).rejects.toMatchObject({
    code: 'usage.invalid',
    problems: [{ option: 'ENTITLEMENTS' }],
    message: expect.stringMatching(/^ENTITLEMENTS /),
  });
});
