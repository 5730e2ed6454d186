/** From the run to the deploy job, through the shipped bundle: dry run, run, local signing, validate, verify. */

import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsApk, zipOf } from './support/apps.ts';
import { type CliEnd, ROOT, runCli, temporaryFolder } from './support/cli.ts';
import { API_KEY, type Service, startService } from './support/service.ts';
import { asIfReal, signLocally } from './support/signed-app.ts';

const FINGERPRINT = 'a1'.repeat(32);
const OTHER_BUILD = '99999999-631e-11f0-811d-012fa289ddab';
const credential = (name: string) => path.join(ROOT, 'test/fixtures/credentials', name);
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

function job(...more: string[]): string[] {
  return [
    'run',
    '--app',
    settingsApk(),
    '--fusion-set-id',
    fusionSet.id,
    '--required-features',
    'Root Detection',
    ...more,
  ];
}

const PRIVATE = ['--sign', 'private', '--signing-fingerprint', FINGERPRINT];
const ON_APPDOME = [
  '--sign',
  'on-appdome',
  '--keystore',
  credential('android-modern.p12'),
  '--keystore-alias',
  'release',
];

const resultFile = (end: CliEnd) => path.join(end.dir, 'fusegate-result.json');
const protectedApp = (end: CliEnd) => path.join(end.dir, 'settings_apk-debug.apk');

async function requestsSince<T>(body: () => Promise<T>): Promise<{ value: T; paths: string[] }> {
  const before = (await service.state()).requests.length;
  const value = await body();
  const { requests } = await service.state();
  return { value, paths: requests.slice(before).map(({ method, path: where }) => `${method} ${where}`) };
}

describe('credentials are checked before anything is paid for', () => {
  const secrets = { FUSEGATE_KEYSTORE_PASSWORD: 'wrong password', FUSEGATE_KEY_PASSWORD: 'also wrong' };

  it('a wrong password is exit 2 beside every other problem, and nothing is sent', async () => {
    const { value: end, paths } = await requestsSince(() =>
      runCli(job(...ON_APPDOME, '--timeout', '5'), { env: { ...env, ...secrets } }),
    );
    expect(end.exit).toBe(2);
    expect(end.stderr).toContain('FUSEGATE_KEYSTORE_PASSWORD does not open android-modern.p12');
    expect(end.stderr).toContain('--timeout');
    expect(end.stderr).not.toContain('wrong password');
    expect(paths).toEqual([]);
  });

  it('a wrong alias and a wrong key password are told by their options', async () => {
    const jks = job('--sign', 'on-appdome', '--keystore', credential('android.jks'), '--keystore-alias');
    const password = { FUSEGATE_KEYSTORE_PASSWORD: 'store pass' };
    const alias = await runCli([...jks, 'upload'], { env: { ...env, ...password } });
    expect(alias).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('--keystore-alias names no key of android.jks -> "release"'),
    });
    const key = await runCli([...jks, 'release'], {
      env: { ...env, ...password, FUSEGATE_KEY_PASSWORD: 'also wrong' },
    });
    expect(key).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('FUSEGATE_KEY_PASSWORD does not open the key "release"'),
    });
    expect(`${key.stdout}${key.stderr}`).not.toContain('also wrong');
  });
});

