import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appKind, readIdentity } from '../../src/apps/identity.ts';
import { archive } from '../support/session.ts';

const require = createRequire(import.meta.url);

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
    const root = require.resolve('io.appium.settings/package.json');
    const apk = join(dirname(root), 'apks', 'settings_apk-debug.apk');
    expect(await readIdentity(apk, 'settings_apk-debug.apk', 'apk')).toEqual({
      platform: 'android',
      type: 'apk',
      // Its label is a reference to a resource, so the file's name stands in.
      name: 'settings_apk-debug',
      bundleId: 'io.appium.settings',
      version: '8.0.10',
      buildNumber: '192',
      minSdkVersion: '26',
      source: 'manifest',
    });
  });
});
