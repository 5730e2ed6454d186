import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRequest } from '../../src/intake/read-request.ts';
import type { UsageProblem } from '../../src/model/errors.ts';
import type { Environment } from '../../src/model/host.ts';
import type { System } from '../../src/options/system.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { AAB, AAR, APK, IPA } from '../support/zip.ts';

const FUSION_SET = '11111111-631e-11f0-811d-012fa289ddab';
const BUILD = '22222222-631e-11f0-811d-012fa289ddab';
const APP = '33333333-631e-11f0-811d-012fa289ddab';
const FINGERPRINT = 'a1:b2:c3:d4:e5:f6:07:18:29:3a:4b:5c:6d:7e:8f:90:01:12:23:34';
const KEY = { APPDOME_API_KEY: 'synthetic-api-key-1' };

let cwd = '';

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'fusegate-options-'));
  const write = (name: string, content: string | Buffer) => writeFileSync(join(cwd, name), content);
  mkdirSync(join(cwd, 'folder.apk'));
  mkdirSync(join(cwd, 'archive/old'), { recursive: true });
  write('app.apk', APK);
  write('App.AAB', AAB);
  write('app.ipa', IPA);
  write('lib.aar', AAR);
  write('app.txt', APK);
  write('empty.apk', '');
  write('text.apk', 'this is not an app');
  write('release.jks', '\0synthetic keystore');
  write('empty.jks', '');
  write('ca.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  write('overrides.json', '\uFEFF{"user_agent": true}');
  write('list.json', '[1]');
  write('key.txt', 'key-from-a-file\n');
  for (const name of ['archive/b.pdf', 'archive/a.pdf', 'archive/a.json', 'archive/notes.txt', 'archive/old/c.pdf']) {
    write(name, '%PDF-1.7');
  }
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const RUN = {
  app: 'app.apk',
  'fusion-set-id': FUSION_SET,
  sign: 'private',
  'signing-fingerprint': FINGERPRINT,
  'required-features': 'Root Detection',
};
const ON_APPDOME = {
  app: 'app.apk',
  'fusion-set-id': FUSION_SET,
  sign: 'on-appdome',
  keystore: 'release.jks',
  'keystore-alias': 'release',
  'required-features': 'Root Detection',
};
const PASSWORDS = { FUSEGATE_KEYSTORE_PASSWORD: 'android', FUSEGATE_KEY_PASSWORD: 'android2' };

function read(inputs: Record<string, string>, environment: Environment = KEY, system: System = CLI) {
  const raw = { inputs: Object.entries(inputs).map(([name, value]) => ({ name, value })) };
  return readRequest(raw, environment, system, { cwd, now: Date.now() });
}

async function problemsOf(inputs: Record<string, string>, environment: Environment = KEY): Promise<UsageProblem[]> {
  const result = await read(inputs, environment);
  return result.ok ? [] : result.error.problems;
}

function without<T extends Record<string, string>>(inputs: T, ...names: Array<keyof T>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !names.includes(name)));
}

