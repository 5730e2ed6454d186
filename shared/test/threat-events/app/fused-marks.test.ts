/** Apps that were protected before: each mark, none, and what only looks like one. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fusedMarks } from '@fusegate/shared/threat-events/app/fused-marks';
import { describe, expect, it } from 'vitest';
import { binaryManifest, protoManifest, type TestElement } from '../../support/android-manifest.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { archiveOf } from '../../support/zip.ts';

type Members = Record<string, string | Buffer>;

const OWN = 'com.example.shop';
const elements = (...more: TestElement[]): TestElement[] => [
  ['manifest', { package: OWN }],
  ['uses-permission', { name: 'android.permission.INTERNET' }],
  ...more,
  ['application', { name: '.App' }],
];
const permission = (name: string, element = 'uses-permission'): TestElement => [element, { name }];
const MARKED = elements(permission(`${OWN}.deveventspermission`));
const PERMISSION = `the permission ${OWN}.deveventspermission`;

const apk = (more: Members, manifest = elements()): Members => ({
  'AndroidManifest.xml': binaryManifest(manifest),
  'classes.dex': 'dex',
  ...more,
});
const aab = (more: Members, manifest = elements()): Members => ({
  'BundleConfig.pb': '',
  'base/manifest/AndroidManifest.xml': protoManifest(manifest),
  ...more,
});
const aar = (more: Members): Members => ({
  'AndroidManifest.xml': `<manifest package="${OWN}"/>`,
  'classes.jar': '',
  ...more,
});
const ipa = (more: Members): Members => ({ 'Payload/Shop.app/Info.plist': '', 'Payload/Shop.app/Shop': '', ...more });

const LOADER = 'Payload/Shop.app/Frameworks/libloader.framework';
const plist = (id: string) => `<plist><dict><key>CFBundleIdentifier</key><string>${id}</string></dict></plist>`;
const binaryPlist = (id: string) => Buffer.from(`bplist00\xd1\x01\x02_\x10\x12CFBundleIdentifier_\x10\x15${id}`);

async function marksIn(kind: string, members: Members | Buffer): Promise<string[]> {
  const file = path.join(await temporaryFolder(), `app.${kind}`);
  await writeFile(file, Buffer.isBuffer(members) ? members : archiveOf(members));
  return fusedMarks(file);
}

describe('marks of an earlier fusion', () => {
  it.each<[kind: string, what: string, members: Members, marks: string[]]>([
    ['apk', 'used permission', apk({}, MARKED), [PERMISSION]],
    [
      'apk',
      'declared permission',
      apk({}, elements(permission(`${OWN}.deveventspermission`, 'permission'))),
      [PERMISSION],
    ],
    ['apk', 'loader', apk({ 'lib/arm64-v8a/libloader.so': '' }), ['lib/arm64-v8a/libloader.so']],
    ['apk', 'splash screen', apk({ 'res/drawable/splash_appdome.png': '' }), ['res/drawable/splash_appdome.png']],
    [
      'apk',
      'all, for two processors',
      apk(
        {
          'lib/arm64-v8a/libloader.so': '',
          'lib/x86_64/libloader.so': '',
          'res/drawable-v24/splash_appdome.png': '',
        },
        MARKED,
      ),
      ['lib/arm64-v8a/libloader.so', 'res/drawable-v24/splash_appdome.png', PERMISSION],
    ],
    [
      'apk',
      'permission in a manifest as text',
      {
        'AndroidManifest.xml': `<manifest package="${OWN}"><permission name="${OWN}.deveventspermission"/></manifest>`,
      },
      [PERMISSION],
    ],
    ['aab', 'permission', aab({}, MARKED), [PERMISSION]],
    ['aab', 'loader', aab({ 'base/lib/arm64-v8a/libloader.so': '' }), ['base/lib/arm64-v8a/libloader.so']],
    ['aab', 'splash', aab({ 'base/res/drawable/splash_appdome.png': '' }), ['base/res/drawable/splash_appdome.png']],
    ['aar', 'loader', aar({ 'jni/arm64-v8a/libloader.so': '' }), ['jni/arm64-v8a/libloader.so']],
    ['ipa', 'loader', ipa({ [`${LOADER}/Info.plist`]: plist('com.appdome.libloader') }), [LOADER]],
    ['ipa', 'loader, binary list', ipa({ [`${LOADER}/Info.plist`]: binaryPlist('com.appdome.libloader') }), [LOADER]],
  ])('.%s: %s', async (kind, _, members, marks) => {
    expect(await marksIn(kind, members)).toEqual(marks);
  });

  it.each<[kind: string, what: string, members: Members]>([
    ['apk', 'nothing', apk({})],
    ['apk', "another app's permission", apk({}, elements(permission('com.partner.deveventspermission')))],
    ['apk', 'a longer permission', apk({}, elements(permission(`${OWN}.deveventspermission.extra`)))],
    [
      'apk',
      'the name elsewhere in the manifest',
      apk({}, elements(['meta-data', { name: `${OWN}.deveventspermission` }])),
    ],
    ['apk', 'no package', apk({}, [permission('undefined.deveventspermission')])],
    ['apk', 'another library', apk({ 'lib/arm64-v8a/libimageloader.so': '', 'lib/arm64-v8a/libloader.so.txt': '' })],
    ['apk', 'a loader in the assets', apk({ 'assets/lib/arm64-v8a/libloader.so': '', 'lib/libloader.so': '' })],
    ['apk', 'another splash screen', apk({ 'res/drawable/splash.png': '', 'assets/splash_appdome.png': '' })],
    ['aab', 'nothing', aab({})],
    ['aab', 'the files of an .apk in its root', aab({ 'root/lib/arm64-v8a/libloader.so': '' })],
    ['ipa', 'nothing', ipa({})],
    ['ipa', "somebody else's loader", ipa({ [`${LOADER}/Info.plist`]: plist('com.example.libloader') })],
    ['ipa', 'a framework without a list', ipa({ [`${LOADER}/libloader`]: 'com.appdome.libloader' })],
    ['ipa', 'the files of an .apk', ipa({ 'Payload/Shop.app/lib/arm64-v8a/libloader.so': '' })],
  ])('none in .%s: %s', async (kind, _, members) => {
    expect(await marksIn(kind, members)).toEqual([]);
  });

  it.each<[string, Members | Buffer]>([
    ['not a ZIP', Buffer.from('no app')],
    ['a manifest cut short', { 'AndroidManifest.xml': binaryManifest(MARKED).subarray(0, 60) }],
    ['a manifest of random bytes', { 'AndroidManifest.xml': Buffer.from('0300080001000000ffffffffffffffff', 'hex') }],
    ['XML that does not close', { 'AndroidManifest.xml': '<manifest package="a.b"><' }],
  ])('none where nothing can be read: %s', async (_, content) => {
    expect(await marksIn('apk', content)).toEqual([]);
  });

  it('are still seen beside a manifest that cannot be read', async () => {
    const members = { 'AndroidManifest.xml': '<', 'lib/x86/libloader.so': '' };
    expect(await marksIn('apk', members)).toEqual(['lib/x86/libloader.so']);
  });
});
