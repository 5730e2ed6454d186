/**
 * App kind x signing mode x option, through the shipped bundle: every row says which parts, overrides and files the service must have
 * got, exactly, and what lies in the output folder after it.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, UNHURRIED } from './support/cli.ts';
import { KEYSTORE_SECRETS, type ModeInputs, modeInputs, P12_SECRET, SHA1, SHA256 } from './support/mode-inputs.ts';
import { actionsOf, newTeam, type ReceivedFile, requestsOf, sent } from './support/received.ts';
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

interface Step {
  action: 'fuse' | 'context' | 'sign' | 'seal' | 'sign_script';
  endpoint?: 'build-to-test';
  /** undefined = the field was not sent. */
  overrides?: Record<string, unknown>;
  files?: ReceivedFile[];
}

interface Row {
  name: string;
  kind: Kind;
  args: string[];
  env?: Record<string, string>;
  /** The actions after the build, and the build where it is not a plain one. */
  steps: Step[];
  /** Names in the output folder that are no reports. Default: the protected app under its own name. */
  outputs?: string[];
  /** Whether a deobfuscation map is fetched. Default: for Android. */
  map?: boolean;
}

const PLAIN: Step = { action: 'fuse' };
const MASKED = '***';
const KEYSTORE = ['--sign', 'on-appdome', '--keystore', files.keystore, '--keystore-alias', 'Release'];
const KEYSTORE_OVERRIDES = {
  signing_keystore_password: MASKED,
  signing_keystore_alias: 'Release',
  signing_keystore_key_password: MASKED,
};
const KEYSTORE_FILE = sent('signing_keystore', files.keystore);
const GOOGLE = ['--google-play-signing', '--signing-fingerprint', SHA1];
const GOOGLE_OVERRIDES = {
  signing_keystore_use_google_signing: true,
  signing_keystore_google_signing_sha1_key: SHA1,
};
const UPGRADE = [...GOOGLE, '--signing-fingerprint-upgrade', SHA256];
const UPGRADE_OVERRIDES = {
  ...GOOGLE_OVERRIDES,
  signing_keystore_google_signing_upgrade: true,
  signing_keystore_google_signing_sha1_key_2nd_cert: SHA256,
};
const TRUSTED = ['--signing-fingerprint-list', files.trusted];
const TRUSTED_OVERRIDES = {
  trusted_signing_fingerprint_list: [
    { SHA: SHA1, TrustedStoreSigning: true },
    { SHA: SHA256, TrustedStoreSigning: false },
  ],
};
const P12 = ['--sign', 'on-appdome', '--p12', files.p12];
const PROFILES = ['--provisioning-profiles', files.profiles.join(',')];
const PROFILE_FILES = files.profiles.map((file) => sent('provisioning_profile', file));
const ENTITLEMENTS = files.entitlements.flatMap((file) => ['--entitlements', file]);
const ENTITLEMENT_FILES = files.entitlements.map((file) => sent('entitlements_files', file));
const PRIVATE = ['--sign', 'private', '--signing-fingerprint', SHA1];
const SEALED: Step = { action: 'seal', overrides: { signing_sha1_fingerprint: SHA1 } };