describe('a request that can run', () => {
  it('private signing', async () => {
    const result = await read(RUN);
    expect(result).toMatchObject({ ok: true, notices: [] });
    if (!result.ok) return;
    const { request, plan } = result;
    expect(request).toMatchObject({
      mode: 'run',
      server: { url: 'https://fusion.appdome.com' },
      app: { path: join(cwd, 'app.apk'), name: 'app.apk', kind: 'apk', platform: 'android', size: APK.length },
      fusionSetId: FUSION_SET,
      platform: 'android',
      sign: {
        method: 'private',
        signingFingerprint: 'A1B2C3D4E5F60718293A4B5C6D7E8F9001122334',
        googlePlaySigning: false,
      },
      gate: { mode: 'enforce', evidence: 'pdf', detail: 'full', certificates: [] },
      output: {
        dir: join(cwd, 'fusegate-output', 'app'),
        secondOutput: false,
        deobfuscationMap: true,
        reports: ['junit', 'markdown', 'html', 'sarif'],
        publish: ['reports', 'app'],
      },
      limits: {
        run: 3_300_000,
        connect: 15_000,
        stall: 60_000,
        upload: 1_200_000,
        analysis: 600_000,
        build: 2_400_000,
        sign: 900_000,
        download: 900_000,
      },
      resume: 'auto',
      reuseUpload: true,
      ci: false,
      verbose: false,
    });
    expect(request.server.apiKey?.reveal()).toBe('synthetic-api-key-1');
    expect(request).not.toHaveProperty('context');
    expect(request.server).not.toHaveProperty('teamId');
    expect(request.gate.requiredFeatures).toEqual([
      { name: 'Root Detection', origin: { option: '--required-features' } },
    ]);
    expect(plan.rules).toHaveLength(1);
  });

  it('knows whether somebody asked for the map, or the default did', async () => {
    for (const [given, expected] of [
      [{}, undefined],
      [{ 'deobfuscation-map': 'true' }, true],
      [{ 'deobfuscation-map': 'false' }, undefined],
    ] as const) {
      const result = await read({ ...RUN, ...given });
      expect(result.ok && result.request.output.mapAskedFor).toBe(expected);
    }
  });

  it('signing on Appdome', async () => {
    const result = await read(ON_APPDOME, { ...KEY, ...PASSWORDS });
    expect(result.ok && result.request.sign).toMatchObject({
      method: 'on-appdome',
      keystore: join(cwd, 'release.jks'),
      keystoreAlias: 'release',
    });
    expect(result.ok && result.request.sign?.keystorePassword?.reveal()).toBe('android');
    expect(result.ok && result.request.sign?.keyPassword?.reveal()).toBe('android2');
    expect(result.secrets.map((secret) => secret.reveal())).toEqual(
      expect.arrayContaining(['synthetic-api-key-1', 'android', 'android2']),
    );
  });

  it('with the official variables alone', async () => {
    const result = await read(
      { app: 'App.AAB', 'required-features': 'Root Detection', sign: 'on-appdome' },
      {
        ...KEY,
        APPDOME_TEAM_ID: 'personal',
        APPDOME_ANDROID_FS_ID: FUSION_SET,
        APPDOME_IOS_FS_ID: BUILD,
        APPDOME_SERVER_BASE_URL: 'http://127.0.0.1:9/',
        ANDROID_KEYSTORE: 'release.jks',
        ANDROID_KEYSTORE_PASS: 'storepass',
        ANDROID_KEYSTORE_ALIAS: 'release',
        IOS_P12: 'nowhere.p12',
        CI: 'true',
      },
    );
    expect(result).toMatchObject({
      ok: true,
      request: { fusionSetId: FUSION_SET, server: { url: 'http://127.0.0.1:9' }, ci: true, app: { kind: 'aab' } },
    });
    expect(result.ok && result.request.sign?.keyPassword?.reveal()).toBe('storepass');
    expect(result.notices.join()).toContain('password of the keystore');
  });

  it('key from a file, by flag and by variable', async () => {
    for (const [inputs, environment] of [
      [{ ...RUN, 'api-key-file': 'key.txt' }, {}],
      [RUN, { FUSEGATE_API_KEY_FILE: 'key.txt' }],
    ] as const) {
      const result = await read(inputs, environment);
      expect(result.ok && result.request.server.apiKey?.reveal()).toBe('key-from-a-file');
    }
  });

  it('context only when something is to change', async () => {
    const result = await read({ ...RUN, 'new-version': '2.0', 'new-bundle-id': 'com.example.qa' });
    expect(result.ok && result.request.context).toEqual({ version: '2.0', bundleId: 'com.example.qa' });
  });

  it('overrides from a file and in place', async () => {
    for (const text of ['overrides.json', '{"user_agent":true}']) {
      const result = await read({ ...RUN, 'build-overrides': text });
      expect(result.ok && result.request.buildOverrides).toEqual({ user_agent: true });
    }
  });

  it('a build that exists needs no app and no Fusion Set; its folder is named after it', async () => {
    const result = await read({ ...without(RUN, 'app', 'fusion-set-id'), 'build-id': BUILD });
    expect(result).toMatchObject({
      ok: true,
      request: { buildId: BUILD, output: { dir: join(cwd, 'fusegate-output', `build-${BUILD}`) } },
    });
  });

  it('an uploaded app', async () => {
    const result = await read({ ...without(RUN, 'app'), 'app-id': APP, platform: 'android' });
    expect(result).toMatchObject({ ok: true, request: { appId: APP, platform: 'android' } });
  });

  it('Google Play App Signing with an upgraded key', async () => {
    const result = await read({
      ...RUN,
      'google-play-signing': 'true',
      'signing-fingerprint-upgrade': FINGERPRINT.replace('a1', 'ff'),
    });
    expect(result.ok && result.request.sign).toMatchObject({
      googlePlaySigning: true,
      signingFingerprintUpgrade: expect.stringMatching(/^FF/),
    });
  });

  it('one pause moves the default of the other', async () => {
    const slow = await read({ ...RUN, 'poll-min': '1m' });
    expect(slow.ok && slow.request.limits).toMatchObject({ pollMin: 60_000, pollMax: 60_000 });
    const quick = await read({ ...RUN, 'poll-max': '50ms' });
    expect(quick.ok && quick.request.limits).toMatchObject({ pollMin: 50, pollMax: 50 });
  });

  it.each(['http://', ''])('masks the password of a proxy, wherever it is set (%suser:…)', async (scheme) => {
    const result = await read(RUN, { ...KEY, https_proxy: `${scheme}user:proxy%2Bpass@127.0.0.1:1` });
    expect(result.secrets.map((secret) => secret.reveal())).toEqual(
      expect.arrayContaining(['proxy%2Bpass', 'proxy+pass']),
    );
  });
});

