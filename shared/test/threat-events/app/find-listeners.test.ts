/** Whole apps, one for each technology: what is said of each event. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findListenersInApp } from '@fusegate/shared/threat-events/app/find-listeners';
import { describe, expect, it } from 'vitest';
import { binaryManifest, protoManifest, type TestElement } from '../../support/android-manifest.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { archiveOf } from '../../support/zip.ts';
import { hermesBytecode, unityMetadata } from './support/hand-made.ts';

type Members = Record<string, string | Buffer>;

const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, 'fixtures', name));
const DEX = fixture('android/classes.dex');
const JAR = fixture('android/classes.jar');
/** Holds no class, and no name. */
const NOTHING_DEX = Buffer.from(DEX);
NOTHING_DEX.writeUInt32LE(0, 0x60);
for (const name of ['RootedDevice', 'ClickBotDetected', 'RunningInVirtualSpace']) {
  for (let at = NOTHING_DEX.indexOf(name); at >= 0; at = NOTHING_DEX.indexOf(name)) NOTHING_DEX.write('x', at);
}
const MANIFEST: TestElement[] = [
  ['manifest', { package: 'com.example.app' }],
  ['application', { name: '.App' }],
];
const apk = (more: Members, dex = DEX): Members => ({
  'AndroidManifest.xml': binaryManifest(MANIFEST),
  'classes.dex': dex,
  ...more,
});
const plist = (id: string) => `<plist><dict><key>CFBundleIdentifier</key><string>${id}</string></dict></plist>`;
const ipa = (more: Members): Members => ({ 'Payload/Shop.app/Info.plist': plist('com.example.shop'), ...more });

async function look(members: Members | Buffer, events: readonly string[], more: object = {}) {
  const file = path.join(await temporaryFolder(), 'app.zip');
  await writeFile(file, Buffer.isBuffer(members) ? members : archiveOf(members));
  return findListenersInApp({ file, events, ...more });
}

async function outcomes(members: Members | Buffer, events: readonly string[], more: object = {}) {
  const { events: found } = await look(members, events, more);
  return Object.fromEntries(found.map(({ name, outcome }) => [name, outcome]));
}

const SCRIPT = `window.broadcaster.addEventListener('RootedDevice', f); // 'FridaDetected'\nvar x = 'EmulatorFound';`;
const START = { 'assets/www/index.html': '<script src="js/index.js"></script>' };
const EVENTS = ['RootedDevice', 'EmulatorFound', 'FridaDetected'];
const FIVE = ['RootedDevice', 'ClickBotDetected', 'RunningInVirtualSpace', 'DebuggerThreatDetected'];
const FIVE_OUTCOMES = {
  RootedDevice: 'registered',
  ClickBotDetected: 'named',
  RunningInVirtualSpace: 'foreign',
  DebuggerThreatDetected: 'absent',
};