/** Android apps: three methods, each with one fingerprint or none, Google Play, an upgraded key, a list in a file or in place. */
const ANDROID: Row[] = (['apk', 'aab'] as const).flatMap((kind): Row[] => [
  {
    name: 'on-appdome',
    kind,
    args: KEYSTORE,
    env: KEYSTORE_SECRETS,
    steps: [PLAIN, { action: 'sign', overrides: KEYSTORE_OVERRIDES, files: [KEYSTORE_FILE] }],
  },
  {
    name: 'on-appdome, Google Play',
    kind,
    args: [...KEYSTORE, ...GOOGLE],
    env: KEYSTORE_SECRETS,
    steps: [
      PLAIN,
      { action: 'sign', overrides: { ...KEYSTORE_OVERRIDES, ...GOOGLE_OVERRIDES }, files: [KEYSTORE_FILE] },
    ],
  },
  {
    name: 'on-appdome, Google Play, upgraded key',
    kind,
    args: [...KEYSTORE, ...UPGRADE],
    env: KEYSTORE_SECRETS,
    steps: [
      PLAIN,
      { action: 'sign', overrides: { ...KEYSTORE_OVERRIDES, ...UPGRADE_OVERRIDES }, files: [KEYSTORE_FILE] },
    ],
  },
  {
    name: 'on-appdome, list',
    kind,
    args: [...KEYSTORE, ...TRUSTED],
    env: KEYSTORE_SECRETS,
    steps: [
      PLAIN,
      { action: 'sign', overrides: { ...KEYSTORE_OVERRIDES, ...TRUSTED_OVERRIDES }, files: [KEYSTORE_FILE] },
    ],
  },
  { name: 'private', kind, args: PRIVATE, steps: [PLAIN, SEALED] },
  {
    name: 'private, Google Play',
    kind,
    args: ['--sign', 'private', ...GOOGLE],
    steps: [PLAIN, { action: 'seal', overrides: GOOGLE_OVERRIDES }],
  },
  {
    name: 'private, Google Play, upgraded key',
    kind,
    args: ['--sign', 'private', ...UPGRADE],
    steps: [PLAIN, { action: 'seal', overrides: UPGRADE_OVERRIDES }],
  },
  {
    name: 'private, list in place',
    kind,
    args: ['--sign', 'private', '--signing-fingerprint-list', readFileSync(files.trusted, 'utf8')],
    steps: [PLAIN, { action: 'seal', overrides: TRUSTED_OVERRIDES }],
  },
  {
    name: 'auto-dev',
    kind,
    args: ['--sign', 'auto-dev', '--signing-fingerprint', SHA256],
    steps: [PLAIN, { action: 'sign_script', overrides: { signing_sha1_fingerprint: SHA256 } }],
    outputs: ['rehearsal.sh'],
  },
  {
    name: 'auto-dev, Google Play, upgraded key',
    kind,
    args: ['--sign', 'auto-dev', ...UPGRADE],
    steps: [PLAIN, { action: 'sign_script', overrides: UPGRADE_OVERRIDES }],
    outputs: ['rehearsal.sh'],
  },
  {
    name: 'auto-dev, list, and no second output',
    kind,
    args: ['--sign', 'auto-dev', ...TRUSTED, '--second-output'],
    steps: [PLAIN, { action: 'sign_script', overrides: TRUSTED_OVERRIDES }],
    outputs: ['rehearsal.sh'],
  },
]);

const MATCHED = { manual_entitlements_matching: true };
const UNMATCHED = { manual_entitlements_matching: false };
const IOS: Row[] = [
  {
    name: 'on-appdome, two profiles',
    kind: 'ipa',
    args: [...P12, ...PROFILES],
    env: P12_SECRET,
    steps: [
      PLAIN,
      {
        action: 'sign',
        overrides: { ...UNMATCHED, signing_p12_password: MASKED },
        files: [sent('signing_p12_content', files.p12), ...PROFILE_FILES],
      },
    ],
  },
  {
    name: 'on-appdome, two profiles and two entitlements',
    kind: 'ipa',
    args: [...P12, ...PROFILES, ...ENTITLEMENTS],
    env: P12_SECRET,
    steps: [
      PLAIN,
      {
        action: 'sign',
        overrides: { ...MATCHED, signing_p12_password: MASKED },
        files: [sent('signing_p12_content', files.p12), ...PROFILE_FILES, ...ENTITLEMENT_FILES],
      },
    ],
  },
  {
    name: 'private',
    kind: 'ipa',
    args: ['--sign', 'private', ...PROFILES],
    steps: [PLAIN, { action: 'seal', overrides: UNMATCHED, files: PROFILE_FILES }],
  },
  {
    name: 'auto-dev',
    kind: 'ipa',
    args: ['--sign', 'auto-dev', ...PROFILES],
    steps: [PLAIN, { action: 'sign_script', overrides: UNMATCHED, files: PROFILE_FILES }],
    outputs: ['rehearsal.sh'],
  },
  {
    name: 'auto-dev with entitlements',
    kind: 'ipa',
    args: ['--sign', 'auto-dev', ...PROFILES, ...ENTITLEMENTS],
    steps: [PLAIN, { action: 'sign_script', overrides: MATCHED, files: [...PROFILE_FILES, ...ENTITLEMENT_FILES] }],
    outputs: ['rehearsal.sh'],
  },
];