describe('mode gate', () => {
  const GATE = { mode: 'gate', 'required-features': 'Root Detection' };

  it('judges files without a key', async () => {
    const result = await read({ ...GATE, certificate: 'archive/a.pdf' }, {});
    expect(result).toMatchObject({
      ok: true,
      request: {
        mode: 'gate',
        gate: { certificates: [join(cwd, 'archive/a.pdf')] },
        output: { dir: join(cwd, 'fusegate-output', 'a-gate') },
      },
    });
    expect(result.ok && result.request.server).not.toHaveProperty('apiKey');
  });

  it('expands patterns, sorted, without duplicates', async () => {
    const result = await read({ ...GATE, certificate: 'archive/**/*.pdf, archive/a.pdf, archive/*.json' }, {});
    expect(result.ok && result.request.gate.certificates).toEqual(
      ['archive/a.pdf', 'archive/b.pdf', 'archive/old/c.pdf', 'archive/a.json'].map((name) => join(cwd, name)),
    );
    expect(result.ok && result.request.output.dir).toBe(join(cwd, 'fusegate-output', 'certificates-gate'));
  });

  it('needs a key for a build, and takes an app to bind', async () => {
    expect(await problemsOf({ ...GATE, 'build-id': BUILD }, {})).toMatchObject([{ option: '--api-key' }]);
    const result = await read({ ...GATE, 'build-id': BUILD, app: 'app.apk' });
    expect(result).toMatchObject({ ok: true, request: { buildId: BUILD, app: { kind: 'apk' } } });
    expect(result.ok && result.request.output.dir).toBe(join(cwd, 'fusegate-output', 'app-gate'));
  });

  it.each([
    [{}, '--build-id', /nothing to judge/],
    [{ 'build-id': BUILD, certificate: 'archive/a.pdf' }, '--certificate', /together/],
    [{ certificate: 'archive/none-*.pdf' }, '--certificate', /matches no file/],
    [{ certificate: 'archive/none.pdf' }, '--certificate', /does not exist/],
    [{ certificate: 'archive/notes.txt' }, '--certificate', /neither .pdf nor .json/],
    [{ certificate: 'archive' }, '--certificate', /folder/],
    [{ certificate: 'archive/a.pdf', 'output-dir': 'archive' }, '--output-dir', /a\.pdf.*cleared/],
    [{ certificate: 'archive/a.pdf', sign: 'private' }, '--sign', /mode gate/],
  ])('%j is a problem of %s', async (inputs, option, message) => {
    expect(await problemsOf({ ...GATE, ...(inputs as Record<string, string>) })).toMatchObject([
      { option, message: expect.stringMatching(message) },
    ]);
  });
});

