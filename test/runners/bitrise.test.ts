/**
 * The Bitrise step's repository under the Bitrise CLI, with envman and stepman: inputs, secrets and outputs go their own way.
 *
 * Written by the CLI's sources (bitrise-io/bitrise: cli/run.go, bitrise/setup.go), inferred until a machine that has the CLI has run it.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeReleaseLayouts } from '../../scripts/release-layouts.mjs';
import { runChild } from '../adapters/support/child-process.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import {
  APP,
  FAILS,
  FINGERPRINT,
  PASSES,
  REFUSED,
  type RunnerJob,
  runnerEnvironment,
  SHORT_WAITS,
  userRepository,
} from './support/job.ts';

let service: Service;
let layouts: string;
let env: Record<string, string>;

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  layouts = temporaryFolder('fusegate-release-');
  expect(writeReleaseLayouts(layouts).problems).toEqual([]);
  // The CLI has been set up there.
  const home = process.env.FUSEGATE_RUNNERS_BITRISE_HOME;
  if (!home) throw new Error('start it by: npm run test:runners');
  env = runnerEnvironment({ HOME: home, BITRISE_ANALYTICS_DISABLED: 'true', CI: 'true' });
});
afterAll(() => service.stop());

const SEEN = [
  'FUSEGATE_VERDICT',
  'FUSEGATE_PROTECTED_APP',
  'FUSEGATE_MISSING_FEATURES',
  'FUSEGATE_SHA256',
  'FUSEGATE_RESULT',
  'BITRISE_BUILD_STATUS',
];

async function bitrise(job: RunnerJob) {
  const set = await service.fusionSet('small');
  const record = temporaryFolder('fusegate-record-');
  const deploy = path.join(record, 'deploy');
  mkdirSync(deploy);
  const variables = { ...SHORT_WAITS, RECORD: record };
  const dir = userRepository({
    'bitrise.yml': {
      format_version: '13',
      app: { envs: Object.entries(variables).map(([name, value]) => ({ [name]: value })) },
      workflows: {
        protect: {
          steps: [
            {
              'path::./fusegate': {
                inputs: [
                  { server_url: service.url },
                  { app: APP },
                  { fusion_set_id: set.id },
                  { sign: 'private' },
                  { signing_fingerprint: FINGERPRINT },
                  { required_features: job.required },
                ],
              },
            },
            { 'path::./record': {} },
          ],
        },
      },
    },
    'secrets.yml': { envs: [{ APPDOME_API_KEY: job.apiKey }] },
    // What a step after ours sees, written down for us. A step of the library would have to be downloaded.
    'record/step.yml': {
      title: 'Record',
      summary: 'Writes down what it sees',
      website: 'https://example.com',
      is_always_run: true,
      toolkit: { bash: { entry_file: 'step.sh' } },
    },
    'record/step.sh': [
      '#!/usr/bin/env bash',
      'set -e',
      `for name in ${SEEN.join(' ')}; do printf '%s=%s\\n' "$name" "\${!name:-}"; done > "$RECORD/seen.txt"`,
      'if [ -f "$FUSEGATE_RESULT" ]; then cp "$FUSEGATE_RESULT" "$RECORD/result.json"; fi',
      '',
    ].join('\n'),
  });
  cpSync(path.join(layouts, 'bitrise-step'), path.join(dir, 'fusegate'), { recursive: true });
  const end = await runChild('bitrise', ['run', 'protect', '--config', 'bitrise.yml', '--inventory', 'secrets.yml'], {
    cwd: dir,
    env: { ...env, BITRISE_DEPLOY_DIR: deploy },
  });
  const file = path.join(record, 'seen.txt');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  const result = path.join(record, 'result.json');
  return {
    exit: end.exit,
    log: end.stdout + end.stderr,
    seen: Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    ),
    deployed: readdirSync(deploy, { recursive: true, encoding: 'utf8' }),
    result: existsSync(result) ? JSON.parse(readFileSync(result, 'utf8')) : undefined,
  };
}

it('has a manifest that stepman accepts', async () => {
  const step = path.join(layouts, 'bitrise-step/step.yml');
  const end = await runChild('stepman', ['audit', '--step-yml', step], { cwd: temporaryFolder(), env });
  expect(end.exit, end.stdout + end.stderr).toBe(0);
});

it('passes: a later step has the app and the outputs', async () => {
  const end = await bitrise(PASSES);
  expect(end.exit, end.log).toBe(0);
  expect(end.seen).toMatchObject({
    FUSEGATE_VERDICT: 'pass',
    FUSEGATE_MISSING_FEATURES: '',
    BITRISE_BUILD_STATUS: '0',
  });
  expect(end.seen.FUSEGATE_SHA256).toMatch(/^[0-9a-f]{64}$/);
  expect(existsSync(end.seen.FUSEGATE_PROTECTED_APP ?? '')).toBe(true);
  expect(end.result).toMatchObject({ verdict: 'pass', ci: { system: 'bitrise' } });
  expect(end.deployed.filter((name) => name.includes('private'))).toEqual([]);
  expect(end.log).not.toContain(API_KEY);
});

it('fails where a protection is not proven', async () => {
  const end = await bitrise(FAILS);
  expect(end.exit, end.log).not.toBe(0);
  expect(end.seen).toMatchObject({
    FUSEGATE_VERDICT: 'fail',
    FUSEGATE_PROTECTED_APP: '',
    FUSEGATE_MISSING_FEATURES: 'Detect Developer Options',
    BITRISE_BUILD_STATUS: '1',
  });
  expect(end.result).toMatchObject({ verdict: 'fail', exitCode: 6 });
  expect(end.log).not.toContain(API_KEY);
});

it('errs where the key is refused, and does not print it', async () => {
  const end = await bitrise(REFUSED);
  expect(end.exit, end.log).not.toBe(0);
  expect(end.seen).toMatchObject({ FUSEGATE_VERDICT: 'error', FUSEGATE_PROTECTED_APP: '' });
  expect(end.log).not.toContain(REFUSED.apiKey);
});