describe('an Android app', () => {
  it('in Java: .apk', async () => {
    expect(await outcomes(apk({}), FIVE)).toEqual(FIVE_OUTCOMES);
  });

  it('in Java: .aab', async () => {
    const members = {
      'BundleConfig.pb': '',
      'base/manifest/AndroidManifest.xml': protoManifest(MANIFEST),
      'base/dex/classes.dex': DEX,
    };
    expect(await outcomes(members, FIVE)).toEqual(FIVE_OUTCOMES);
  });

  it('in Java: .aab, with the names of classes before R8', async () => {
    const events = ['BlockedKeyboardEvent', 'BlockedScreenCaptureEvent'];
    const bundle = (mapping: string) => ({
      'base/manifest/AndroidManifest.xml': protoManifest(MANIFEST),
      'base/dex/classes.dex': DEX,
      'BUNDLE-METADATA/com.android.tools.build.obfuscation/proguard.map': mapping,
    });
    expect(await outcomes(bundle(''), events)).toEqual({
      BlockedKeyboardEvent: 'unknown',
      BlockedScreenCaptureEvent: 'unknown',
    });
    const mapping = `# compiler: R8\ncom.vendor.sdk.Entry -> a.b.C:\n    void a() -> b\ncom.example.app.Late -> c.d.E:\n`;
    expect(await outcomes(bundle(mapping), events)).toEqual({
      BlockedKeyboardEvent: 'foreign',
      BlockedScreenCaptureEvent: 'registered',
    });
  });

  it('in Java: .aar, where a name has to stand next to its filter', async () => {
    const members = { 'AndroidManifest.xml': '<manifest package="com.example.app"/>', 'classes.jar': JAR };
    expect(await outcomes(members, [...FIVE, 'UnknownSourcesEnabled'])).toEqual({
      ...FIVE_OUTCOMES,
      UnknownSourcesEnabled: 'named',
    });
  });

  it('in Java, when its .dex is damaged: unknown', async () => {
    const report = await look(apk({}, DEX.subarray(0, 3000)), ['RootedDevice']);
    expect(report.events[0]).toMatchObject({
      outcome: 'unknown',
      places: [{ file: 'classes.dex', what: 'unreadable' }],
    });
    expect(report.unreadable).toMatchObject([{ file: 'classes.dex' }]);
  });

  it('in two .dex files, of which one registers what the other holds', async () => {
    const members = apk({ 'classes2.dex': DEX }, Buffer.from(DEX));
    expect(await outcomes(members, FIVE)).toEqual(FIVE_OUTCOMES);
  });

  it.each([
    'assets/plugin.dex',
    'META-INF/x/old.dex',
    'classes3.dex',
    'classes1.dex',
    './classes.dex',
    'dynamic/dex/classes.dex',
  ])('in a .dex file that Android does not load with the app: %s', async (file) => {
    const members = { 'AndroidManifest.xml': binaryManifest(MANIFEST), 'classes.dex': NOTHING_DEX, [file]: DEX };
    const { events } = await look(members, ['RootedDevice']);
    expect(events).toMatchObject([{ outcome: 'named' }]);
    expect(events[0]?.places).toContainEqual(
      expect.objectContaining({
        file,
        what: 'name',
        where: 'com.example.app.App.onCreate',
        detail: expect.any(String),
      }),
    );
  });

  it('in a feature module of an .aab only', async () => {
    const members = {
      'base/manifest/AndroidManifest.xml': protoManifest(MANIFEST),
      'base/dex/classes.dex': NOTHING_DEX,
      'feature/dex/classes.dex': DEX,
    };
    expect(await outcomes(members, FIVE)).toEqual({ ...FIVE_OUTCOMES, RootedDevice: 'named' });
  });

  it.each([
    [
      'assets/other.aar',
      archiveOf({ 'AndroidManifest.xml': '<manifest package="com.example.app"/>', 'classes.jar': JAR }),
    ],
    [
      'assets/other.aar',
      archiveOf({ 'AndroidManifest.xml': '<manifest package="com.example.app"/>', 'classes.dex': DEX }),
    ],
    ['classes.jar', JAR],
  ])('in another file inside an .apk: %s', async (file, content) => {
    expect(await outcomes(apk({ [file]: content }, NOTHING_DEX), ['RootedDevice'])).toEqual({ RootedDevice: 'named' });
  });

  it.each<[string, TestElement[]]>([
    [
      'the activity that starts',
      [
        ['application', {}],
        ['activity', { name: 'com.withpersona.sdk2.Inquiry' }],
        ['category', { name: 'android.intent.category.LAUNCHER' }],
      ],
    ],
    ['the Application class', [['application', { name: 'com.withpersona.sdk2.Application' }]]],
  ])("%s of another organisation does not make its code the app's", async (_title, elements) => {
    const members = {
      'AndroidManifest.xml': binaryManifest([['manifest', { package: 'net.shop.app' }], ...elements]),
      'classes.dex': DEX,
    };
    expect(await outcomes(members, ['RunningInVirtualSpace', 'RootedDevice'])).toEqual({
      RunningInVirtualSpace: 'foreign',
      RootedDevice: 'foreign',
    });
  });

  it('a manifest elsewhere in an .apk does not say whose the code is', async () => {
    const members = {
      'AndroidManifest.xml': binaryManifest([['manifest', { package: 'net.shop.app' }]]),
      'x/manifest/AndroidManifest.xml': binaryManifest(MANIFEST),
      'classes.dex': DEX,
    };
    expect(await outcomes(members, ['RootedDevice'])).toEqual({ RootedDevice: 'foreign' });
  });

  it('without a manifest: nobody knows whose the code is', async () => {
    const damaged = apk({ 'AndroidManifest.xml': 'damaged' });
    const sdk = ['RootedDevice', 'RunningInVirtualSpace'];
    for (const members of [{ 'classes.dex': DEX }, damaged]) {
      const { events } = await look(members, sdk);
      expect(events).toMatchObject([
        {
          outcome: 'unknown',
          places: [{ what: 'unreadable', where: expect.stringContaining('com.example.app.') }, { what: 'foreign' }],
        },
        // In a package that is known to be a vendor's.
        { outcome: 'foreign' },
      ]);
      expect(await outcomes(members, sdk, { own: ['com.example'] })).toEqual({
        RootedDevice: 'registered',
        RunningInVirtualSpace: 'foreign',
      });
      const foreign = { foreign: ['com.example'] };
      expect(await outcomes(members, ['RootedDevice'], foreign)).toEqual({ RootedDevice: 'foreign' });
    }
    expect(await outcomes(damaged, ['BlockedKeyboardEvent'])).toEqual({ BlockedKeyboardEvent: 'unknown' });
    expect(await outcomes(damaged, ['BlockedKeyboardEvent'], { own: ['com.example', 'a.b'] })).toEqual({
      BlockedKeyboardEvent: 'registered',
    });
    const isOwn = { own: ['com.example'], foreign: ['com.example'] };
    expect(await outcomes(apk({}), ['RootedDevice'], isOwn)).toEqual({ RootedDevice: 'foreign' });
  });

  it('a registration in script counts, whoever has the classes of an app without a manifest', async () => {
    const members = { 'classes.dex': DEX, 'assets/www/js/index.js': SCRIPT, ...START };
    expect(await outcomes(members, ['RootedDevice'])).toEqual({ RootedDevice: 'registered' });
  });

  it('tells how many files were looked at, each of them once', async () => {
    expect(await look(apk({ 'classes2.dex': DEX }), ['RootedDevice'])).toMatchObject({ filesRead: 2 });
    expect(await look(apk({}, DEX.subarray(0, 3000)), ['RootedDevice'])).toMatchObject({ filesRead: 0 });
  });

  it('in Cordova', async () => {
    const sdk = { 'assets/www/plugins/sdk/www/a.js': "x('FridaDetected')" };
    const members = apk({ 'assets/www/js/index.js': SCRIPT, ...START, ...sdk });
    expect(await outcomes(members, EVENTS)).toMatchObject({ RootedDevice: 'registered', EmulatorFound: 'registered' });
    expect(await outcomes({ ...members, 'classes.dex': '' }, EVENTS)).toEqual({
      RootedDevice: 'registered',
      EmulatorFound: 'named',
      FridaDetected: 'foreign',
    });
  });

  it('in Cordova: only what a page loads', async () => {
    const page = '<script src="js/index.js"></script>';
    const outcomeOf = (file: string) =>
      outcomes(apk({ 'assets/www/index.html': page, [file]: SCRIPT }, NOTHING_DEX), ['RootedDevice']);
    expect(await outcomeOf('assets/www/js/index.js')).toEqual({ RootedDevice: 'registered' });
    for (const file of ['assets/www/__tests__/x.test.js', 'assets/old-backup/test/x.js', 'assets/www/other.js']) {
      expect(await outcomeOf(file)).toEqual({ RootedDevice: 'named' });
    }
  });

  it('in React Native, with Hermes', async () => {
    const bundle = hermesBytecode(
      ['SimStateChanged', 'xUACPresented', 'OverlayDetectedByName'],
      ['a AppIntegrityError b'],
    );
    const events = ['SimStateChanged', 'UACPresented', 'OverlayDetected', 'AppIntegrityError'];
    const { events: found } = await look({ 'assets/index.android.bundle': bundle }, events);
    expect(found.map(({ outcome }) => outcome)).toEqual(['named', 'absent', 'absent', 'named']);
  });

  it('in React Native, with bytecode of the future: unknown', async () => {
    const bundle = hermesBytecode(['RootedDevice'], []);
    bundle.writeUInt32LE(999, 8);
    expect(await outcomes({ 'assets/index.android.bundle': bundle }, EVENTS.slice(0, 1))).toEqual({
      RootedDevice: 'unknown',
    });
  });

  it('in Flutter: strings of either kind', async () => {
    const library = Buffer.concat([Buffer.from('\0RootedDevice\0'), Buffer.from('\0EmulatorFound\0', 'utf16le')]);
    expect(await outcomes({ 'lib/arm64-v8a/libapp.so': library }, EVENTS)).toEqual({
      RootedDevice: 'named',
      EmulatorFound: 'named',
      FridaDetected: 'absent',
    });
  });

  it('in Unity', async () => {
    const file = 'assets/bin/Data/Managed/Metadata/global-metadata.dat';
    expect(await outcomes({ [file]: unityMetadata(['RootedDevice', 'EmulatorFounds']) }, EVENTS)).toEqual({
      RootedDevice: 'named',
      EmulatorFound: 'absent',
      FridaDetected: 'absent',
    });
    expect(await outcomes({ [file]: 'encrypted' }, ['RootedDevice'])).toEqual({ RootedDevice: 'unknown' });
  });

  it('with names in resources, pages and native code', async () => {
    const members = {
      'resources.arsc': Buffer.from('\0RootedDevice\0', 'utf16le'),
      'assets/www/index.html': '<script>"EmulatorFound"</script>',
      'lib/x86_64/libown.so': '\0FridaDetected\0',
      'assets/sample.json': '{"name": "OverlayDetected"}',
      'assets/a.md': 'UACPresented',
    };
    expect(await outcomes(members, [...EVENTS, 'OverlayDetected', 'UACPresented'])).toEqual({
      RootedDevice: 'named',
      EmulatorFound: 'named',
      FridaDetected: 'named',
      OverlayDetected: 'absent',
      UACPresented: 'absent',
    });
  });
});

