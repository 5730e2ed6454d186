/** The main job on a real app, through the shipped bundle, against the service as its own process. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ChromeTrace } from '@fusegate/shared/pipeline/chrome-trace';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsApk, writeAab } from './support/apps.ts';
import { runCli, temporaryFolder } from './support/cli.ts';
import { API_KEY, type Service, startService } from './support/service.ts';

const FINGERPRINT = 'a1'.repeat(32);
const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

let service: Service;
let fusionSet: { id: string };
let env: Record<string, string>;

beforeAll(async () => {
  service = await startService();
  fusionSet = await service.fusionSet('all detections');
  env = { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url };
});
afterAll(() => service.stop());

function privateJob(required: string): string[] {
  return [
    'run',
    '--app',
    settingsApk(),
    '--fusion-set-id',
    fusionSet.id,
    '--sign',
    'private',
    '--signing-fingerprint',
    FINGERPRINT,
    '--required-features',
    required,
  ];
}

describe('a build that holds what is required', () => {
  it('ends 0 with the app, the certificates and the result in their places', async () => {
    const end = await runCli(privateJob('Root Detection'), { env, ownProcess: true });
    expect(end.stderr).toBe('');
    expect(end.stdout).toContain('verdict: pass');
    expect(end.exit).toBe(0);
    const result = end.result;
    expect(result).toMatchObject({
      schemaVersion: 2,
      verdict: 'pass',
      exitCode: 0,
      gate: 'enforce',
      rehearsal: true,
      server: service.url,
      missingFeatures: [],
      evidence: 'verified',
      ids: { fusionSetId: fusionSet.id },
    });
    expect(result?.requirements).toMatchObject([
      { rule: 'feature', requirement: 'Root Detection', outcome: 'satisfied', feature: { key: 'root_detection' } },
    ]);
    expect(result?.requirements[0]?.evidence.some((place) => place.document === 'pdf')).toBe(true);
    const app = path.join(end.dir, 'settings_apk-debug.apk');
    expect(existsSync(path.join(end.dir, 'rejected', 'settings_apk-debug.apk'))).toBe(false);
    expect(result?.files.find((file) => file.role === 'protected-app')).toMatchObject({
      path: app,
      sha256: sha256(app),
      size: statSync(app).size,
    });
    expect(result?.app).toMatchObject({
      bundleId: 'io.appium.settings',
      sha256: sha256(settingsApk()),
      platform: 'android',
    });
    expect(readdirSync(path.join(end.dir, 'private')).sort()).toEqual(
      expect.arrayContaining([
        'certificate.json',
        'certificate.pdf',
        'fusegate.env',
        'fusegate.dotenv',
        'fusegate-journal.json',
      ]),
    );
    for (const report of ['fusegate-summary.md', 'fusegate-junit.xml', 'fusegate-report.html', 'fusegate.sarif'])
      expect(existsSync(path.join(end.dir, report))).toBe(true);
    const state = await service.state();
    expect(state.violations).toEqual([]);
  });

  it('skips the upload of an app that the service has', async () => {
    await runCli(privateJob('Root Detection'), { env });
    const before = (await service.state()).requests.filter((request) => request.method === 'PUT').length;
    const end = await runCli(privateJob('Root Detection'), { env });
    expect(end.exit).toBe(0);
    const after = (await service.state()).requests.filter((request) => request.method === 'PUT').length;
    expect(after).toBe(before);
  });

  it('writes a trace with the stages of the result and every request', async () => {
    const trace = path.join(temporaryFolder(), 'traces', 'trace.json');
    const end = await runCli([...privateJob('Root Detection'), '--trace', trace], { env, ownProcess: true });
    expect(end.exit).toBe(0);
    const { displayTimeUnit, traceEvents } = JSON.parse(readFileSync(trace, 'utf8')) as ChromeTrace;
    expect(displayTimeUnit).toBe('ms');
    const of = (cat: string) => traceEvents.filter((event) => event.ph === 'X' && event.cat === cat);
    const stages = end.result?.stages ?? [];
    expect(of('stage').map(({ args }) => args)).toEqual(expect.arrayContaining(stages));
    expect(of('stage')).toHaveLength(stages.length);
    expect(of('request')).toHaveLength(stages.reduce((sum, { requests }) => sum + requests, 0));
    for (const category of ['poll', 'read']) expect(of(category).length, category).toBeGreaterThan(0);
    for (const hidden of [API_KEY, end.result?.ids.buildId ?? '?', fusionSet.id, '/api/v1'])
      expect(readFileSync(trace, 'utf8')).not.toContain(hidden);
  });

  it('signs an .aab on Appdome, binds the file, and fetches the universal APK', async () => {
    const dir = temporaryFolder();
    const keystore = path.join(dir, 'upload.keystore');
    writeFileSync(keystore, '\0synthetic keystore');
    const end = await runCli(
      [
        'run',
        '--app',
        writeAab(dir),
        '--fusion-set-id',
        fusionSet.id,
        '--sign',
        'on-appdome',
        '--keystore',
        keystore,
        '--keystore-alias',
        'upload key',
        '--second-output',
        '--required-features',
        'Anti-Debugging, key: smali_obfuscation',
      ],
      { env: { ...env, FUSEGATE_KEYSTORE_PASSWORD: 'pa$$ "wörd;\'%', FUSEGATE_KEY_PASSWORD: 'other-password-9' } },
    );
    expect(end.stderr).toBe('');
    expect(end.exit).toBe(0);
    expect(end.result?.binding).toMatchObject({ level: 'file', originalMatches: true, finalMatches: true });
    expect(existsSync(path.join(end.dir, 'rehearsal.aab'))).toBe(true);
    expect(existsSync(path.join(end.dir, 'rehearsal-universal.apk'))).toBe(true);
    const state = await service.state();
    expect(state.violations).toEqual([]);
    for (const secret of ['pa$$', 'other-password-9', API_KEY]) {
      expect(`${end.stdout}${end.stderr}`).not.toContain(secret);
      for (const file of readdirSync(end.dir, { recursive: true, encoding: 'utf8' })) {
        const full = path.join(end.dir, file);
        if (statSync(full).isFile()) expect(readFileSync(full, 'latin1')).not.toContain(secret);
      }
    }
  });

  it('runs the context step only when something is to change', async () => {
    const actions = async () =>
      (await service.state()).requests.filter((request) => JSON.stringify(request.fields ?? {}).includes('context'))
        .length;
    const before = await actions();
    await runCli(privateJob('Root Detection'), { env });
    expect(await actions()).toBe(before);
    const end = await runCli([...privateJob('Root Detection'), '--new-version', '9.9.9'], { env });
    expect(end.exit).toBe(0);
    expect(await actions()).toBe(before + 1);
    expect(end.result?.stages.map((stage) => stage.name)).toContain('context');
  });
});

describe('a trace in the place of the app', () => {
  it('ends 2 before anything is sent, and the app stays as it was', async () => {
    const app = writeAab(temporaryFolder());
    const before = sha256(app);
    const asked = (await service.state()).requests.length;
    const end = await runCli(
      privateJob('Root Detection')
        .map((word) => (word === settingsApk() ? app : word))
        .concat('--trace', app),
      { env, ownProcess: true },
    );
    expect(end.exit).toBe(2);
    expect(end.result?.findings[0]?.message).toContain('--trace');
    expect(sha256(app)).toBe(before);
    expect((await service.state()).requests).toHaveLength(asked);
  });
});

describe('a build that lacks a required protection', () => {
  it('ends 6, names it, and leaves nothing to ship', async () => {
    const end = await runCli(privateJob('Root Detection, Rate-Limit Connections'), { env, ownProcess: true });
    expect(end.exit).toBe(6);
    expect(end.stdout).toContain('verdict: fail');
    expect(end.result).toMatchObject({ verdict: 'fail', exitCode: 6, missingFeatures: ['Rate-Limit Connections'] });
    expect(existsSync(path.join(end.dir, 'settings_apk-debug.apk'))).toBe(false);
    const rejected = path.join(end.dir, 'rejected', 'settings_apk-debug.apk');
    expect(existsSync(rejected)).toBe(true);
    expect(end.result?.files.map((file) => file.role)).toContain('rejected-app');
    expect(end.result?.files.map((file) => file.role)).not.toContain('protected-app');
    expect(existsSync(path.join(end.dir, 'private', 'certificate.pdf'))).toBe(true);
    expect(existsSync(path.join(end.dir, 'private', 'certificate.json'))).toBe(true);
    const environment = readFileSync(path.join(end.dir, 'private', 'fusegate.dotenv'), 'utf8');
    expect(environment).toMatch(/^VERDICT=fail$/m);
    expect(environment).toMatch(/^PROTECTED_APP=$/m);
    expect(environment).toContain(`REJECTED_APP=${rejected}`);
    expect(readFileSync(path.join(end.dir, 'fusegate-junit.xml'), 'utf8')).toMatch(/<failure/);
  });

  it('goes on under gate: warn and says what it saw', async () => {
    const end = await runCli([...privateJob('Rate-Limit Connections'), '--gate', 'warn'], { env });
    expect(end.exit).toBe(0);
    expect(end.stdout).toContain('verdict: fail');
    expect(end.result).toMatchObject({ verdict: 'fail', exitCode: 0, gate: 'warn' });
    expect(existsSync(path.join(end.dir, 'settings_apk-debug.apk'))).toBe(true);
    expect(readFileSync(path.join(end.dir, 'fusegate-junit.xml'), 'utf8')).not.toMatch(/<failure|<error/);
  });

  it('is not evaluated, never passed, when the gate is disabled', async () => {
    const end = await runCli([...privateJob('Rate-Limit Connections'), '--gate', 'disabled'], { env });
    expect(end.exit).toBe(0);
    expect(end.stdout).toContain('verdict: not-evaluated');
    expect(end.stdout).not.toContain('verdict: pass');
  });

  it('leaves nothing green behind when the next run has wrong inputs', async () => {
    const green = await runCli(privateJob('Root Detection'), { env });
    expect(green.exit).toBe(0);
    const wrong = await runCli([...privateJob('Root Detection'), '--timeout', '55'], { env, dir: green.dir });
    expect(wrong.exit).toBe(2);
    expect(wrong.result).toMatchObject({ verdict: 'error', exitCode: 2 });
    expect(wrong.result?.findings[0]?.message).toContain('--timeout');
    expect(existsSync(path.join(green.dir, 'settings_apk-debug.apk'))).toBe(false);
  });

  it('takes an app back that has left rejected/ when the next file cannot', async () => {
    const dir = path.join(temporaryFolder(), 'out');
    const end = await runCli(
      [
        'run',
        '--app',
        writeAab(temporaryFolder()),
        '--fusion-set-id',
        fusionSet.id,
        '--sign',
        'private',
        '--signing-fingerprint',
        FINGERPRINT,
        '--second-output',
        '--required-features',
        'Root Detection',
      ],
      {
        env,
        dir,
        // Something that cannot be overwritten appears where the second output goes, after the folder was cleared.
        onStart: (child) => {
          child.stdout?.on('data', (chunk) => {
            if (/^signing$/m.test(String(chunk))) {
              mkdirSync(path.join(dir, 'rehearsal-universal.apk', 'in-the-way'), { recursive: true });
            }
          });
        },
      },
    );
    expect(end.exit).toBe(8);
    expect(end.result?.verdict).toBe('error');
    expect(end.result?.findings[0]?.hint).toContain(`run --build-id ${end.result?.ids.buildId}`);
    expect(existsSync(path.join(dir, 'rehearsal.aab'))).toBe(false);
    expect(existsSync(path.join(dir, 'rejected', 'rehearsal.aab'))).toBe(true);
  });

  it('clears the green outputs of an earlier run in the same folder', async () => {
    const green = await runCli(privateJob('Root Detection'), { env, ownProcess: true });
    expect(green.exit).toBe(0);
    const red = await runCli(privateJob('Rate-Limit Connections'), { env, dir: green.dir });
    expect(red.exit).toBe(6);
    expect(existsSync(path.join(red.dir, 'settings_apk-debug.apk'))).toBe(false);
  });
});

describe('a run that does not start', () => {
  it.each([
    ['a typo', ['--timeout', '5'], 2, 'error'],
    ['a dry run', ['--dry-run'], 0, 'not-evaluated'],
  ] as const)('%s takes the green away and keeps the app that was paid for', async (_, words, exit, verdict) => {
    const green = await runCli(privateJob('Root Detection'), { env });
    const end = await runCli([...privateJob('Root Detection'), ...words], { env, dir: green.dir });
    expect(end.exit).toBe(exit);
    expect(end.result?.verdict).toBe(verdict);
    expect(existsSync(path.join(green.dir, 'settings_apk-debug.apk'))).toBe(false);
    expect(existsSync(path.join(green.dir, 'previous', 'settings_apk-debug.apk'))).toBe(true);
    expect(`${end.stdout}${end.stderr}`.replaceAll(/\s+/g, ' ')).toMatch(/was moved to .*previous/);
  });

  it('stopped by a planted link takes the green away, too', async () => {
    const green = await runCli(privateJob('Root Detection'), { env });
    symlinkSync(temporaryFolder(), path.join(green.dir, 'rejected'));
    const end = await runCli(privateJob('Root Detection'), { env, dir: green.dir });
    expect(end.exit).toBe(2);
    expect(end.result?.verdict).toBe('error');
    expect(existsSync(path.join(green.dir, 'settings_apk-debug.apk'))).toBe(false);
  });
});

describe('a gate that a variable switches off', () => {
  it.each(['disabled', 'warn'])('%s is named in every output', async (gate) => {
    const end = await runCli(privateJob('Rate-Limit Connections'), { env: { ...env, FUSEGATE_GATE: gate } });
    expect(end.exit).toBe(0);
    expect(end.result).toMatchObject({ gate, gateSetBy: 'the environment variable FUSEGATE_GATE' });
    const named = ['fusegate-summary.md', 'fusegate-report.html', 'fusegate-junit.xml', 'fusegate.sarif'];
    for (const name of named)
      expect(
        readFileSync(path.join(end.dir, name), 'utf8').replaceAll('\u200b', '').replaceAll('\\_', '_'),
        name,
      ).toContain('FUSEGATE_GATE');
    expect(end.stdout).toContain('FUSEGATE_GATE');
  });
});

describe('gate: judging what exists', () => {
  it('judges a build again without paying', async () => {
    const run = await runCli(privateJob('Rate-Limit Connections'), { env });
    const buildId = run.result?.ids.buildId ?? '';
    const builds = (await service.state()).tasks.length;
    const good = await runCli(
      ['gate', '--build-id', buildId, '--fusion-set-id', fusionSet.id, '--required-features', 'Root Detection'],
      { env },
    );
    expect(good.exit).toBe(0);
    const bad = await runCli(['gate', '--build-id', buildId, '--required-features', 'Certificate Pinning'], { env });
    expect(bad.exit).toBe(6);
    expect((await service.state()).tasks.length).toBe(builds);
  });

  it('judges certificate files with no key and no service', async () => {
    const run = await runCli(privateJob('Root Detection'), { env });
    const pdf = path.join(run.dir, 'private', 'certificate.pdf');
    const good = await runCli(['gate', '--certificate', pdf, '--required-features', 'Root Detection']);
    expect(good.stderr).toBe('');
    expect(good.exit).toBe(0);
    expect(good.result?.server).toBeNull();
    const bad = await runCli(['gate', '--certificate', pdf, '--required-features', 'Detect SIM Swap']);
    expect(bad.exit).toBe(6);
    const other = await runCli([
      'gate',
      '--certificate',
      pdf,
      '--required-features',
      'Root Detection',
      '--fusion-set-id',
      '99999999-62ff-11f0-b219-4393c5083e21',
    ]);
    expect(other.exit).toBe(8);
  });

  it('stops a required detection whose listener is missing', async () => {
    const set = await service.fusionSet('listener is missing');
    const end = await runCli(
      [
        'run',
        '--app',
        settingsApk(),
        '--fusion-set-id',
        set.id,
        '--sign',
        'private',
        '--signing-fingerprint',
        FINGERPRINT,
        '--required-features',
        'Detect Developer Options',
      ],
      { env },
    );
    expect(end.exit).toBe(6);
    expect(end.result?.requirements).toMatchObject([{ outcome: 'no-listener' }]);
  });
});
