/** The CLI as a job of GitLab CI under gitlab-ci-local: exit codes, artifacts and dotenv reports as a pipeline uses them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT, runChild } from '../adapters/support/child-process.ts';
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

/** Its command needs a newer Node than ours may be, so it is started by that one. */
const GITLAB_CI_LOCAL = path.join(
  path.dirname(createRequire(import.meta.url).resolve('gitlab-ci-local/package.json')),
  'dist/index.js',
);

/** The patterns of the page's first job, for this job's folder. */
const EXCLUDED = /exclude: \[(.*)\]/
  .exec(readFileSync(path.join(ROOT, 'docs/other-ci.md'), 'utf8'))?.[1]
  ?.split(', ')
  .map((pattern) => pattern.replace('protected/', 'fusegate-output/'));

let service: Service;

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
});
afterAll(() => service.stop());

async function gitlab(job: RunnerJob, more: Record<string, unknown> = {}) {
  const set = await service.fusionSet('small');
  const dir = userRepository({
    '.gitlab-ci.yml': {
      stages: ['protect', 'deploy'],
      variables: { ...SHORT_WAITS, NODE: process.execPath, FUSEGATE: path.join(ROOT, 'cli/dist/fusegate.cjs') },
      protect: {
        stage: 'protect',
        script: [
          [
            '"$NODE" "$FUSEGATE" run',
            `--app ${APP} --fusion-set-id ${set.id}`,
            `--sign private --signing-fingerprint ${FINGERPRINT}`,
            `--required-features "${job.required}"`,
            '--output-dir fusegate-output',
          ].join(' '),
        ],
        artifacts: {
          when: 'always',
          paths: ['fusegate-output/'],
          exclude: EXCLUDED,
          reports: { junit: 'fusegate-output/fusegate-junit.xml', dotenv: 'fusegate-output/private/fusegate.dotenv' },
        },
        ...more,
      },
      deploy: {
        stage: 'deploy',
        script: [
          'echo "the verdict is $VERDICT"',
          'test -f "$PROTECTED_APP"',
          'echo "deploying $(basename "$PROTECTED_APP")"',
        ],
      },
    },
    // Where gitlab-ci-local keeps what a project's CI/CD variables are.
    '.gitlab-ci-local-variables.yml': { APPDOME_API_KEY: job.apiKey, APPDOME_SERVER_BASE_URL: service.url },
    '.gitignore': '.gitlab-ci-local*\n',
  });
  makeClone(dir);
  const node = process.env.FUSEGATE_RUNNERS_NODE ?? process.execPath;
  const end = await runChild(node, [GITLAB_CI_LOCAL, '--force-shell-executor', '--no-color'], {
    cwd: dir,
    env: runnerEnvironment(),
  });
  const artifact = (name: string) => {
    const file = path.join(dir, '.gitlab-ci-local/artifacts/protect/fusegate-output', name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const result = artifact('fusegate-result.json');
  return {
    exit: end.exit,
    log: end.stdout + end.stderr,
    artifact,
    artifacts: readdirSync(path.join(dir, '.gitlab-ci-local/artifacts/protect/fusegate-output'), {
      recursive: true,
      encoding: 'utf8',
    }),
    result: result === undefined ? undefined : JSON.parse(result),
  };
}

/** An empty folder may be there. */
function expectNothingPrivate({ artifacts }: { artifacts: string[] }): void {
  expect(artifacts).toContain('fusegate-result.json');
  expect(artifacts.filter((name) => /^(?:private|rejected)\//.test(name))).toEqual([]);
}

it('passes: the next job has the app and the outputs', async () => {
  const end = await gitlab(PASSES);
  expect(end.exit, end.log).toBe(0);
  expect(end.log).toContain('verdict: pass');
  expect(end.log).toMatch(/> the verdict is pass$/m);
  expect(end.log).toMatch(/> deploying settings\.apk$/m);
  expect(end.result).toMatchObject({ verdict: 'pass', exitCode: 0 });
  expect(end.artifact('fusegate-junit.xml')).toContain('Anti-Debugging');
  expectNothingPrivate(end);
  expect(end.log).not.toContain(API_KEY);
});

it('fails where a protection is not proven: nothing is deployed, the reports are kept', async () => {
  const end = await gitlab(FAILS);
  expect(end.exit, end.log).toBe(1);
  expect(end.log).toContain('verdict: fail');
  expect(end.log).not.toMatch(/> (the verdict is|deploying)/);
  expect(end.result).toMatchObject({ verdict: 'fail', exitCode: 6, missingFeatures: ['Detect Developer Options'] });
  expect(end.artifact('fusegate-junit.xml')).toContain('<failure');
  expectNothingPrivate(end);
});

it('has an exit code of its own for a gate that failed, which a job may allow', async () => {
  const allowed = await gitlab(FAILS, { allow_failure: { exit_codes: [6] } });
  expect(allowed.log).toMatch(/WARN +protect/);
  // The job after it runs, and finds no app to deploy.
  expect(allowed.log).toMatch(/> the verdict is fail$/m);
  expect(allowed.log).not.toMatch(/> deploying/);
  const refused = await gitlab(REFUSED, { allow_failure: { exit_codes: [6] } });
  expect(refused.exit, refused.log).toBe(1);
  expect(refused.log).toMatch(/FAIL +protect/);
  // gitlab-ci-local goes on to the next stage here, which GitLab would not: there is no app in it either way.
  expect(refused.log).not.toMatch(/> deploying/);
});

it('errs where the key is refused, and does not print it', async () => {
  const end = await gitlab(REFUSED);
  expect(end.exit, end.log).toBe(1);
  expect(end.result).toMatchObject({ verdict: 'error', exitCode: 3 });
  expect(end.log).not.toContain(REFUSED.apiKey);
});
