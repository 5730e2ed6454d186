/** What `threat-events --code` writes, as an app has it: which of its events are seen as registered there. See fixtures/written/README.md. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findListenersInApp } from '@fusegate/shared/threat-events/app/find-listeners';
import { describe, expect, it } from 'vitest';
import { binaryManifest } from '../../support/android-manifest.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { archiveOf } from '../../support/zip.ts';
import { codeOf, eventsFor } from '../code/every-event.ts';
import { metroBundle } from './support/metro.ts';

type Members = Record<string, string | Buffer>;

const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, 'fixtures/written', name));
const ANDROID = ['RootedDevice', 'EmulatorFound', 'AppIsDebuggable', 'SslCertificateValidationFailed'];
const IOS = ANDROID.slice(1);

const apk = (more: Members): Members => ({
  'AndroidManifest.xml': binaryManifest([
    ['manifest', { package: 'com.example.app' }],
    ['application', { name: '.App' }],
  ]),
  ...more,
});
const ipa = (more: Members): Members => ({
  'Payload/App.app/Info.plist':
    '<plist><dict><key>CFBundleIdentifier</key><string>com.example.app</string></dict></plist>',
  ...more,
});

async function outcomes(members: Members, events: readonly string[], own: string[] = []) {
  const file = path.join(await temporaryFolder(), 'app.zip');
  await writeFile(file, archiveOf(members));
  const { events: found } = await findListenersInApp({ file, events: [...events, 'SomethingElse'], own });
  return Object.fromEntries(found.map(({ name, outcome }) => [name, outcome]));
}

const all = (events: readonly string[], outcome: string, other = 'absent') => ({
  ...Object.fromEntries(events.map((name) => [name, outcome])),
  SomethingElse: other,
});

describe('from a compiler', () => {
  it.each<[string, Members, readonly string[]]>([
    ['Java', apk({ 'classes.dex': fixture('java.dex') }), ANDROID],
    ['Kotlin', apk({ 'classes.dex': fixture('kotlin.dex') }), ANDROID],
    ['React Native, by Hermes', apk({ 'assets/index.android.bundle': fixture('react-native.hbc') }), ANDROID],
    ['Objective-C', ipa({ 'Payload/App.app/App': fixture('objective-c.dylib') }), IOS],
    ['C# on Android', apk({ 'assemblies/App.dll': fixture('csharp-android.dll') }), ANDROID],
    ['C# on iOS', ipa({ 'Payload/App.app/App.dll': fixture('csharp-ios.dll') }), IOS],
  ])('%s', async (_, members, events) => {
    expect(await outcomes(members, events, ['App', 'csharp-android', 'csharp-ios'])).toEqual(all(events, 'registered'));
  });
});

const CALL = "document.addEventListener('deviceready', function () { listenToThreatEvents(console.log); });";

describe('scripts', () => {
  it('React Native, by Metro: every event', async () => {
    const [written] = codeOf('react-native');
    const events = eventsFor('react-native').map(({ name }) => name);
    const members = apk({ 'assets/index.android.bundle': metroBundle(written?.text ?? '') });
    expect(await outcomes(members, events)).toEqual(all(events, 'registered'));
  });

  it('Cordova: every event', async () => {
    const [written] = codeOf('cordova');
    const events = eventsFor('cordova').map(({ name }) => name);
    const members = apk({
      'assets/www/index.html': '<script src="js/threat-events.js"></script><script src="js/index.js"></script>',
      'assets/www/js/threat-events.js': written?.text ?? '',
      'assets/www/js/index.js': CALL,
    });
    expect(await outcomes(members, events)).toEqual(all(events, 'registered'));
  });
});

// The names lie in an array, and a loop hands them to the call.
it('Swift, by hand: only named', async () => {
  const members = ipa({ 'Payload/App.app/App': fixture('swift.dylib') });
  expect(await outcomes(members, IOS)).toEqual(all(IOS, 'named', 'unknown'));
});
