/** The Marketplace repository under nektos/act in host mode: expressions, outputs, masking and the post step are act's, not ours. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeReleaseLayouts } from '../../scripts/release-layouts.mjs';
import { runChild } from '../adapters/support/child-process.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { makeClone } from './support/git.ts';
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

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  layouts = temporaryFolder('fusegate-release-');
  expect(writeReleaseLayouts(layouts).problems).toEqual([]);
});
afterAll(() => service.stop());

const expression = (text: string) => `\${{ ${text} }}`;

const SEEN = ['VERDICT', 'OUTCOME', 'CONCLUSION', 'APP', 'MISSING', 'SHA256', 'RESULT', 'JOB'] as const;

/** What a step after ours sees, written down for us. */
const RECORD_STEP = {
  if: 'always()',
  env: {
    VERDICT: expression('steps.protect.outputs.verdict'),
    OUTCOME: expression('steps.protect.outcome'),
    CONCLUSION: expression('steps.protect.conclusion'),
    APP: expression('steps.protect.outputs.protected-app'),
    MISSING: expression('steps.protect.outputs.missing-features'),
    SHA256: expression('steps.protect.outputs.sha256'),
    RESULT: expression('steps.protect.outputs.result'),
    JOB: expression('job.status'),
  },
  run: [
    `for name in ${SEEN.join(' ')}; do printf '%s=%s\\n' "$name" "\${!name}"; done > "$RECORD/seen.txt"`,
    'if [ -n "$RESULT" ]; then cp "$RESULT" "$RECORD/result.json"; fi',
    'if [ -n "$APP" ]; then cp "$APP" "$RECORD/app"; fi',
  ].join('\n'),
  shell: 'bash',
};

async function act(job: RunnerJob, gate?: string) {
  const set = await service.fusionSet('small');
  const record = temporaryFolder('fusegate-record-');
  const dir = userRepository({
    '.github/workflows/protect.yml': {
      on: 'push',
      jobs: {
        protect: {
          'runs-on': 'ubuntu-latest',
          env: { ...SHORT_WAITS, RECORD: record },
          steps: [
            // Act does it itself where it is the repository that it runs in: nothing is fetched.
            { uses: 'actions/checkout@v5' },
            {
              id: 'protect',
              uses: './fusegate',
              with: {
                'api-key': expression('secrets.APPDOME_API_KEY'),
                'server-url': service.url,
                app: APP,
                'fusion-set-id': set.id,
                sign: 'private',
                'signing-fingerprint': FINGERPRINT,
                'required-features': job.required,
                ...(gate ? { gate } : {}),
              },
            },
            RECORD_STEP,
          ],
        },
      },
    },
  });
  cpSync(path.join(layouts, 'github-action'), path.join(dir, 'fusegate'), { recursive: true });
  makeClone(dir);
  // Act takes the host's `node` for every JavaScript action, and the secret from its own environment when only named.
  const node = path.dirname(process.env.FUSEGATE_RUNNERS_NODE ?? process.execPath);
  const env = runnerEnvironment({ APPDOME_API_KEY: job.apiKey });
  env.PATH = `${node}:${env.PATH}`;
  // Without a configuration act asks which image to download.
  mkdirSync(path.join(env.HOME ?? '', 'act'));
  writeFileSync(path.join(env.HOME ?? '', 'act/actrc'), '-P ubuntu-latest=-self-hosted\n');
  const end = await runChild('act', ['push', '--no-cache-server', '--secret', 'APPDOME_API_KEY'], { cwd: dir, env });
  const log = end.stdout + end.stderr;
  const file = path.join(record, 'seen.txt');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  const seen = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const result = path.join(record, 'result.json');
  return {
    exit: end.exit,
    log,
    seen,
    copied: existsSync(path.join(record, 'app')),
    result: existsSync(result) ? JSON.parse(readFileSync(result, 'utf8')) : undefined,
  };
}

it('passes: the job is green and a later step has the app and the outputs', async () => {
  const end = await act(PASSES);
  expect(end.exit, end.log).toBe(0);
  expect(end.seen).toMatchObject({
    VERDICT: 'pass',
    OUTCOME: 'success',
    CONCLUSION: 'success',
    MISSING: '',
    JOB: 'success',
  });
  expect(end.seen.SHA256).toMatch(/^[0-9a-f]{64}$/);
  expect(end.copied).toBe(true);
  expect(end.result).toMatchObject({ verdict: 'pass', ci: { system: 'github' } });
  expect(end.log).toMatch(/Success - Post /);
  expect(end.log).not.toContain(API_KEY);
});

it('fails where a protection is not proven: the job is red, a later step has no app', async () => {
  const end = await act(FAILS);
  expect(end.exit, end.log).toBe(1);
  expect(end.seen).toMatchObject({
    VERDICT: 'fail',
    OUTCOME: 'failure',
    CONCLUSION: 'failure',
    APP: '',
    MISSING: 'Detect Developer Options',
    JOB: 'failure',
  });
  expect(end.copied).toBe(false);
  expect(end.result).toMatchObject({ verdict: 'fail', exitCode: 6 });
  expect(end.log).not.toContain(API_KEY);
});

it('goes on where the gate only warns, with the verdict it has', async () => {
  const end = await act(FAILS, 'warn');
  expect(end.exit, end.log).toBe(0);
  expect(end.seen).toMatchObject({ VERDICT: 'fail', OUTCOME: 'success', JOB: 'success' });
});

it('errs where the key is refused, and does not print it', async () => {
  const end = await act(REFUSED);
  expect(end.exit, end.log).toBe(1);
  expect(end.seen).toMatchObject({ VERDICT: 'error', OUTCOME: 'failure', APP: '' });
  expect(end.log).not.toContain(REFUSED.apiKey);
});
