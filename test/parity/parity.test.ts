/**
 * The same jobs through the four plugins and the CLI, each by its shipped bundle and its system's contract: the same verdict, outputs
 * and result.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { whenLogged } from '../adapters/support/child-process.ts';
import type { Job } from '../adapters/support/every-adapter.ts';
import { settingsApk, writeApk } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { type ParityRow, sameEverywhere } from './same-everywhere.ts';

const APP = writeApk(temporaryFolder());
let service: Service;
let set: { id: string };

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  set = await service.fusionSet('small');
});
afterAll(() => service.stop());

function job(options: Job['options'] = {}, more: Omit<Job, 'options'> = {}): Job {
  return {
    options: {
      'api-key': API_KEY,
      'server-url': service.url,
      app: APP,
      'fusion-set-id': set.id,
      sign: 'private',
      'signing-fingerprint': 'd4'.repeat(32),
      'required-features': 'Anti-Debugging',
      // An app that another adapter has uploaded would save this one a stage.
      'reuse-upload': 'false',
      ...options,
    },
    ...more,
  };
}

/** A policy whose one missing protection is waived to the end of a day so many days from now. */
function waiver(days: number): string {
  const file = path.join(temporaryFolder(), 'policy.yml');
  const expires = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  writeFileSync(
    file,
    [
      'version: 1',
      'require: [Anti-Debugging, Detect Developer Options]',
      'waivers:',
      '  - feature: Detect Developer Options',
      '    reason: synthetic, for this test',
      '    owner: mobile-security',
      `    expires: ${expires}`,
      '',
    ].join('\n'),
  );
  return file;
}

const JOBS: ParityRow[] = [
  { name: 'pass', job: () => job({ app: settingsApk() }), expected: { red: false, exit: 0, verdict: 'pass' } },
  {
    name: 'fail',
    job: () => job({ 'required-features': 'Anti-Debugging, Detect Developer Options' }),
    expected: { red: true, exit: 6, verdict: 'fail' },
  },
  {
    name: 'error',
    job: () => job({ 'api-key': 'not-the-key-1234' }),
    expected: { red: true, exit: 3, verdict: 'error' },
  },
  {
    name: 'warn',
    job: () => job({ gate: 'warn', 'required-features': 'Detect Developer Options' }),
    expected: { red: false, exit: 0, verdict: 'fail' },
  },
  {
    name: 'gate disabled',
    job: () => job({ gate: 'disabled' }),
    expected: { red: false, exit: 0, verdict: 'not-evaluated' },
  },
  {
    name: 'waived: green until its day, and nobody calls it present',
    job: () => job({ 'required-features': '', policy: waiver(10) }),
    expected: { red: false, exit: 0, verdict: 'pass', outputs: () => ({ 'missing-features': '' }), said: [/waived/i] },
  },
  {
    name: 'a waiver that has expired',
    job: () => job({ 'required-features': '', policy: waiver(-1) }),
    expected: {
      ...{ red: true, exit: 6, verdict: 'fail' },
      outputs: () => ({ 'missing-features': 'Detect Developer Options' }),
    },
  },
  {
    name: 'error: the service fails the build',
    faults: [{ times: 'always', do: { kind: 'taskError', stage: 'fuse', message: 'Synthetic failure of this build' } }],
    job: () => job(),
    expected: {
      red: true,
      exit: 5,
      verdict: 'error',
      said: [/Synthetic failure of this build/, /service\.build-failed/],
    },
  },
  {
    name: 'no verdict: no certificate can be had',
    faults: [{ match: { path: '/api/v1/tasks/*/certificate*' }, times: 'always', do: { kind: 'status', code: 404 } }],
    job: () => job(),
    expected: { red: true, exit: 8, verdict: 'error' },
  },
  {
    name: 'bad input',
    job: () => job({ timeout: '55', sign: 'on-appdom', 'required-features': 'Rot Detection' }),
    expected: { red: true, exit: 2, verdict: 'error' },
  },
  {
    name: 'cancel',
    // A build that does not end, cancelled at the service's first message: from then on every one of them knows its build.
    faults: [
      { match: { path: '/api/v1/tasks/*/status' }, times: 'always', do: { kind: 'statusWord', word: 'progress' } },
    ],
    job: () =>
      job({ verbose: 'true', 'poll-max': '2s' }, { onStart: whenLogged(/^build: /m, (child) => child.kill('SIGINT')) }),
    expected: { red: true, exit: 130, verdict: 'error' },
  },
  {
    name: 'judge a certificate that does not exist',
    job: () => ({
      options: { mode: 'gate', certificate: 'nowhere/*.pdf', 'required-features': 'Root Detection' },
    }),
    expected: { red: true, exit: 2, verdict: 'error' },
  },
];

sameEverywhere(
  JOBS,
  () => service,
  () => [set.id],
);
