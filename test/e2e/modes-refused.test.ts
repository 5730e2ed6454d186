/**
 * What does not go together, through the shipped bundle: exit 2, every problem by the name that the user wrote, and not one request.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeZip } from './support/apps.ts';
import { runCli, temporaryFolder, UNHURRIED } from './support/cli.ts';
import { KEYSTORE_SECRETS, modeInputs, P12_SECRET, SHA1, SHA256 } from './support/mode-inputs.ts';
import { newTeam, requestsOf } from './support/received.ts';
import { API_KEY, type Service, startService } from './support/service.ts';

const files = modeInputs();
let service: Service;
let sets: { android: string; ios: string };

beforeAll(async () => {
  service = await startService();
  sets = { android: (await service.fusionSet('all detections')).id, ios: (await service.fusionSet('ios')).id };
});
afterAll(() => service.stop());

type Kind = 'apk' | 'aab' | 'ipa' | 'aar' | 'zip';

interface Row {
  name: string;
  kind: Kind;
  args: string[];
  env?: Record<string, string>;
  /** Each must stand in what is printed. */
  said: string[];
}

const write = (name: string, content: string) => {
  const file = path.join(files.dir, name);
  writeFileSync(file, content);
  return file;
};
const zip = (name: string, entries: Record<string, string>) => writeZip(files.dir, name, entries);
const list = (value: unknown) => JSON.stringify(value);

const KEYSTORE = ['--sign', 'on-appdome', '--keystore', files.keystore, '--keystore-alias', 'Release'];
const P12 = ['--sign', 'on-appdome', '--p12', files.p12];
const PROFILES = ['--provisioning-profiles', files.profiles.join(',')];
const PRIVATE = ['--sign', 'private', '--signing-fingerprint', SHA1];

