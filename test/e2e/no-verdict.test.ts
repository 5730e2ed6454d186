/**
 * Every way in which no verdict can be had, through the shipped bundle: none is green, each says why, and the app stays in rejected/.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeApk } from './support/apps.ts';
import { type CliEnd, runCli, temporaryFolder } from './support/cli.ts';
import { API_KEY, type Service, startService } from './support/service.ts';

const PDF = '**/certificate';
const JSON_PATH = '**/certificate-json';
const APP = writeApk(temporaryFolder());
const OTHER_BUILD = '99999999-631e-11f0-811d-012fa289ddab';
const OTHER_SET = '88888888-62ff-11f0-b219-4393c5083e21';

let service: Service;
let fusionSetId: string;
let env: Record<string, string>;

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  fusionSetId = (await service.fusionSet('all detections')).id;
  env = { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url };
});
afterAll(() => service.stop());

const SIGN_PRIVATE = ['--sign', 'private', '--signing-fingerprint', 'b2'.repeat(20)];

function job(sign: string[] = SIGN_PRIVATE): string[] {
  return [
    'run',
    '--app',
    APP,
    '--fusion-set-id',
    fusionSetId,
    ...sign,
    '--required-features',
    'Root Detection',
    // What the JSON is worth is asked here too.
    '--evidence',
    'any',
    // Most faults here stay, and a run waits for minutes until they pass.
    '--retries',
    '2',
  ];
}

/** Nothing about a red run may look like a green one. */
function expectRed(end: CliEnd, exit: number, verdict: 'error' | 'fail'): void {
  expect(`${end.exit}\n${end.stdout}\n${end.stderr}`).toMatch(new RegExp(`^${exit}\n`));
  expect(end.result?.verdict).toBe(verdict);
  expect(end.result?.exitCode).toBe(exit);
  expect(end.stdout).toContain(`verdict: ${verdict}`);
  expect(end.stdout).not.toContain('verdict: pass');
  expect(end.result?.findings.filter((finding) => finding.level === 'error').length).toBeGreaterThan(0);
  expect(end.result?.files.map((file) => file.role)).not.toContain('protected-app');
  expect(existsSync(path.join(end.dir, 'rehearsal.apk'))).toBe(false);
  const junit = readFileSync(path.join(end.dir, 'fusegate-junit.xml'), 'utf8');
  expect(junit).toMatch(/<(failure|error)[\s>]/);
  const summary = readFileSync(path.join(end.dir, 'fusegate-summary.md'), 'utf8');
  expect(summary).not.toMatch(/\bPASS\b/);
  const page = readFileSync(path.join(end.dir, 'fusegate-report.html'), 'utf8');
  expect(page).toMatch(/<title>REHEARSAL (?:ERROR|FAIL) /);
  expect(page).not.toMatch(/\bPASS\b/);
  const sarif = JSON.parse(readFileSync(path.join(end.dir, 'fusegate.sarif'), 'utf8'));
  expect(sarif.runs[0].results.map(({ level }: { level: string }) => level)).toContain('error');
}

/** Once: a second signal of the same kind ends the process at once, as it should. */
function killOnceBuilding(child: ChildProcess, signal: NodeJS.Signals): void {
  let killed = false;
  child.stdout?.on('data', (chunk) => {
    if (killed || !/^building on Appdome$/m.test(String(chunk))) return;
    killed = true;
    child.kill(signal);
  });
}

const always = (path_: string, action: object) => ({
  match: { method: 'GET', path: path_ },
  times: 'always',
  do: action,
});
const both = (action: object) => [always(PDF, action), always(JSON_PATH, action)];
const replace = (fields: object) => ({ kind: 'replace', ...fields });