describe('dry run', () => {
  it('checks everything, names the hosts, starts nothing, and is no pass', async () => {
    const { value: end, paths } = await requestsSince(() =>
      runCli(job(...ON_APPDOME, '--dry-run'), { env: { ...env, FUSEGATE_KEYSTORE_PASSWORD: 'store pass' } }),
    );
    expect(end.stderr).toBe('');
    expect(end.exit).toBe(0);
    expect(paths).toEqual(['GET /api/v1/upload-link']);
    expect(end.stdout).toContain('verdict: not-evaluated');
    expect(end.stdout).toContain(`${new URL(service.url).host} (API)`);
    expect(end.stdout).not.toMatch(/PASS/);
    expect(end.result).toMatchObject({
      verdict: 'not-evaluated',
      exitCode: 0,
      files: [],
      dryRun: { hosts: [{ host: new URL(service.url).host, why: 'API' }] },
      requirements: [{ outcome: 'not-evaluated' }],
    });
    expect(Math.abs(end.result?.dryRun?.clockSkewMs ?? Number.NaN)).toBeLessThan(60_000);
    expect((await service.state()).violations).toEqual([]);
  });

  it('with a key that is not accepted is exit 3', async () => {
    const end = await runCli(job(...PRIVATE, '--dry-run'), { env: { ...env, APPDOME_API_KEY: 'not-the-key' } });
    expect(end).toMatchObject({ exit: 3, result: { verdict: 'error', exitCode: 3 } });
  });

  it('with an unreachable service is exit 4', async () => {
    const end = await runCli(job(...PRIVATE, '--dry-run', '--retries', '0'), {
      env: { ...env, APPDOME_SERVER_BASE_URL: 'http://127.0.0.1:9' },
    });
    expect(end).toMatchObject({ exit: 4, result: { verdict: 'error', exitCode: 4 } });
  });

  it('asks for a build that is named', async () => {
    const end = await runCli(
      ['run', '--build-id', OTHER_BUILD, '--required-features', 'Root Detection', ...PRIVATE, '--dry-run'],
      { env },
    );
    expect(end).toMatchObject({ exit: 5, result: { verdict: 'error' } });
  });

  it('does not verify', async () => {
    const end = await runCli(job(...PRIVATE, '--dry-run'), { env });
    const verified = await runCli(['verify', '--app', settingsApk(), '--result', asIfReal(resultFile(end))]);
    expect(verified).toMatchObject({ exit: 6, stdout: expect.stringContaining('dry run') });
  });
});

