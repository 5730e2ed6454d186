/**
 * What goes wrong on a network, each fault in every step of the job: the run ends as the fault deserves, every instruction was met, and
 * no build is ever started twice.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsApk } from './support/apps.ts';
import { runCli } from './support/cli.ts';
import { API_KEY, type Service, startService } from './support/service.ts';
import { SHORT_STALL } from './support/test-time.ts';

interface Step {
  name: string;
  match: Record<string, string>;
  /** Whether a request whose answer is lost may be repeated. */
  repeatable: boolean;
}

const STEPS: Step[] = [
  { name: 'upload link', match: { method: 'GET', path: '**/upload-link' }, repeatable: true },
  { name: 'presigned PUT', match: { method: 'PUT' }, repeatable: true },
  { name: 'upload status', match: { method: 'GET', path: '**/upload/*/status' }, repeatable: true },
  { name: 'fuse', match: { method: 'POST', path: '**/tasks', action: 'fuse' }, repeatable: false },
  { name: 'task status', match: { method: 'GET', path: '**/tasks/*/status' }, repeatable: true },
  { name: 'output', match: { method: 'GET', path: '**/output' }, repeatable: true },
  { name: 'certificate PDF', match: { method: 'GET', path: '**/certificate' }, repeatable: true },
  { name: 'certificate JSON', match: { method: 'GET', path: '**/certificate-json' }, repeatable: true },
];

interface Fault {
  name: string;
  action: Record<string, unknown>;
  /** The server has not acted on the request, and says so: even a build request may be repeated. */
  safe: boolean;
}

const FAULTS: Fault[] = [
  { name: '500', action: { kind: 'status', code: 500 }, safe: false },
  { name: '502 after it took effect', action: { kind: 'status', code: 502, effect: true }, safe: false },
  { name: '503 with Retry-After', action: { kind: 'status', code: 503, headers: { 'Retry-After': '1' } }, safe: true },
  { name: '504', action: { kind: 'status', code: 504 }, safe: false },
  { name: '429', action: { kind: 'status', code: 429, headers: { 'Retry-After': '1' } }, safe: true },
  { name: 'reset before the answer', action: { kind: 'reset', at: 'answer' }, safe: false },
  { name: 'reset at the request', action: { kind: 'reset', at: 'request' }, safe: false },
  { name: 'a stall', action: { kind: 'stall', at: 'answer' }, safe: false },
];

let service: Service;
let env: Record<string, string>;
let job: string[];

beforeAll(async () => {
  service = await startService();
  env = { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url };
  const set = await service.fusionSet('all detections');
  job = [
    'run',
    '--app',
    settingsApk(),
    '--fusion-set-id',
    set.id,
    '--sign',
    'private',
    '--signing-fingerprint',
    'e5'.repeat(32),
    '--required-features',
    'Root Detection',
    '--no-reuse-upload',
  ];
});
afterAll(() => service.stop());

const rows = STEPS.flatMap((step) => FAULTS.map((fault) => ({ step, fault, name: `${step.name}: ${fault.name}` })));

describe('one fault', () => {
  it.each(rows)('$name', async ({ step, fault }) => {
    await service.clearFaults();
    await service.addFaults([{ match: step.match, do: fault.action }]);
    const before = (await service.state()).tasks.length;
    const end = await runCli(job, { env: fault.action.kind === 'stall' ? { ...env, ...SHORT_STALL } : env });
    const state = await service.state();
    expect(state.faults.every((each) => each.remaining === 0)).toBe(true);
    expect(state.tasks.length - before).toBeLessThanOrEqual(1);
    if (step.repeatable || fault.safe) {
      expect(end.stderr).toBe('');
      expect(end.exit).toBe(0);
    } else {
      // The answer to a build request was lost: never a second request, and the way on is told.
      expect(end.exit).toBe(4);
      expect(end.result?.findings.map((finding) => finding.code)).toContain('build.may-exist');
      expect(end.stdout).toMatch(/--build-id|build-id/);
    }
  });
});

describe('a fault that stays', () => {
  it.each([
    ['500 on the link', { match: { path: '**/upload-link' }, do: { kind: 'status', code: 500 } }, 4],
    ['403 on the link', { match: { path: '**/upload-link' }, do: { kind: 'status', code: 403 } }, 3],
    ['a login page instead of the API', { match: { path: '**/upload-link' }, do: { kind: 'html' } }, 4],
    [
      '400 on the build',
      {
        match: { method: 'POST', path: '**/tasks' },
        do: { kind: 'status', code: 400, body: '{"message":"Invalid fusion set ID"}' },
      },
      5,
    ],
    ['a truncated app', { match: { path: '**/output' }, do: { kind: 'truncate', bytes: 1000 } }, 4],
    [
      'a JSON error instead of the app',
      { match: { path: '**/output' }, do: { kind: 'replace', json: { error: 'x' } } },
      4,
    ],
  ] as const)('%s', async (_name, fault, exit) => {
    await service.clearFaults();
    await service.addFaults([{ ...fault, times: 'always' }]);
    const end = await runCli([...job, '--retries', '2'], { env });
    expect(end.exit).toBe(exit);
    expect(end.result?.verdict).toBe('error');
  });
});

describe('what is not a fault', () => {
  it('queued several times, an unknown status word, and an expired link', async () => {
    await service.clearFaults();
    await service.addFaults([
      { times: 3, do: { kind: 'uploadState', state: 'queued' } },
      { match: { path: '**/tasks/*/status' }, times: 2, do: { kind: 'statusWord', word: 'pending' } },
      { match: { method: 'PUT' }, do: { kind: 'status', code: 403, body: '<Error><Code>AccessDenied</Code></Error>' } },
    ]);
    const end = await runCli(job, { env });
    expect(end.exit).toBe(0);
    expect((await service.state()).faults.every((each) => each.remaining === 0)).toBe(true);
  });

  it('no violation of the protocol in all of this', async () => {
    const codes = (await service.state()).violations.map((violation) => violation.code);
    expect(codes.filter((code) => code !== 'duplicate-build')).toEqual([]);
  });
});