const SIGNING: Row[] = [
  { name: 'no method', kind: 'apk', args: [], said: ['--sign is missing', 'on-appdome, private or auto-dev'] },
  { name: 'no method for an Android SDK', kind: 'aar', args: [], said: ['--sign is missing', '-> none'] },
  {
    name: 'none for an app',
    kind: 'apk',
    args: ['--sign', 'none'],
    said: ['--sign is none, but only an .aar may stay unsigned'],
  },
  { name: 'none for a bundle', kind: 'aab', args: ['--sign', 'none'], said: ['only an .aar may stay unsigned'] },
  { name: 'none for an iOS app', kind: 'ipa', args: ['--sign', 'none'], said: ['only an .aar may stay unsigned'] },
  { name: 'none for an iOS SDK', kind: 'zip', args: ['--sign', 'none'], said: ['only an .aar may stay unsigned'] },
  {
    name: 'private for an Android SDK',
    kind: 'aar',
    args: PRIVATE,
    said: ['--sign is private, but an .aar is not signed', '-> none'],
  },
  {
    name: 'on-appdome for an Android SDK',
    kind: 'aar',
    args: KEYSTORE,
    env: KEYSTORE_SECRETS,
    said: ['an .aar is not signed'],
  },
  {
    name: 'auto-dev for an Android SDK',
    kind: 'aar',
    args: ['--sign', 'auto-dev', '--signing-fingerprint', SHA1],
    said: ['an .aar is not signed'],
  },
  {
    name: 'auto-dev for an iOS SDK',
    kind: 'zip',
    args: ['--sign', 'auto-dev'],
    said: ['an iOS SDK has no signing script', 'on-appdome or private'],
  },
  {
    name: 'a fingerprint with none',
    kind: 'aar',
    args: ['--sign', 'none', '--signing-fingerprint', SHA1],
    said: ['--signing-fingerprint has no effect: nothing is signed'],
  },
  {
    name: 'a keystore with none',
    kind: 'aar',
    args: ['--sign', 'none', '--keystore', files.keystore],
    said: ['--keystore has no effect: nothing is signed'],
  },
  {
    name: 'sign overrides with none',
    kind: 'aar',
    args: ['--sign', 'none', '--sign-overrides', '{"a":1}'],
    said: ['--sign-overrides has no effect'],
  },
  {
    name: 'private without a fingerprint',
    kind: 'apk',
    args: ['--sign', 'private'],
    said: ['--signing-fingerprint is missing: sign private needs'],
  },
  {
    name: 'auto-dev without a fingerprint',
    kind: 'aab',
    args: ['--sign', 'auto-dev'],
    said: ['--signing-fingerprint is missing: sign auto-dev needs'],
  },
  {
    name: 'a keystore with auto-dev',
    kind: 'apk',
    args: ['--sign', 'auto-dev', '--signing-fingerprint', SHA1, '--keystore', files.keystore],
    said: ['with sign auto-dev no keystore leaves this machine'],
  },
  {
    name: 'Google Play without a fingerprint',
    kind: 'aab',
    args: ['--sign', 'private', '--google-play-signing'],
    said: ['google-play-signing needs the fingerprint'],
  },
  {
    name: 'an upgrade without Google Play',
    kind: 'aab',
    args: [...PRIVATE, '--signing-fingerprint-upgrade', SHA256],
    said: ['--signing-fingerprint-upgrade has no effect without google-play-signing'],
  },
  {
    name: 'an upgrade to the same key',
    kind: 'aab',
    args: [...PRIVATE, '--google-play-signing', '--signing-fingerprint-upgrade', SHA1],
    said: ['is the same as signing-fingerprint'],
  },
  {
    name: 'a list and a fingerprint',
    kind: 'apk',
    args: [...PRIVATE, '--signing-fingerprint-list', files.trusted],
    said: ['--signing-fingerprint-list is given together with --signing-fingerprint'],
  },
  {
    name: 'a list and Google Play',
    kind: 'apk',
    args: ['--sign', 'private', '--google-play-signing', '--signing-fingerprint-list', files.trusted],
    said: ['--signing-fingerprint-list is given together with --google-play-signing'],
  },
  {
    name: 'the list of the official variable and a fingerprint',
    kind: 'apk',
    args: PRIVATE,
    env: { SIGNING_FINGERPRINT_LIST: files.trusted },
    said: ['SIGNING_FINGERPRINT_LIST is given together with --signing-fingerprint'],
  },
  {
    name: 'a list that is empty',
    kind: 'apk',
    args: ['--sign', 'private', '--signing-fingerprint-list', '[]'],
    said: ['is an empty list'],
  },
  {
    name: 'a list that is an object',
    kind: 'apk',
    args: ['--sign', 'private', '--signing-fingerprint-list', '{"SHA":"AA"}'],
    said: ['is JSON, but not a list'],
  },
  {
    name: 'a list that is no JSON',
    kind: 'apk',
    args: ['--sign', 'private', '--signing-fingerprint-list', write('no.json', 'SHA: x')],
    said: ['is not valid JSON'],
  },
  {
    name: 'a list with a short SHA',
    kind: 'apk',
    args: ['--sign', 'private', '--signing-fingerprint-list', list([{ SHA: SHA1 }, { SHA: 'A1B2' }])],
    said: ['has a SHA in entry 2 that has 4 hexadecimal digits'],
  },
  {
    name: 'a list with a misspelt key',
    kind: 'apk',
    args: ['--sign', 'private', '--signing-fingerprint-list', list([{ SHA: SHA1, TrustedStore: true }])],
    said: ['an unknown key in entry 1: TrustedStore'],
  },
  {
    name: 'a list that names one twice',
    kind: 'apk',
    args: ['--sign', 'private', '--signing-fingerprint-list', list([{ SHA: SHA1 }, { SHA: SHA1.toLowerCase() }])],
    said: ['names the same fingerprint twice'],
  },
  {
    name: 'on-appdome without anything',
    kind: 'apk',
    args: ['--sign', 'on-appdome'],
    said: ['--keystore is missing', '--keystore-password is missing', '--keystore-alias is missing'],
  },
  {
    name: 'on-appdome with a wrong password',
    kind: 'apk',
    args: KEYSTORE,
    env: { ANDROID_KEYSTORE_PASS: 'wrong one', ANDROID_KEY_PASS: 'key pass' },
    said: ['ANDROID_KEYSTORE_PASS does not open android.jks'],
  },
  {
    name: 'iOS on-appdome without anything',
    kind: 'ipa',
    args: ['--sign', 'on-appdome'],
    said: ['--p12 is missing', '--p12-password is missing', '--provisioning-profiles is missing'],
  },
  {
    name: 'iOS on-appdome with a wrong password',
    kind: 'ipa',
    args: [...P12, ...PROFILES],
    env: { IOS_P12_PASSWORD: 'wrong one' },
    said: ['IOS_P12_PASSWORD does not open ios-distribution.p12'],
  },
  {
    name: 'iOS private without profiles',
    kind: 'ipa',
    args: ['--sign', 'private'],
    said: ['--provisioning-profiles is missing: an .ipa is signed with them'],
  },
  {
    name: 'iOS auto-dev without profiles',
    kind: 'ipa',
    args: ['--sign', 'auto-dev'],
    said: ['--provisioning-profiles is missing'],
  },
  {
    name: 'a p12 with iOS private',
    kind: 'ipa',
    args: ['--sign', 'private', ...PROFILES, '--p12', files.p12],
    said: ['--p12 is given, but with sign private no signing identity leaves this machine'],
  },
  {
    name: 'an iOS SDK without a p12',
    kind: 'zip',
    args: ['--sign', 'on-appdome'],
    said: ['--p12 is missing', '--p12-password is missing'],
  },
  {
    name: 'profiles for an iOS SDK',
    kind: 'zip',
    args: [...P12, ...PROFILES],
    env: P12_SECRET,
    said: ['--provisioning-profiles is given, but an iOS SDK is signed without'],
  },
  {
    name: 'entitlements for an iOS SDK',
    kind: 'zip',
    args: ['--sign', 'private', '--entitlements', files.entitlements[0]],
    said: ['--entitlements is given, but an iOS SDK is signed without'],
  },
  {
    name: 'a keystore for iOS',
    kind: 'ipa',
    args: ['--sign', 'private', ...PROFILES, '--keystore', files.keystore],
    said: ['--keystore does not apply to iOS'],
  },
  {
    name: 'profiles for Android',
    kind: 'apk',
    args: [...PRIVATE, ...PROFILES],
    said: ['--provisioning-profiles does not apply to Android'],
  },
  {
    name: 'one profile that is not there',
    kind: 'ipa',
    args: ['--sign', 'private', '--provisioning-profiles', `${files.profiles[0]},nowhere.mobileprovision`],
    said: ['--provisioning-profiles "nowhere.mobileprovision" does not exist'],
  },
];