describe('an iOS app', () => {
  const OBJC = fixture('ios/objc.dylib');
  const events = ['RootedDevice', 'OverlayDetected', 'ZygiskDetected'];

  it('in Objective-C', async () => {
    expect(await outcomes(ipa({ 'Payload/Shop.app/Shop': OBJC }), events)).toEqual({
      RootedDevice: 'registered',
      OverlayDetected: 'named',
      ZygiskDetected: 'absent',
    });
  });

  it('in Swift: a short name that is not found is unknown, a long one absent', async () => {
    const members = ipa({ 'Payload/Shop.app/Shop': fixture('ios/swift.dylib') });
    expect(
      await outcomes(members, [
        'RootedDevice',
        'SimStateInfo',
        'FridaDetected',
        'DeveloperOptionsEnabled',
        'KernelSUDetected',
      ]),
    ).toEqual({
      RootedDevice: 'registered',
      SimStateInfo: 'named',
      FridaDetected: 'unknown',
      DeveloperOptionsEnabled: 'registered',
      KernelSUDetected: 'absent',
    });
  });

  it("frameworks are the app's own by their bundle id", async () => {
    const framework = (id: string) =>
      ipa({
        'Payload/Shop.app/Frameworks/Kit.framework/Info.plist': plist(id),
        'Payload/Shop.app/Frameworks/Kit.framework/Kit': OBJC,
      });
    expect(await outcomes(framework('com.example.kit'), events.slice(0, 1))).toEqual({ RootedDevice: 'registered' });
    expect(await outcomes(framework('com.vendor.kit'), events.slice(0, 1))).toEqual({ RootedDevice: 'foreign' });
    const own = { own: ['com.vendor'] };
    expect(await outcomes(framework('com.vendor.kit'), events.slice(0, 1), own)).toEqual({
      RootedDevice: 'registered',
    });
  });

  it.each([
    ['the app has no bundle id', { 'Payload/Shop.app/Info.plist': 'damaged' }, 'com.example.kit'],
    ['the framework has none', {}, ''],
  ])('whose a framework is cannot be told where %s', async (_title, more, id) => {
    const kit = 'Payload/Shop.app/Frameworks/Kit.framework';
    const members = { ...ipa({ [`${kit}/Info.plist`]: plist(id), [`${kit}/Kit`]: OBJC }), ...more };
    expect(await outcomes(members, ['RootedDevice'])).toEqual({ RootedDevice: 'unknown' });
    const loose = { ...ipa({ 'Payload/Shop.app/Frameworks/libswiftKit.dylib': OBJC }), ...more };
    expect(await outcomes(loose, ['RootedDevice'])).toEqual({ RootedDevice: 'foreign' });
  });

  it.each(['PlugIns/Widget.appex/Widget', 'Watch/Watch.app/Watch'])('in another process: %s', async (file) => {
    const folder = `Payload/Shop.app/${file.slice(0, file.lastIndexOf('/'))}`;
    const members = ipa({
      [`Payload/Shop.app/${file}`]: OBJC,
      [`${folder}/Info.plist`]: plist('com.example.shop.more'),
    });
    expect(await outcomes(members, ['RootedDevice'])).toEqual({ RootedDevice: 'named' });
  });

  it('in an SDK', async () => {
    expect(await outcomes({ 'Sdk.xcframework/ios-arm64/Sdk.framework/Sdk': OBJC }, events.slice(0, 1))).toEqual({
      RootedDevice: 'registered',
    });
  });
});

