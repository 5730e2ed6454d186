/** The variables of the official clients, as they are, with no other input but what their flags said: app and signing method. */

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { runCli, UNHURRIED } from './support/cli.ts';
import { modeInputs, SHA1, SHA256 } from './support/mode-inputs.ts';
import { actionsOf, newTeam, requestsOf, sent } from './support/received.ts';
import { API_KEY, type Service, startService } from './support/service.ts';

const files = modeInputs();
let service: Service;
let sets: { android: string; ios: string };

beforeAll(async () => {
  service = await startService();
  sets = { android: (await service.fusionSet('all detections')).id, ios: (await service.fusionSet('ios')).id };
});
afterAll(() => service.stop());

const KEYSTORE = {
  ANDROID_KEYSTORE: files.keystore,
  ANDROID_KEYSTORE_PASS: 'store pass',
  ANDROID_KEYSTORE_ALIAS: 'Release',
  ANDROID_KEY_PASS: 'key pass',
};
const IDENTITY = { IOS_P12: files.p12, IOS_P12_PASSWORD: 'p12 pass' };
const KEYSTORE_OVERRIDES = {
  signing_keystore_password: '***',
  signing_keystore_alias: 'Release',
  signing_keystore_key_password: '***',
};
const LIST = {
  trusted_signing_fingerprint_list: [
    { SHA: SHA1, TrustedStoreSigning: true },
    { SHA: SHA256, TrustedStoreSigning: false },
  ],
};
const profiles = (...names: string[]) => names.map((file) => sent('provisioning_profile', file));
const [first, second] = files.profiles;

/** Two clients' names for the key; both Fusion Sets are set, as for a whole organisation, and the app's platform chooses. */
const everywhere = (team: string, key: 'APPDOME_API_KEY' | 'API_KEY_ENV' = 'APPDOME_API_KEY') => ({
  ...UNHURRIED,
  [key]: API_KEY,
  APPDOME_TEAM_ID: team,
  APPDOME_SERVER_BASE_URL: `${service.url}/`,
  APPDOME_ANDROID_FS_ID: sets.android,
  APPDOME_IOS_FS_ID: sets.ios,
});

interface Row {
  name: string;
  app: string;
  sign: string;
  env: Record<string, string>;
  key?: 'API_KEY_ENV';
  action: string;
  overrides: Record<string, unknown>;
  files: unknown[];
}

const ROWS: Row[] = [
  {
    name: 'ANDROID_KEYSTORE and its three',
    app: files.aab,
    sign: 'on-appdome',
    env: KEYSTORE,
    action: 'sign',
    overrides: KEYSTORE_OVERRIDES,
    files: [sent('signing_keystore', files.keystore)],
  },
  {
    name: 'the bash client’s API_KEY_ENV',
    app: files.apk,
    sign: 'on-appdome',
    env: KEYSTORE,
    key: 'API_KEY_ENV',
    action: 'sign',
    overrides: KEYSTORE_OVERRIDES,
    files: [sent('signing_keystore', files.keystore)],
  },
  {
    name: 'SIGNING_FINGERPRINT_LIST as a path',
    app: files.aab,
    sign: 'private',
    env: { SIGNING_FINGERPRINT_LIST: files.trusted },
    action: 'seal',
    overrides: LIST,
    files: [],
  },
  {
    name: 'SIGNING_FINGERPRINT_LIST as JSON',
    app: files.aab,
    sign: 'auto-dev',
    env: { SIGNING_FINGERPRINT_LIST: readFileSync(files.trusted, 'utf8') },
    action: 'sign_script',
    overrides: LIST,
    files: [],
  },
  {
    name: 'SIGNING_FINGERPRINT_LIST beside a keystore',
    app: files.apk,
    sign: 'on-appdome',
    env: { ...KEYSTORE, SIGNING_FINGERPRINT_LIST: files.trusted },
    action: 'sign',
    overrides: { ...KEYSTORE_OVERRIDES, ...LIST },
    files: [sent('signing_keystore', files.keystore)],
  },
  {
    name: 'IOS_P12 and IOS_MOBILEPROVISION',
    app: files.ipa,
    sign: 'on-appdome',
    env: { ...IDENTITY, IOS_MOBILEPROVISION: first },
    action: 'sign',
    overrides: { manual_entitlements_matching: false, signing_p12_password: '***' },
    files: [sent('signing_p12_content', files.p12), ...profiles(first)],
  },
  {
    name: 'IOS_MOBILEPROVISION_1 to _n, in the order of their numbers',
    app: files.ipa,
    sign: 'private',
    env: { IOS_MOBILEPROVISION_10: second, IOS_MOBILEPROVISION_2: first },
    action: 'seal',
    overrides: { manual_entitlements_matching: false },
    files: profiles(first, second),
  },
  {
    name: 'IOS_MOBILEPROVISION beside numbered ones',
    app: files.ipa,
    sign: 'auto-dev',
    env: { IOS_MOBILEPROVISION: second, IOS_MOBILEPROVISION_1: first, IOS_MOBILEPROVISION_2: '' },
    action: 'sign_script',
    overrides: { manual_entitlements_matching: false },
    files: profiles(second, first),
  },
  {
    name: 'IOS_P12 for an iOS SDK, and profiles that it does not take',
    app: files.zip,
    sign: 'on-appdome',
    env: { ...IDENTITY, IOS_MOBILEPROVISION: first },
    action: 'sign',
    overrides: { signing_p12_password: '***' },
    files: [sent('signing_p12_content', files.p12)],
  },
  {
    name: 'everything of both platforms at once, for Android',
    app: files.aab,
    sign: 'on-appdome',
    env: { ...KEYSTORE, ...IDENTITY, IOS_MOBILEPROVISION_1: first },
    action: 'sign',
    overrides: KEYSTORE_OVERRIDES,
    files: [sent('signing_keystore', files.keystore)],
  },
  {
    name: 'everything of both platforms at once, for iOS',
    app: files.ipa,
    sign: 'on-appdome',
    env: { ...KEYSTORE, ...IDENTITY, SIGNING_FINGERPRINT_LIST: files.trusted, IOS_MOBILEPROVISION_1: first },
    action: 'sign',
    overrides: { manual_entitlements_matching: false, signing_p12_password: '***' },
    files: [sent('signing_p12_content', files.p12), ...profiles(first)],
  },
];