const OVERRIDES: Row[] = [
  {
    name: 'logs against overrides',
    kind: 'apk',
    args: [...PRIVATE, '--build-logs', '--build-overrides', '{"extended_logs":false}'],
    said: ['--build-overrides and --build-logs set extended_logs to different values'],
  },
  {
    name: 'a vendor against overrides',
    kind: 'apk',
    args: [
      ...PRIVATE,
      '--build-to-test',
      'bitbar',
      '--build-overrides',
      '{"build_to_test_vendor":"AUTOMATION_KATALON"}',
    ],
    said: ['--build-overrides and --build-to-test set build_to_test_vendor'],
  },
  {
    name: 'a vendor in overrides alone',
    kind: 'apk',
    args: [...PRIVATE, '--build-overrides', '{"build_to_test_vendor":"AUTOMATION_KATALON"}'],
    said: ['sets build_to_test_vendor without --build-to-test'],
  },
  {
    name: 'a vendor that nobody knows',
    kind: 'apk',
    args: [...PRIVATE, '--build-to-test', 'browser-stck'],
    said: ['--build-to-test "browser-stck"', 'did you mean browserstack?'],
  },
  {
    name: 'a version against overrides',
    kind: 'apk',
    args: [
      ...PRIVATE,
      '--new-version',
      '2.0',
      '--context-overrides',
      '{"app_customization_pack_bundle_version":"1.0"}',
    ],
    said: ['--context-overrides and --new-version set app_customization_pack_bundle_version'],
  },
  {
    name: 'a fingerprint against overrides',
    kind: 'apk',
    args: [...PRIVATE, '--sign-overrides', list({ signing_sha1_fingerprint: SHA256 })],
    said: ['--sign-overrides and --signing-fingerprint set signing_sha1_fingerprint'],
  },
  {
    name: 'an alias against overrides',
    kind: 'apk',
    args: [...KEYSTORE, '--sign-overrides', '{"signing_keystore_alias":"other"}'],
    env: KEYSTORE_SECRETS,
    said: ['--sign-overrides and --keystore-alias set signing_keystore_alias'],
  },
  {
    name: 'a password against overrides, neither shown',
    kind: 'apk',
    args: KEYSTORE,
    env: { ...KEYSTORE_SECRETS, FUSEGATE_SIGN_OVERRIDES: '{"signing_keystore_password":"other synthetic pass"}' },
    said: ['FUSEGATE_SIGN_OVERRIDES and ANDROID_KEYSTORE_PASS set signing_keystore_password'],
  },
  {
    name: 'Google Play that is off against overrides',
    kind: 'apk',
    args: [
      '--sign',
      'private',
      '--no-google-play-signing',
      '--signing-fingerprint',
      SHA1,
      '--sign-overrides',
      '{"signing_keystore_use_google_signing":true}',
    ],
    said: ['--no-google-play-signing and --sign-overrides say different things'],
  },
  {
    name: 'a password on the command line',
    kind: 'apk',
    args: [...KEYSTORE, '--sign-overrides', '{"signing_keystore_password":"synthetic argv pass"}'],
    env: KEYSTORE_SECRETS,
    said: ['--sign-overrides holds a password, and every process on this machine can read command lines'],
  },
  {
    name: 'overrides that are a list',
    kind: 'apk',
    args: [...PRIVATE, '--sign-overrides', '[1]'],
    said: ['--sign-overrides "[1]" is JSON, but not an object'],
  },
  {
    name: 'overrides from a file that is not there',
    kind: 'apk',
    args: [...PRIVATE, '--context-overrides', 'nowhere.json'],
    said: ['--context-overrides "nowhere.json" does not exist'],
  },
  {
    name: 'an overlay that is too large',
    kind: 'apk',
    args: [...PRIVATE, '--icon-overlay', files.overlay, '--context-overrides', '{"icon_overlay_scale":90}'],
    said: ['icon_overlay_scale out of range', '20 to 50'],
  },
  {
    name: 'an overlay in no corner',
    kind: 'apk',
    args: [...PRIVATE, '--icon-overlay', files.overlay, '--context-overrides', '{"icon_overlay_position":"Centre"}'],
    said: ['icon_overlay_position that is not a corner', 'Top Right'],
  },
  {
    name: 'an overlay without an image',
    kind: 'apk',
    args: [...PRIVATE, '--context-overrides', '{"icon_overlay":true}'],
    said: ['sets icon_overlay without --icon-overlay'],
  },
  {
    name: 'a context for an Android SDK',
    kind: 'aar',
    args: ['--sign', 'none', '--new-version', '2.0'],
    said: ['--new-version is for apps: an SDK has no context step'],
  },
  {
    name: 'an icon for an iOS SDK',
    kind: 'zip',
    args: ['--sign', 'private', '--app-icon', files.icon],
    said: ['--app-icon is for apps'],
  },
];

