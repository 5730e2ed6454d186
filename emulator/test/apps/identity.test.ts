import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appKind, readIdentity } from '../../src/apps/identity.ts';
import { archive } from '../support/session.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identity-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('appKind', () => {
  it.each([
    ['a.apk', 'apk'],
    ['A.B.AAB', 'aab'],
    ['x.ipa', 'ipa'],
    ['x.aar', 'aar'],
    ['x.zip', 'zip'],
    ['x.exe', undefined],
    ['apk', undefined],
    ['.', undefined],
    ['x.constructor', undefined],
  ])('%s is %s', (name, kind) => {
    expect(appKind(name)).toBe(kind);
  });
});

describe('readIdentity', () => {
  it('names an app after its file where it reads no manifest', async () => {
    const path = join(folder, 'small.apk');
    await writeFile(path, archive());
    expect(await readIdentity(path, 'My App!.apk', 'apk')).toEqual({
      platform: 'android',
      type: 'apk',
      name: 'My App!',
      bundleId: 'com.example.myapp',
      version: '1.0',
      buildNumber: '1',
      minSdkVersion: '24',
      source: 'file-name',
    });
    expect(await readIdentity(path, 'x.ipa', 'ipa')).toMatchObject({ platform: 'ios', minSdkVersion: '13.0' });
  });

  it('reads the manifest of a real app', async () => {
    const apk = realApk();
    if (apk === undefined) {
      console.log('skipped: io.appium.settings is not installed here; no real manifest was read');
      return;
    }
    expect(await readIdentity(apk, 'settings_apk-debug.apk', 'apk')).toMatchObject({
      bundleId: 'io.appium.settings',
      minSdkVersion: expect.stringMatching(/^\d+$/),
      buildNumber: expect.stringMatching(/^\d+$/),
      source: 'manifest',
    });
  });
});

/** The app of the demo, where the workspace has it. */
function realApk(): string | undefined {
  for (const base of ['../../package.json', '../../../package.json', '../../../test/package.json']) {
    try {
      const require = createRequire(new URL(base, import.meta.url));
      const path = join(require.resolve('io.appium.settings/package.json'), '../apks/settings_apk-debug.apk');
      if (existsSync(path)) return path;
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}