/** name, faults, finding code that must be among those reported */
const CERTIFICATES: Array<[string, object[], string]> = [
  ['both certificates 404', both({ kind: 'status', code: 404 }), 'certificate.none'],
  ['both certificates empty', both(replace({ text: '' })), 'certificate.none'],
  ['both certificates HTML', both({ kind: 'html', code: 200 }), 'certificate.none'],
  [
    'no PDF, JSON an array',
    [always(PDF, { kind: 'status', code: 404 }), always(JSON_PATH, replace({ json: [] }))],
    'certificate.none',
  ],
  [
    'no PDF, JSON null',
    [always(PDF, { kind: 'status', code: 404 }), always(JSON_PATH, replace({ text: 'null' }))],
    'certificate.none',
  ],
  [
    'no PDF, JSON of unknown shape',
    [
      always(PDF, { kind: 'status', code: 404 }),
      always(JSON_PATH, replace({ json: { hello: { root_detection: 'yes' } } })),
    ],
    'certificate.json-shape-unknown',
  ],
  [
    'PDF cut in half, JSON of unknown shape',
    [always(PDF, { kind: 'truncate', bytes: 9000 }), always(JSON_PATH, replace({ json: { hello: 1 } }))],
    'certificate.pdf-unreadable',
  ],
  [
    'the build id of another build',
    [always('regex:/certificate', { kind: 'certificate', buildId: OTHER_BUILD })],
    'identity.mismatch',
  ],
  [
    'another fusion set',
    [always('regex:/certificate', { kind: 'certificate', fusionSetId: OTHER_SET })],
    'identity.mismatch',
  ],
  [
    'an identity key with two values',
    [always(JSON_PATH, { kind: 'certificate', secondIdentity: { key: 'build_id', value: OTHER_BUILD } })],
    'certificate.contradiction',
  ],
  [
    'PDF and JSON of different builds',
    [always(JSON_PATH, { kind: 'certificate', buildId: OTHER_BUILD })],
    'identity.mismatch',
  ],
  [
    'PDF shows what the JSON denies',
    [always(JSON_PATH, { kind: 'certificate', featureValue: { key: 'root_detection', value: false } })],
    'certificate.disagreement',
  ],
  [
    'features list empty in both',
    [always('regex:/certificate', { kind: 'certificate', featuresEmpty: true })],
    'certificate.empty-feature-list',
  ],
];

describe.each(CERTIFICATES)('%s', (_name, faults, code) => {
  it('is red, says why, and holds the app back', async () => {
    await service.clearFaults();
    await service.addFaults(faults);
    const end = await runCli(job(), { env });
    expectRed(end, 8, 'error');
    expect(end.result?.findings.map((finding) => finding.code)).toContain(code);
    expect(existsSync(path.join(end.dir, 'rejected', 'rehearsal.apk'))).toBe(true);
  });
});

describe('without a PDF, a JSON value that proves nothing', () => {
  const noPdf = always(PDF, { kind: 'status', code: 404 });
  it.each([
    ['false', false, 6, 'fail'],
    ['null', null, 8, 'error'],
    ['"failed"', 'failed', 8, 'error'],
  ] as const)('%s', async (_name, value, exit, verdict) => {
    await service.clearFaults();
    await service.addFaults([
      noPdf,
      always(JSON_PATH, { kind: 'certificate', featureValue: { key: 'root_detection', value } }),
    ]);
    expectRed(await runCli(job(), { env }), exit, verdict);
  });

  it('a list under "missing_features"', async () => {
    await service.clearFaults();
    await service.addFaults([noPdf, always(JSON_PATH, { kind: 'certificate', featureListKey: 'missing_features' })]);
    expectRed(await runCli(job(), { env }), 8, 'error');
  });
});

describe('signed on Appdome', () => {
  function onAppdome(): { args: string[]; env: Record<string, string> } {
    const keystore = path.join(temporaryFolder(), 'release.keystore');
    writeFileSync(keystore, '\0synthetic keystore');
    return {
      args: job(['--sign', 'on-appdome', '--keystore', keystore, '--keystore-alias', 'key0']),
      env: { ...env, FUSEGATE_KEYSTORE_PASSWORD: 'password-one', FUSEGATE_KEY_PASSWORD: 'password-two' },
    };
  }

  it('a certificate of another file is red', async () => {
    await service.clearFaults();
    await service.addFaults([always(PDF, { kind: 'certificate', finalSha256: 'c3'.repeat(32) })]);
    const { args, env: withPasswords } = onAppdome();
    const end = await runCli(args, { env: withPasswords });
    expectRed(end, 8, 'error');
    expect(end.result?.findings.map((finding) => finding.code)).toContain('binding.mismatch');
  });

  it('the same job with the right hash is green', async () => {
    await service.clearFaults();
    const { args, env: withPasswords } = onAppdome();
    const end = await runCli(args, { env: withPasswords });
    expect(end.exit).toBe(0);
    expect(end.result?.binding.level).toBe('file');
  });
});