describe('one wrong thing', () => {
  it.each<[string, Record<string, string>, string, RegExp]>([
    ['missing file', { app: 'missing.apk' }, '--app', /does not exist/],
    ['directory', { app: 'folder.apk' }, '--app', /folder/],
    ['empty file', { app: 'empty.apk' }, '--app', /empty/],
    ['text file', { app: 'text.apk' }, '--app', /is text/],
    ['no app', { app: 'app.txt' }, '--app', /extension/],
    ['SDK', { app: 'lib.aar' }, '--sign', /an \.aar is not signed/],
    ['URL', { app: 'http://example.com/app.apk' }, '--app', /not https/],
    ['pattern', { app: '*.apk' }, '--app', /matches 4 files: app\.apk|matches 3 files/],
    ['both apps', { 'app-id': APP }, '--app-id', /together with --app/],
    ['no platform of signing', { platform: 'windows' }, '--platform', /not one of/],
    ['bad boolean', { verbose: 'perhaps' }, '--verbose', /boolean/],
    ['no unit', { timeout: '55' }, '--timeout', /without a unit/],
    ['fingerprint', { 'signing-fingerprint': 'ABCDEF' }, '--signing-fingerprint', /6 hexadecimal/],
    ['keystore with private', { keystore: 'release.jks' }, '--keystore', /sign private/],
    [
      'upgrade alone',
      { 'signing-fingerprint-upgrade': FINGERPRINT.replace('a1', 'ff') },
      '--signing-fingerprint-upgrade',
      /google-play-signing/,
    ],
    [
      'the same key twice',
      { 'google-play-signing': 'true', 'signing-fingerprint-upgrade': FINGERPRINT },
      '--signing-fingerprint-upgrade',
      /same/,
    ],
    ['pauses', { 'poll-min': '10s', 'poll-max': '5s' }, '--poll-min', /longer than --poll-max/],
    ['ca file', { 'ca-file': 'key.txt' }, '--ca-file', /holds no certificate/],
    ['output dir', { 'output-dir': 'key.txt' }, '--output-dir', /is a file/],
    ['output below a file', { 'output-dir': 'key.txt/out' }, '--output-dir', /below a file/],
    ['output over the app', { 'output-dir': '.' }, '--output-dir', /overwrite/],
    ['output name', { 'output-name': 'My.apk' }, '--output-name', /extension/],
    ['overrides', { 'build-overrides': 'list.json' }, '--build-overrides', /not an object/],
    ['overrides file', { 'build-overrides': 'none.json' }, '--build-overrides', /does not exist/],
    [
      'two ways of logs',
      { 'build-logs': 'true', 'build-overrides': '{"extended_logs":false}' },
      '--build-overrides',
      /and --build-logs set extended_logs to different values/,
    ],
    [
      'unknown protection',
      { 'required-features': 'Root Detection, Flux Capacitor Guard' },
      '--required-features',
      /not a known protection/,
    ],
    ['empty key file', { 'api-key-file': 'empty.jks' }, '--api-key-file', /empty file/],
    ['missing key file', { 'api-key-file': 'SECRET-AS-PATH' }, '--api-key-file', /does not exist/],
  ])('%s', async (_, change, option, message) => {
    const environment = 'api-key-file' in change ? {} : KEY;
    const problems = await problemsOf({ ...RUN, ...change }, environment);
    expect(problems).toMatchObject([{ option, message: expect.stringMatching(message) }]);
    expect(JSON.stringify(problems)).not.toContain('SECRET-AS-PATH');
  });

  it.each<[string, Record<string, string>, string, RegExp]>([
    ['nothing to protect', without(RUN, 'app'), '--app', /nothing to protect/],
    ['no Fusion Set', without(RUN, 'fusion-set-id'), '--fusion-set-id', /missing/],
    ['no way of signing', without(RUN, 'sign'), '--sign', /no default/],
    ['no fingerprint', without(RUN, 'signing-fingerprint'), '--signing-fingerprint', /private needs/],
    ['nothing required', without(RUN, 'required-features'), '--required-features', /nothing is required/],
    ['an empty list', { ...RUN, 'required-features': ' , ' }, '--required-features', /nothing is required/],
    ['a build has an app', { ...without(RUN, 'app'), 'app-id': APP, 'build-id': BUILD }, '--app-id', /has its app/],
    ['keystore', without(ON_APPDOME, 'keystore'), '--keystore', /sign is on-appdome/],
    ['alias', without(ON_APPDOME, 'keystore-alias'), '--keystore-alias', /sign is on-appdome/],
    ['no such keystore', { ...ON_APPDOME, keystore: 'none.jks' }, '--keystore', /does not exist/],
    ['empty keystore', { ...ON_APPDOME, keystore: 'empty.jks' }, '--keystore', /empty/],
    ['keystore URL', { ...ON_APPDOME, keystore: 'http://example.com/k.jks' }, '--keystore', /not https/],
    ['a short text', { ...ON_APPDOME, keystore: 'MIIK' }, '--keystore', /does not exist/],
    [
      'Google Play without a fingerprint',
      { ...ON_APPDOME, 'google-play-signing': 'true' },
      '--signing-fingerprint',
      /Google Play/,
    ],
    [
      'a fingerprint without Google Play',
      { ...ON_APPDOME, 'signing-fingerprint': FINGERPRINT },
      '--signing-fingerprint',
      /only if google-play-signing/,
    ],
  ])('%s', async (_, inputs, option, message) => {
    const problems = await problemsOf(inputs, { ...KEY, ...(inputs.sign === 'private' ? {} : PASSWORDS) });
    const said = problems.filter((each) => !/KEYSTORE|KEY_PASS/.test(each.option));
    expect(said).toMatchObject([{ option, message: expect.stringMatching(message) }]);
    expect(problems).toHaveLength(said.length);
  });

  it('iOS: Android options do not fit, and an .ipa needs its profiles', async () => {
    const ios = { ...RUN, app: 'app.ipa', 'required-features': 'Jailbreak Detection' };
    expect(await problemsOf(ios)).toMatchObject([
      { option: '--signing-fingerprint', message: 'does not apply to iOS' },
      { option: '--provisioning-profiles', message: expect.stringContaining('is missing') },
    ]);
    expect(
      await problemsOf({
        ...without(RUN, 'signing-fingerprint'),
        platform: 'ios',
        'required-features': 'Jailbreak Detection',
      }),
    ).toMatchObject([{ option: '--app', message: 'is an app for android, but the platform given is ios' }]);
    const uploaded = await read({ ...without(ios, 'app', 'signing-fingerprint'), 'app-id': APP, platform: 'ios' });
    expect(uploaded.ok && uploaded.request.sign).toEqual({ method: 'private' });
  });

  it('a keystore of the whole organisation is passed over with sign private, ours is not', async () => {
    const official = await read(RUN, { ...KEY, ANDROID_KEYSTORE: 'none.jks', ANDROID_KEYSTORE_PASS: 'storepass' });
    expect(official).toMatchObject({ ok: true });
    expect(official.notices.join('\n')).toMatch(/ANDROID_KEYSTORE is not used/);
    expect(official.ok && official.request.sign).not.toHaveProperty('keystore');
    expect(await problemsOf(RUN, { ...KEY, FUSEGATE_KEYSTORE_PASSWORD: 'storepass' })).toMatchObject([
      { option: 'FUSEGATE_KEYSTORE_PASSWORD', message: expect.stringContaining('sign private') },
    ]);
  });
});