const SDKS: Row[] = [
  { name: 'none', kind: 'aar', args: ['--sign', 'none'], steps: [PLAIN] },
  {
    name: 'on-appdome',
    kind: 'zip',
    args: P12,
    env: P12_SECRET,
    steps: [
      PLAIN,
      { action: 'sign', overrides: { signing_p12_password: MASKED }, files: [sent('signing_p12_content', files.p12)] },
    ],
  },
  { name: 'private', kind: 'zip', args: ['--sign', 'private'], steps: [PLAIN, { action: 'seal', overrides: {} }] },
];

const pinnedPart = (host: string) =>
  `mitm_host_server_pinned_certs_list['${host}'].value.mitm_host_server_pinned_certs_file_content`;
const PINNED = Object.entries(files.pinned).map(([host, file]) => sent(pinnedPart(host), file));

const VENDORS: Array<[string, string, string]> = [
  ['aws-device-farm', 'AUTOMATION_AWS_DEVICE_FARM', 'aws_device_farm'],
  ['BITBAR', 'AUTOMATION_BITBAR', 'bitbar'],
  ['Browserstack', 'AUTOMATION_BROWSERSTACK', 'browserstack'],
  ['AUTOMATION_FIREBASE', 'AUTOMATION_FIREBASE', 'firebase'],
  ['katalon', 'AUTOMATION_KATALON', 'katalon'],
  ['Kobiton', 'AUTOMATION_KOBITON', 'kobiton'],
  ['lambdatest', 'AUTOMATION_LAMBDATEST', 'lambdatest'],
  ['perfecto', 'AUTOMATION_PERFECTO', 'perfecto'],
  ['saucelabs', 'AUTOMATION_SAUCELABS', 'saucelabs'],
  ['Tosca', 'AUTOMATION_TOSCA', 'tosca'],
  ['TRICENTIS_DEVICE_CLOUD', 'AUTOMATION_TOSCA', 'tosca'],
  ['AUTOMATION_TRICENTIS_DEVICE_CLOUD', 'AUTOMATION_TRICENTIS_DEVICE_CLOUD', 'tricentis_device_cloud'],
  ['app_debug', 'AUTOMATION_APP_DEBUG', 'app_debug'],
  ['app_profiler', 'AUTOMATION_APP_PROFILER', 'app_profiler'],
];