describe('an app that is signed locally', () => {
  let run: CliEnd;
  let signed: string;
  beforeAll(async () => {
    run = await runCli(job(...PRIVATE), { env });
    signed = signLocally(protectedApp(run));
  });

  it('the run that sealed it binds nothing', () => {
    expect(run).toMatchObject({ exit: 0, result: { verdict: 'pass', binding: { level: 'unconfirmed' } } });
  });

  it('validate binds the result to the signed file, and keeps the judgement', async () => {
    const { value: end, paths } = await requestsSince(() =>
      runCli(['validate', '--app', signed, '--result', resultFile(run)], { env }),
    );
    expect(end.stderr).toBe('');
    expect(end.exit).toBe(0);
    expect(paths[0]).toBe('POST /api/v1/validation/upload');
    expect(paths.slice(1).every((each) => /^GET \/api\/v1\/validation\/[^/]+\/status$/.test(each))).toBe(true);
    const digest = sha256(signed);
    expect(end.result).toMatchObject({
      mode: 'validate',
      verdict: 'pass',
      exitCode: 0,
      gate: 'enforce',
      rehearsal: true,
      ids: { buildId: run.result?.ids.buildId },
      finishedAt: run.result?.finishedAt,
      policy: run.result?.policy,
      binding: { level: 'service', sha256: digest },
      validation: { buildId: run.result?.ids.buildId, sha256: digest, resultSha256: sha256(resultFile(run)) },
    });
    expect(end.result?.requirements).toEqual(run.result?.requirements);
    expect(end.result?.files).toContainEqual(
      expect.objectContaining({ role: 'signed-app', path: signed, sha256: digest }),
    );
    expect(end.result?.findings.map(({ code }) => code)).not.toContain('binding.unconfirmed');
    expect(readFileSync(path.join(end.dir, 'private/fusegate.dotenv'), 'utf8')).toContain(`SHA256=${digest}`);
    // One test asks for a build that is nobody's.
    const violations = (await service.state()).violations.filter(({ code }) => code !== 'unknown-task');
    expect(violations).toEqual([]);

    // The deploy job: not on a rehearsal, and as it would be on the service's own.
    const rehearsal = await runCli(['verify', '--app', signed, '--result', resultFile(end)]);
    expect(rehearsal).toMatchObject({ exit: 8, stdout: expect.stringContaining('rehearsal') });
    const rehearsed = await runCli(['verify', '--app', signed, '--result', resultFile(end), '--rehearsal']);
    expect(rehearsed).toMatchObject({ exit: 0, stdout: expect.stringContaining('REHEARSAL VERIFIED') });
    const real = await runCli(['verify', '--app', signed, '--result', asIfReal(resultFile(end)), '--rehearsal']);
    expect(real).toMatchObject({ exit: 8, stdout: expect.stringContaining('result.refused') });
    const verified = await runCli([
      'verify',
      '--app',
      signed,
      '--result',
      asIfReal(resultFile(end)),
      '--max-age',
      '1d',
    ]);
    expect(verified).toMatchObject({ exit: 0, stderr: '', stdout: expect.stringContaining('verdict: pass') });
    const sealed = await runCli(['verify', '--app', protectedApp(run), '--result', asIfReal(resultFile(end))]);
    expect(sealed.exit).toBe(8);
  });

  it('validate by build id alone proves the file and judges nothing', async () => {
    const end = await runCli(['validate', '--app', signed, '--build-id', run.result?.ids.buildId ?? ''], { env });
    expect(end).toMatchObject({
      exit: 0,
      result: { verdict: 'not-evaluated', exitCode: 0, binding: { level: 'service', sha256: sha256(signed) } },
    });
    expect(end.stdout).not.toMatch(/PASS/);
    const verified = await runCli(['verify', '--app', signed, '--result', asIfReal(resultFile(end))]);
    expect(verified.exit).toBe(6);
  });

  it.each<[string, () => string[], number, string]>([
    ['another build', () => ['--app', signed, '--build-id', OTHER_BUILD], 6, 'validation.rejected'],
    [
      'the sealed app, unsigned',
      () => ['--app', protectedApp(run), '--result', resultFile(run)],
      6,
      'validation.rejected',
    ],
    ['an app of nobody', () => ['--app', foreignApp(), '--result', resultFile(run)], 6, 'validation.rejected'],
    [
      'a result and another build id',
      () => ['--app', signed, '--result', resultFile(run), '--build-id', OTHER_BUILD],
      8,
      'result.refused',
    ],
    [
      'a result of the service itself',
      () => ['--app', signed, '--result', asIfReal(resultFile(run))],
      8,
      'result.refused',
    ],
    ['no result', () => ['--app', signed, '--result', settingsApk()], 8, 'result.refused'],
    ['a red result', () => ['--app', signed, '--result', redResult(run)], 6, 'result.not-a-pass'],
    [
      'a result of gate warn',
      () => [
        '--app',
        signed,
        '--result',
        asIfReal(resultFile(run), (r) => {
          r.gate = 'warn';
        }),
      ],
      6,
      'result.not-a-pass',
    ],
  ])('%s is red', async (_, args, exit, code) => {
    const end = await runCli(['validate', ...args()], { env });
    expect(end.exit).toBe(exit);
    expect(end.result).toMatchObject({ verdict: 'error', exitCode: exit, binding: { level: 'none' }, files: [] });
    expect(end.result?.findings[0]?.code).toBe(code);
  });

  it('a red result is refused before anything is sent', async () => {
    const { paths } = await requestsSince(() =>
      runCli(['validate', '--app', signed, '--result', redResult(run)], { env }),
    );
    expect(paths).toEqual([]);
  });

  it('names everything that is missing, without a request', async () => {
    const { value: end, paths } = await requestsSince(() =>
      runCli(['validate'], { env: { APPDOME_SERVER_BASE_URL: service.url } }),
    );
    expect(end.exit).toBe(2);
    for (const option of ['--app', '--result', '--api-key']) expect(end.stderr).toContain(`${option} is missing`);
    expect(paths).toEqual([]);
  });
});

/** A result that failed, as a run writes it. */
function redResult(run: CliEnd): string {
  const file = path.join(temporaryFolder(), 'fusegate-result.json');
  writeFileSync(
    file,
    JSON.stringify({ ...run.result, verdict: 'fail', exitCode: 6, missingFeatures: ['Anti-Debugging'] }),
  );
  return file;
}