describe('gate switched off or warning', () => {
  it('requires nothing when disabled', async () => {
    expect(await read({ ...without(RUN, 'required-features'), gate: 'disabled' })).toMatchObject({ ok: true });
  });

  it('says so when it only warns', async () => {
    const result = await read({ ...without(RUN, 'required-features'), gate: 'warn' });
    expect(result.ok).toBe(true);
    expect(result.notices.join()).toMatch(/Nothing is required/);
  });
});

describe('all at once', () => {
  it('names everything that applies, exit 2', async () => {
    const result = await read(
      {
        unknown: '1',
        app: 'text.apk',
        'app-id': APP,
        'fusion-set-id': 'playground',
        sign: 'private',
        'signing-fingerprint': 'ABCD',
        keystore: 'missing.jks',
        'build-timeout': '40',
        verbose: 'perhaps',
        'ca-file': 'missing.pem',
      },
      {},
    );
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.error).toMatchObject({ code: 'usage.invalid', exitCode: 2 });
    expect(result.error.message).toContain('Nothing was sent');
    expect(result.error.problems.map(({ option }) => option).sort()).toEqual(
      [
        '--unknown',
        '--app',
        '--app-id',
        '--fusion-set-id',
        '--signing-fingerprint',
        '--keystore',
        '--build-timeout',
        '--verbose',
        '--ca-file',
        '--api-key',
        '--required-features',
      ].sort(),
    );
  });

  it('says what a pure kind of problem is', async () => {
    const secret = await read(RUN, { APPDOME_API_KEY: '' });
    expect(!secret.ok && secret.error).toMatchObject({ code: 'secret.unavailable', exitCode: 2 });
  });
});