const OPTIONS: Row[] = [
  ...VENDORS.map(
    ([word, constant, name]): Row => ({
      name: `build-to-test ${word}`,
      kind: 'apk',
      args: [...PRIVATE, '--build-to-test', word],
      steps: [
        {
          action: 'fuse',
          endpoint: 'build-to-test',
          overrides: {
            build_to_test_vendor: constant,
            build_to_test_message: `App is not running on ${name}. Exiting`,
          },
        },
        SEALED,
      ],
    }),
  ),
  {
    name: 'a message of its own and logs for a device cloud',
    kind: 'aab',
    args: [
      ...PRIVATE,
      '--build-to-test=kobiton',
      '--build-logs',
      '--build-overrides',
      JSON.stringify({ build_to_test_message: 'Nur im Labor!' }),
    ],
    steps: [
      {
        action: 'fuse',
        endpoint: 'build-to-test',
        overrides: {
          build_to_test_message: 'Nur im Labor!',
          extended_logs: true,
          build_to_test_vendor: 'AUTOMATION_KOBITON',
        },
      },
      SEALED,
    ],
  },
  {
    name: 'no device cloud',
    kind: 'apk',
    args: [...PRIVATE, '--build-to-test', 'None'],
    steps: [PLAIN, SEALED],
  },
  {
    name: 'build logs and overrides',
    kind: 'apk',
    args: [
      ...PRIVATE,
      '--build-logs',
      '--build-overrides',
      '{"user_agent": true, "user_agent_value": "ü \\"x\\"", "extended_logs": "true"}',
    ],
    steps: [
      { action: 'fuse', overrides: { user_agent: true, user_agent_value: 'ü "x"', extended_logs: true } },
      SEALED,
    ],
  },
  {
    name: 'profiles, mapping and pinned certificates',
    kind: 'aab',
    args: [
      ...PRIVATE,
      '--baseline-profile',
      files.baselineProfile,
      '--startup-profile',
      files.startupProfile,
      '--input-mapping',
      files.mapping,
      '--cert-pinning-zip',
      files.pins,
      '--second-output',
    ],
    steps: [
      {
        action: 'fuse',
        files: [
          sent('baseline_profile', files.baselineProfile, 'application/zip'),
          sent('startup_profile', files.startupProfile, 'application/zip'),
          sent('input_mapping', files.mapping, 'application/txt'),
          ...PINNED,
        ],
      },
      SEALED,
    ],
    outputs: ['rehearsal-universal.apk', 'rehearsal.aab'],
  },
  {
    name: 'pinned certificates on iOS',
    kind: 'ipa',
    args: ['--sign', 'private', ...PROFILES, '--cert-pinning-zip', files.pins],
    steps: [
      { action: 'fuse', files: PINNED },
      { action: 'seal', overrides: UNMATCHED, files: PROFILE_FILES },
    ],
  },
  {
    name: 'everything of a context',
    kind: 'apk',
    args: [
      ...PRIVATE,
      '--new-bundle-id',
      'com.example.shop.qa',
      '--new-version',
      '9.9 “beta”',
      '--new-build-number',
      '42',
      '--new-display-name',
      'Shop $QA; 100%',
      '--app-icon',
      files.icon,
      '--icon-overlay',
      files.overlay,
      '--context-overrides',
      '{"icon_overlay_scale": 25, "icon_overlay_position": "Bottom Left"}',
    ],
    steps: [
      PLAIN,
      {
        action: 'context',
        overrides: {
          icon_overlay_scale: 25,
          icon_overlay_position: 'Bottom Left',
          app_customization_pack_bundle_identifier: 'com.example.shop.qa',
          app_customization_pack_bundle_version: '9.9 “beta”',
          app_customization_pack_bundle_build_number: '42',
          app_customization_pack_bundle_display_name: 'Shop $QA; 100%',
          icon_overlay: true,
        },
        files: [sent('app_customization_application_icon', files.icon), sent('icon_overlay_s3', files.overlay)],
      },
      SEALED,
    ],
  },
  {
    name: 'context overrides alone',
    kind: 'apk',
    args: [
      ...PRIVATE,
      '--context-overrides',
      '{"customize_url_enable": true, "customize_url_value": "https://example.com/?a=b", "customize_url_key": "host"}',
    ],
    steps: [
      PLAIN,
      {
        action: 'context',
        overrides: {
          customize_url_enable: true,
          customize_url_value: 'https://example.com/?a=b',
          customize_url_key: 'host',
        },
      },
      SEALED,
    ],
  },
  {
    name: 'sign overrides beside the options',
    kind: 'apk',
    args: [...PRIVATE, '--sign-overrides', JSON.stringify({ synthetic_key: ['a', 1], signing_sha1_fingerprint: SHA1 })],
    steps: [PLAIN, { action: 'seal', overrides: { synthetic_key: ['a', 1], signing_sha1_fingerprint: SHA1 } }],
  },
  {
    name: 'passwords and alias from the sign overrides of a variable',
    kind: 'aab',
    args: ['--sign', 'on-appdome', '--keystore', files.keystore],
    env: {
      FUSEGATE_SIGN_OVERRIDES: JSON.stringify({
        signing_keystore_password: 'store pass',
        signing_keystore_alias: 'Release',
        signing_keystore_key_password: 'key pass',
      }),
    },
    steps: [PLAIN, { action: 'sign', overrides: KEYSTORE_OVERRIDES, files: [KEYSTORE_FILE] }],
  },
  {
    name: 'no map where none is wanted',
    kind: 'apk',
    args: [...PRIVATE, '--no-deobfuscation-map'],
    steps: [PLAIN, SEALED],
    map: false,
  },
  {
    name: 'another name',
    kind: 'ipa',
    args: ['--sign', 'auto-dev', ...PROFILES, '--output-name', 'Größe M'],
    steps: [PLAIN, { action: 'sign_script', overrides: UNMATCHED, files: PROFILE_FILES }],
    outputs: ['Größe M.sh'],
  },
];