/** An archive with an app's layout that no build of the service made. */
function foreignApp(): string {
  const file = path.join(temporaryFolder(), 'foreign.apk');
  writeFileSync(file, zipOf({ 'AndroidManifest.xml': 'synthetic', 'classes.dex': 'synthetic' }));
  return file;
}

describe('an app that was signed on Appdome', () => {
  let run: CliEnd;
  beforeAll(async () => {
    run = await runCli(job(...ON_APPDOME), { env: { ...env, FUSEGATE_KEYSTORE_PASSWORD: 'store pass' } });
  });

  it('verifies by the result of its run, byte for byte', async () => {
    expect(run).toMatchObject({ exit: 0, result: { binding: { level: 'file', sha256: sha256(protectedApp(run)) } } });
    const result = asIfReal(resultFile(run));
    const policy = run.result?.policy.sha256 ?? '';
    const args = ['verify', '--app', protectedApp(run), '--result', result];
    const green = await runCli([...args, '--policy-sha256', policy.toUpperCase(), '--max-age', '1h']);
    expect(green).toMatchObject({ exit: 0, stderr: '', stdout: expect.stringContaining('VERIFIED') });

    const changed = path.join(temporaryFolder(), 'changed.apk');
    copyFileSync(protectedApp(run), changed);
    appendFileSync(changed, 'x');
    expect((await runCli(['verify', '--app', changed, '--result', result])).exit).toBe(8);
    expect((await runCli([...args, '--policy-sha256', '0'.repeat(64)])).exit).toBe(8);
    expect((await runCli([...args, '--server-url', 'https://appdome.example.com'])).exit).toBe(8);
    const old = asIfReal(resultFile(run), (r) => {
      r.finishedAt = '2020-01-01T00:00:00.000Z';
    });
    expect((await runCli(['verify', '--app', protectedApp(run), '--result', old, '--max-age', '7d'])).exit).toBe(8);
  });

  it('judges again what time and evidence change, and says what to do with another schema version', async () => {
    const verified = async (change: (result: Record<string, unknown>) => void, ...words: string[]) => {
      const result = asIfReal(resultFile(run), change as never);
      return runCli(['verify', '--app', protectedApp(run), '--result', result, ...words]);
    };
    const waiver = {
      features: ['Proxy Detection'],
      owner: 'qa',
      reason: 'lab',
      expires: '2020-01-31',
      source: 'p.yml:3',
      state: 'active',
    };
    expect(await verified((r) => Object.assign(r, { waivers: [waiver] }))).toMatchObject({
      exit: 8,
      stdout: expect.stringContaining('Proxy Detection'),
    });
    expect((await verified((r) => Object.assign(r, { evidence: 'inferred' }))).exit).toBe(8);
    expect((await verified((r) => Object.assign(r, { evidence: 'inferred' }), '--evidence', 'any')).exit).toBe(0);
    expect(
      await verified((r) => Object.assign(r, { transport: { proxy: 'http://proxy.example:3128' } })),
    ).toMatchObject({ exit: 0, stdout: expect.stringContaining('http://proxy.example:3128') });
    expect(await verified((r) => Object.assign(r, { schemaVersion: 1 }))).toMatchObject({
      exit: 8,
      stdout: expect.stringMatching(/schema version 1[\s\S]*\[result\.version\]/u),
    });
  });

  it('wrong inputs are exit 2, write nothing and touch no earlier result', async () => {
    const before = readFileSync(resultFile(run), 'utf8');
    const cwd = path.dirname(run.dir);
    const end = await runCli(['verify', '--app', protectedApp(run), '--max-age', '7'], { cwd });
    expect(end.exit).toBe(2);
    expect(end.stderr).toContain('--result is missing');
    expect(end.stderr).toContain('--max-age');
    expect(readFileSync(resultFile(run), 'utf8')).toBe(before);
    expect(existsSync(path.join(cwd, 'fusegate-output'))).toBe(false);
  });
});