const PINS = (entries: Record<string, string>, name: string) => [...PRIVATE, '--cert-pinning-zip', zip(name, entries)];
const FILES: Row[] = [
  {
    name: 'a host whose file is missing',
    kind: 'apk',
    args: PINS(
      {
        'map.json': list({ 'a.example.com': 'a.pem', 'b.example.com': 'b.pem', 'c.example.com': 'c.der' }),
        'a.pem': 'x',
      },
      'missing.zip',
    ),
    said: ['maps b.example.com to b.pem, and that file is not in the ZIP', 'maps c.example.com to c.der'],
  },
  {
    name: 'pins without a map',
    kind: 'apk',
    args: PINS({ 'a.pem': 'x' }, 'mapless.zip'),
    said: ['holds no .json file that maps hosts'],
  },
  {
    name: 'pins with two maps',
    kind: 'apk',
    args: PINS({ 'a.json': '{}', 'b.json': '{}' }, 'two.zip'),
    said: ['holds 2 .json files'],
  },
  {
    name: 'pins with an empty map',
    kind: 'apk',
    args: PINS({ 'a.json': '{}' }, 'empty-map.zip'),
    said: ['a map that is not of the form'],
  },
  {
    name: 'pins with a map of a wrong form',
    kind: 'apk',
    args: PINS({ 'a.json': '{"a.example.com": {"file": "a.pem"}}' }, 'form.zip'),
    said: ['a map that is not of the form'],
  },
  {
    name: 'pins with a map that is no JSON',
    kind: 'apk',
    args: PINS({ 'a.json': 'a.example.com: a.pem' }, 'no-json.zip'),
    said: ['a map that is not valid JSON'],
  },
  {
    name: 'pins for what is no host',
    kind: 'apk',
    args: PINS({ 'a.json': list({ "a'].value['x": 'a.pem' }), 'a.pem': 'x' }, 'no-host.zip'),
    said: ['which is not a host name'],
  },
  {
    name: 'pins with a file that is no certificate',
    kind: 'apk',
    args: PINS({ 'a.json': list({ 'a.example.com': 'run.sh' }), 'run.sh': 'x' }, 'no-cert.zip'),
    said: ['maps a.example.com to run.sh, which is not a certificate file'],
  },
  {
    name: 'pins that leave the folder',
    kind: 'apk',
    args: PINS({ 'a.json': list({ 'a.example.com': '../a.pem' }), '../a.pem': 'x' }, 'traversal.zip'),
    said: ['cannot be read (invalid relative path'],
  },
  {
    name: 'pins that are no archive',
    kind: 'apk',
    args: [...PRIVATE, '--cert-pinning-zip', write('text.zip', 'this is text')],
    said: ['--cert-pinning-zip', 'is text'],
  },
  {
    name: 'an app with the content of another kind',
    kind: 'apk',
    args: [...PRIVATE, '--app', zip('really-a-bundle.apk', { 'BundleConfig.pb': 'x' })],
    said: ['its content is that of an .aab'],
  },
  {
    name: 'a .zip without a framework',
    kind: 'apk',
    args: ['--sign', 'private', '--app', zip('photos.zip', { 'a.png': 'x' })],
    said: ['holds no .xcframework'],
  },
  {
    name: 'a pattern that matches two apps',
    kind: 'apk',
    args: [...PRIVATE, '--app', `${files.dir}/rehearsal.a{pk,ab}`],
    said: ['matches 2 files: rehearsal.aab, rehearsal.apk', 'exactly one file'],
  },
  {
    name: 'a pattern that matches nothing',
    kind: 'apk',
    args: [...PRIVATE, '--app', `${files.dir}/*/none-*.apk`],
    said: ['matches no file'],
  },
  {
    name: 'a URL that is not encrypted',
    kind: 'apk',
    args: [...PRIVATE, '--app', 'http://files.example.com/app.apk'],
    said: ['is a URL that is not https'],
  },
  {
    name: 'a URL with a password',
    kind: 'apk',
    args: [...PRIVATE, '--app', 'https://user:hunter2hunter2@files.example.com/app.apk'],
    said: ['is a URL with credentials in it'],
  },
  {
    name: 'a URL of no app',
    kind: 'apk',
    args: [...PRIVATE, '--app', 'https://files.example.com/download?file=app.apk&token=synthetic-presigned'],
    said: ["is a URL without an app's file extension"],
  },
  {
    name: 'firebase that is not there',
    kind: 'apk',
    args: [...PRIVATE, '--firebase-app-id', '1:12:android:ab'],
    env: { PATH: '/nonexistent' },
    said: ['--firebase-app-id needs the firebase command, and it is not on PATH', 'nothing is downloaded here'],
  },
  {
    name: 'Datadog without the map',
    kind: 'apk',
    args: [...PRIVATE, '--no-deobfuscation-map'],
    env: { FUSEGATE_DATADOG_API_KEY: 'synthetic-datadog-key' },
    said: ['FUSEGATE_DATADOG_API_KEY uploads the mapping files, and --no-deobfuscation-map is false'],
  },
];