describe.concurrent('official variables are enough', () => {
  it.for(ROWS.map((row) => [row.name, row] as const))('%s', async ([, row], { expect: check }) => {
    const team = newTeam();
    const ios = row.app === files.ipa || row.app === files.zip;
    const required = ios ? 'key: jailbreak_detection' : 'Root Detection';
    const end = await runCli(['run', '--app', row.app, '--sign', row.sign, '--required-features', required], {
      env: { ...everywhere(team, row.key), ...row.env },
    });
    check(end.stderr).toBe('');
    check(end).toMatchObject({
      exit: 0,
      result: { ids: { fusionSetId: ios ? sets.ios : sets.android, teamId: team } },
    });
    const actions = await actionsOf(service, team);
    check(actions.at(-1)).toEqual({
      endpoint: 'tasks',
      action: row.action,
      overrides: row.overrides,
      fields: {},
      files: row.files,
    });
  });
});

describe.concurrent('and what they lack is said by their names', () => {
  const MISSING: Array<[string, string, string, Record<string, string>, RegExp]> = [
    ['password', files.aab, 'on-appdome', { ...KEYSTORE, ANDROID_KEYSTORE_PASS: '' }, /ANDROID_KEYSTORE_PASS is empty/],
    [
      'alias',
      files.aab,
      'on-appdome',
      { ...KEYSTORE, ANDROID_KEYSTORE_ALIAS: '' },
      /or the variable ANDROID_KEYSTORE_ALIAS/,
    ],
    [
      'keystore',
      files.aab,
      'on-appdome',
      { ...KEYSTORE, ANDROID_KEYSTORE: '/nowhere/x.jks' },
      /ANDROID_KEYSTORE "\/nowhere\/x.jks" does not exist/,
    ],
    [
      'p12 password',
      files.ipa,
      'on-appdome',
      { ...IDENTITY, IOS_P12_PASSWORD: '', IOS_MOBILEPROVISION: first },
      /IOS_P12_PASSWORD is empty/,
    ],
    ['profile', files.ipa, 'private', {}, /or the variable IOS_MOBILEPROVISION/],
    [
      'numbered profile',
      files.ipa,
      'private',
      { IOS_MOBILEPROVISION_1: first, IOS_MOBILEPROVISION_2: '/nowhere/x.mobileprovision' },
      /does not exist/,
    ],
    [
      'list',
      files.aab,
      'private',
      { SIGNING_FINGERPRINT_LIST: '[{"SHA": "12"}]' },
      /SIGNING_FINGERPRINT_LIST has a SHA in entry 1/,
    ],
    [
      'key',
      files.aab,
      'private',
      { APPDOME_API_KEY: '', SIGNING_FINGERPRINT_LIST: files.trusted },
      /APPDOME_API_KEY is empty/,
    ],
  ];
  it.for(MISSING)('%s', async ([, app, sign, env, message], { expect: check }) => {
    const team = newTeam();
    const end = await runCli(['run', '--app', app, '--sign', sign, '--required-features', 'Anti-Debugging'], {
      env: { ...everywhere(team), ...env },
    });
    check(end.stderr.replaceAll(/\s+/g, ' ')).toMatch(message);
    check(end.exit).toBe(2);
    check(await requestsOf(service, team)).toEqual([]);
  });
});