describe('no verdict because the run ended first', () => {
  const word = (path_: string) => ({
    match: { path: path_ },
    times: 'always',
    do: { kind: 'statusWord', word: 'progress' },
  });
  it.each([
    ['analysis', [word('**/upload/*/status')], ['--analysis-timeout', '400ms', '--no-reuse-upload'], 7],
    ['build', [word('**/tasks/*/status')], ['--build-timeout', '400ms'], 7],
    ['the whole run', [word('**/tasks/*/status')], ['--timeout', '1s'], 7],
    [
      'upload',
      [{ match: { method: 'PUT' }, times: 'always', do: { kind: 'stall', at: 'request' } }],
      ['--upload-timeout', '400ms', '--stall-timeout', '10m', '--no-reuse-upload'],
      7,
    ],
    [
      'download',
      [{ match: { path: '**/output' }, times: 'always', do: { kind: 'stall', at: 'answer' } }],
      ['--download-timeout', '400ms', '--stall-timeout', '10m'],
      7,
    ],
  ] as const)('time-out: %s', async (_name, faults, args, exit) => {
    await service.clearFaults();
    await service.addFaults([...faults]);
    expectRed(await runCli([...job(), ...args], { env }), exit, 'error');
  });

  it.each([
    ['the build', { kind: 'taskError', stage: 'fuse', message: 'Fusion failed' }, 5],
    ['signing', { kind: 'taskError', stage: 'seal', message: 'Signing failed' }, 5],
  ] as const)('%s fails at the service', async (_name, action, exit) => {
    await service.clearFaults();
    await service.addFaults([{ do: action }]);
    const end = await runCli(job(), { env });
    expectRed(end, exit, 'error');
    expect(`${end.stdout}${end.stderr}`).toContain(action.message);
  });

  it('the key is refused', async () => {
    await service.clearFaults();
    const end = await runCli(job(), { env: { ...env, APPDOME_API_KEY: 'a-wrong-key-000000' } });
    expectRed(end, 3, 'error');
  });

  it('the service is not there', async () => {
    const end = await runCli(job(), {
      env: { ...env, APPDOME_SERVER_BASE_URL: 'http://127.0.0.1:9' },
    });
    expectRed(end, 4, 'error');
  });

  it('cancelled while it builds', async () => {
    await service.clearFaults();
    await service.addFaults([word('**/tasks/*/status')]);
    const end = await runCli(job(), {
      env,
      onStart: (child) => killOnceBuilding(child, 'SIGINT'),
    });
    expectRed(end, 130, 'error');
  });

  it('killed: what lies on disk says error', async () => {
    await service.clearFaults();
    await service.addFaults([word('**/tasks/*/status')]);
    const end = await runCli(job(), {
      env,
      onStart: (child) => killOnceBuilding(child, 'SIGKILL'),
    });
    expect(end.result).toMatchObject({ verdict: 'error', exitCode: 8 });
    expect(end.result?.findings.map((finding) => finding.code)).toContain('run.incomplete');
  });
});

describe('what still carries a verdict', () => {
  it('a JSON of unknown shape beside a good PDF', async () => {
    await service.clearFaults();
    await service.addFaults([always(JSON_PATH, replace({ json: { something: { new: true } } }))]);
    const end = await runCli(job(), { env });
    expect(end.exit).toBe(0);
    expect(end.result?.evidence).toBe('verified');
    const notice = end.result?.findings.find((finding) => finding.code === 'certificate.json-shape-unknown');
    expect(notice?.message).toContain('something');
  });

  it('a certificate that lags behind the signing', async () => {
    await service.clearFaults();
    await service.addFaults([
      { match: { path: PDF }, times: 2, do: { kind: 'status', code: 404 } },
      { match: { path: JSON_PATH }, times: 2, do: { kind: 'status', code: 404 } },
    ]);
    const end = await runCli(job(), { env });
    expect(end.exit).toBe(0);
    expect((await service.state()).faults.every((fault) => fault.remaining === 0)).toBe(true);
  });

  it('a recognised JSON alone, marked inferred', async () => {
    await service.clearFaults();
    await service.addFaults([always(PDF, { kind: 'status', code: 404 })]);
    const end = await runCli(job(), { env });
    expect(end.exit).toBe(0);
    expect(end.result?.evidence).toBe('inferred');
  });
});

describe('by default the JSON proves nothing', () => {
  it('so a recognised JSON alone is no verdict, and the message names the option', async () => {
    await service.clearFaults();
    await service.addFaults([always(PDF, { kind: 'status', code: 404 })]);
    const end = await runCli(
      job().filter((word) => word !== '--evidence' && word !== 'any'),
      { env },
    );
    expectRed(end, 8, 'error');
    expect(end.stdout).toMatch(/evidence/u);
  });
});

describe('the output folder', () => {
  it('that cannot be written is exit 2 before any request', async () => {
    const dir = path.join(temporaryFolder(), 'taken');
    writeFileSync(dir, 'a file');
    const before = (await service.state()).requests.length;
    const end = await runCli(job(), { env, dir });
    expect(end.exit).toBe(2);
    expect((await service.state()).requests.length).toBe(before);
  });

  it('keeps what is not ours', async () => {
    await service.clearFaults();
    const dir = path.join(temporaryFolder(), 'shared');
    mkdirSync(dir, { recursive: true });
    writeFileSync(path.join(dir, 'notes.txt'), 'mine');
    const end = await runCli(job(), { env, dir });
    expect(end.exit).toBe(0);
    expect(readdirSync(dir)).toContain('notes.txt');
  });
});