const isIos = (kind: Kind) => kind === 'ipa' || kind === 'zip';
const SECRETS = [
  'store pass',
  'key pass',
  'p12 pass',
  'other synthetic pass',
  'synthetic argv pass',
  'hunter2hunter2',
  'synthetic-presigned',
  'synthetic-datadog-key',
];
const leftovers = () => readdirSync(os.tmpdir()).filter((name) => /^fusegate-\d+-[0-9a-f]{8}-/.test(name));

describe.concurrent('what does not go together ends 2 before any request', () => {
  const rows = [...SIGNING, ...OVERRIDES, ...FILES].map((row) => [`.${row.kind}: ${row.name}`, row] as const);
  it.for(rows)('%s', async ([, row], { expect: expectHere }) => {
    const team = newTeam();
    const app = row.args.includes('--app') ? [] : ['--app', files[row.kind]];
    const set = isIos(row.kind) ? sets.ios : sets.android;
    const end = await runCli(
      ['run', ...app, '--team-id', team, '--fusion-set-id', set, '--required-features', 'Anti-Debugging', ...row.args],
      { env: { ...UNHURRIED, APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url, ...row.env } },
    );
    const printed = `${end.stdout}\n${end.stderr}`.replaceAll(/\s+/g, ' ');
    for (const said of row.said) expectHere(printed).toContain(said);
    expectHere(end.exit).toBe(2);
    for (const secret of SECRETS) expectHere(printed).not.toContain(secret);
    expectHere(await requestsOf(service, team)).toEqual([]);
    for (const kind of ['apk', 'aab', 'ipa', 'aar', 'zip', 'sh']) {
      expectHere(existsSync(path.join(end.dir, `rehearsal.${kind}`))).toBe(false);
    }
  });
});

describe('after all of that', () => {
  it('no file of a run is left behind, and there are more rows here than among those that pass', () => {
    expect(leftovers()).toEqual([]);
    expect(SIGNING.length + OVERRIDES.length + FILES.length).toBeGreaterThan(56);
    expect(existsSync(temporaryFolder())).toBe(true);
  });
});
