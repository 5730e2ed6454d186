import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { build, buildBinary } from 'plist';
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

  const INFO = {
    CFBundleIdentifier: 'com.example.ios',
    CFBundleName: 'Short',
    CFBundleDisplayName: 'The App',
    CFBundleShortVersionString: '2.3.4',
    CFBundleVersion: '77',
    MinimumOSVersion: '15.0',
  };
  const IOS = {
    platform: 'ios',
    name: 'The App',
    bundleId: 'com.example.ios',
    version: '2.3.4',
    buildNumber: '77',
    minSdkVersion: '15.0',
    source: 'info-plist',
  };
  const plists: Array<[string, 'ipa' | 'zip', Record<string, Uint8Array>]> = [
    ['binary, of an app', 'ipa', { 'Payload/My App.app/Info.plist': buildBinary(INFO) }],
    ['XML, of an app', 'ipa', { 'Payload/My App.app/Info.plist': strToU8(build(INFO)) }],
    [
      'of the app and not of what it embeds',
      'ipa',
      {
        'Payload/A.app/Frameworks/X.framework/Info.plist': buildBinary({ CFBundleIdentifier: 'com.other' }),
        'Payload/A.app/Info.plist': buildBinary(INFO),
      },
    ],
    ['of an SDK', 'zip', { 'My.xcframework/ios-arm64/My.framework/Info.plist': strToU8(build(INFO)) }],
  ];

  it.each(plists)('reads the Info.plist: %s', async (_, type, members) => {
    const path = join(folder, `plist.${type}`);
    await writeFile(path, zipSync(members));
    expect(await readIdentity(path, `x.${type}`, type)).toEqual({ ...IOS, type });
  });

  it('reads the manifest of a library', async () => {
    const path = join(folder, 'sdk.aar');
    const manifest =
      '<?xml version="1.0"?><manifest xmlns:android="http://schemas.android.com/apk/res/android" ' +
      'package="com.example.sdk" android:versionName="4.5"><uses-sdk android:minSdkVersion="26"/></manifest>';
    await writeFile(path, zipSync({ 'AndroidManifest.xml': strToU8(manifest) }));
    expect(await readIdentity(path, 'sdk.aar', 'aar')).toMatchObject({
      platform: 'android',
      bundleId: 'com.example.sdk',
      version: '4.5',
      buildNumber: '1',
      minSdkVersion: '26',
      source: 'manifest',
    });
  });

  it.each([
    ['ipa', { 'Payload/A.app/Info.plist': 'no property list' }],
    ['ipa', { 'Payload/A.app/Info.plist': '<plist version="1.0"><array/></plist>' }],
    ['zip', { 'readme.txt': 'x' }],
    ['aar', { 'AndroidManifest.xml': 'no <xml' }],
    ['aar', { 'AndroidManifest.xml': '<manifest/>' }],
  ] as const)('names after its file what it cannot read: %s %j', async (type, members) => {
    const path = join(folder, `broken.${type}`);
    const bytes = Object.fromEntries(Object.entries(members).map(([name, text]) => [name, strToU8(text)]));
    await writeFile(path, zipSync(bytes));
    expect(await readIdentity(path, `My.${type}`, type)).toMatchObject({
      bundleId: 'com.example.my',
      source: 'file-name',
    });
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