describe('a secret that is withheld', () => {
  it.each<[string, Environment, RegExp]>([
    ['unknown reason', { CI: 'true' }, /forks and from Dependabot/],
    ['Dependabot', { GITHUB_ACTIONS: 'true', GITHUB_ACTOR: 'dependabot[bot]' }, /Dependabot starts/],
    ['fork on Azure', { SYSTEM_PULLREQUEST_ISFORK: 'True' }, /Azure.*forks/],
    ['fork on Travis', { TRAVIS: 'true', TRAVIS_SECURE_ENV_VARS: 'false' }, /Travis/],
    ['fork on CircleCI', { CIRCLECI: 'true', CIRCLE_PR_USERNAME: 'someone' }, /CircleCI/],
    [
      'fork on GitLab',
      { GITLAB_CI: 'true', CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '1', CI_MERGE_REQUEST_PROJECT_ID: '2' },
      /GitLab/,
    ],
    ['fork on Bitrise', { BITRISEIO_PULL_REQUEST_REPOSITORY_URL: 'a', GIT_REPOSITORY_URL: 'b' }, /Bitrise/],
  ])('%s', async (_, environment, message) => {
    const problems = await problemsOf(RUN, { ...environment, APPDOME_API_KEY: '' });
    expect(problems).toMatchObject([{ option: 'APPDOME_API_KEY', message: expect.stringMatching(message) }]);
  });

  it('one that was never given is missing', async () => {
    expect(await problemsOf(RUN, {})).toMatchObject([
      {
        option: '--api-key',
        message: expect.stringMatching(/^is missing/),
        allowed: expect.stringContaining('APPDOME_API_KEY'),
      },
    ]);
  });
});