describe('hostile apps', () => {
  it('that are no ZIP: unknown', async () => {
    const report = await look(Buffer.from('no app'), ['RootedDevice']);
    expect(report.events).toMatchObject([{ outcome: 'unknown' }]);
    expect(report.unreadable).not.toHaveLength(0);
  });

  it('without any code: unknown', async () => {
    const members = { 'AndroidManifest.xml': binaryManifest(MANIFEST), 'resources.arsc': '' };
    expect(await outcomes(members, ['RootedDevice'])).toEqual({ RootedDevice: 'unknown' });
  });

  it('with too many bytes: unknown', async () => {
    const limits = { totalBytes: 1000 };
    expect(await outcomes(apk({}), ['RootedDevice'], { limits })).toEqual({ RootedDevice: 'unknown' });
  });

  it('that take too long: unknown', async () => {
    expect(await outcomes(apk({}), ['RootedDevice'], { limits: { totalMs: -1 } })).toEqual({ RootedDevice: 'unknown' });
  });

  it.each([
    'AndroidManifest.xml',
    'classes.dex',
    'classes.jar',
    'assets/www/a.js',
    'assets/www/index.html',
    'resources.arsc',
  ])('with a %s that does not unpack, or claims 4 GiB', async (name) => {
    const members = apk({
      'classes.jar': JAR,
      'assets/www/a.js': SCRIPT,
      'assets/www/index.html': '',
      'resources.arsc': '',
    });
    const at = (archive: Buffer) => archive.lastIndexOf(name) - 46;
    const unpacked = archiveOf(members);
    unpacked.writeUInt16LE(8, at(unpacked) + 10);
    expect((await look(unpacked, ['RootedDevice'])).events[0]?.outcome).not.toBe('absent');
    const huge = archiveOf(members);
    huge.writeUInt32LE(0xfffffffe, at(huge) + 24);
    expect((await look(huge, ['RootedDevice'])).events[0]?.outcome).not.toBe('absent');
  });

  it('with libraries in each other', async () => {
    let library: Members = { 'libs.aar': 'x' };
    for (let depth = 0; depth < 6; depth++) library = { 'inner.aar': archiveOf(library) };
    expect((await look(library, ['RootedDevice'])).unreadable).toHaveLength(2);
  });

  it('end when the caller does', async () => {
    await expect(look(apk({}), ['RootedDevice'], { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow(
      'stop',
    );
  });
});