const REPORT = /^(fusegate[.-].*|private)$/;
const isIos = (kind: Kind) => kind === 'ipa' || kind === 'zip';
const app = (kind: Kind): string => files[kind as keyof Pick<ModeInputs, Kind>];

describe.concurrent('every kind of app, signing mode and option arrives as it should', () => {
  const rows = [...ANDROID, ...IOS, ...SDKS, ...OPTIONS].map((row) => [`.${row.kind}: ${row.name}`, row] as const);
  it.for(rows)('%s', async ([, row], { expect: expectHere }) => {
    const team = newTeam();
    const ios = isIos(row.kind);
    const end = await runCli(
      [
        'run',
        '--app',
        app(row.kind),
        '--team-id',
        team,
        '--fusion-set-id',
        ios ? sets.ios : sets.android,
        '--required-features',
        ios ? 'key: jailbreak_detection' : 'Root Detection',
        ...row.args,
      ],
      { env: { ...UNHURRIED, APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url, ...row.env } },
    );
    expectHere(end.stderr).toBe('');
    expectHere(end).toMatchObject({ exit: 0, result: { verdict: 'pass' } });

    const expected = row.steps.map(({ action, endpoint = 'tasks', overrides, files: parts = [] }) => ({
      endpoint,
      action,
      overrides,
      fields: {},
      files: parts,
    }));
    expectHere(await actionsOf(service, team)).toEqual(expected);

    const names = readdirSync(end.dir).filter((name) => !REPORT.test(name));
    const outputs = row.outputs ?? [`rehearsal.${row.kind}`];
    expectHere(names.sort()).toEqual(outputs);
    const main = path.join(end.dir, outputs.find((name) => !name.includes('universal')) ?? '');
    if (main.endsWith('.sh')) {
      expectHere(readFileSync(main).subarray(0, 2).toString()).toBe('#!');
      if (process.platform !== 'win32') expectHere(statSync(main).mode & 0o777).toBe(0o755);
      expectHere(end.result?.binding.level).toBe('unconfirmed');
    }
    const map = row.map ?? !ios;
    expectHere(existsSync(path.join(end.dir, 'private', 'deobfuscation.zip'))).toBe(map);
    const asked = (await requestsOf(service, team)).flatMap(({ query }) => query.action ?? []);
    expectHere(asked.sort()).toEqual([
      ...(map ? ['deobfuscation_script'] : []),
      ...(outputs.length > 1 ? ['sign_second_output'] : []),
    ]);
  });
});

describe('after all of that', () => {
  it('the service has no complaint', async () => {
    expect((await service.state()).violations).toEqual([]);
  });
});
