/** A fleet of six apps as the child pipeline that `fusegate plan` prints, run by gitlab-ci-local: each job runs one app, the last one joins. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT, runChild } from '../adapters/support/child-process.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { makeClone } from './support/git.ts';
import { APP, FAILS, FINGERPRINT, PASSES, runnerEnvironment, SHORT_WAITS, userRepository } from './support/job.ts';

/** Its command needs a newer Node than ours may be, so it is started by that one. */
const GITLAB_CI_LOCAL = path.join(
  path.dirname(createRequire(import.meta.url).resolve('gitlab-ci-local/package.json')),
  'dist/index.js',
);
const CLI = path.join(ROOT, 'cli/dist/fusegate.cjs');
const APPS = ['acme', 'globex', 'hooli', 'initech', 'umbrella', 'wayne'];
const FLEET = 'fusegate.fleet.yml';

let service: Service;

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
});
afterAll(() => service.stop());

/** @param failing the app whose Fusion Set lacks what it requires */
async function pipeline(failing?: string, change: (dir: string) => void = () => {}) {
  const set = await service.fusionSet('small');
  const dir = userRepository({
    [FLEET]: {
      version: 1,
      defaults: {
        'fusion-set-id': set.id,
        sign: 'private',
        'signing-fingerprint': FINGERPRINT,
        'required-features': [PASSES.required],
      },
      apps: APPS.map((name) => ({
        app: `apps/${name}.apk`,
        ...(name === failing ? { 'required-features': [FAILS.required] } : {}),
      })),
    },
    '.gitlab-ci-local-variables.yml': {
      ...SHORT_WAITS,
      APPDOME_API_KEY: API_KEY,
      APPDOME_SERVER_BASE_URL: service.url,
      // A value that begins with a slash is a variable of the type File there.
      FUSEGATE: `env ${process.execPath} ${CLI}`,
    },
    '.gitignore': '.gitlab-ci-local*\n',
  });
  mkdirSync(path.join(dir, 'apps'));
  for (const name of APPS) copyFileSync(path.join(dir, APP), path.join(dir, `apps/${name}.apk`));
  const planned = await runChild(process.execPath, [CLI, 'plan', '--fleet', FLEET, '--format', 'gitlab'], {
    cwd: dir,
    env: runnerEnvironment(),
  });
  expect(planned.exit, planned.stderr).toBe(0);
  writeFileSync(path.join(dir, '.gitlab-ci.yml'), planned.stdout);
  change(dir);
  makeClone(dir);
  const node = process.env.FUSEGATE_RUNNERS_NODE ?? process.execPath;
  // With isolation, a job has the files of the repository and the artifacts of those before it, and no others.
  const end = await runChild(node, [GITLAB_CI_LOCAL, '--force-shell-executor', '--shell-isolation', '--no-color'], {
    cwd: dir,
    env: runnerEnvironment(),
  });
  const artifact = (name: string) => {
    const file = path.join(dir, '.gitlab-ci-local/artifacts/fusegate-report/fusegate-fleet', name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  const resultOf = (app: string) => {
    const file = path.join(
      dir,
      '.gitlab-ci-local/artifacts',
      `protect-${app}/fusegate-output/${app}/fusegate-result.json`,
    );
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  };
  return { exit: end.exit, log: end.stdout + end.stderr, artifact, resultOf };
}

it('is green where every app passes', async () => {
  const { exit, log, artifact, resultOf } = await pipeline();
  expect(exit, log).toBe(0);
  expect(log).toMatch(/> verdict: pass$/m);
  expect(artifact('fusegate-report.html')).toContain('6 pass');
  const plans = new Set(APPS.map((app) => resultOf(app)?.fleet?.plan));
  expect(plans.size).toBe(1);
  expect(log).not.toContain(API_KEY);
});

it('is red where one app fails, and the joined report names it', async () => {
  const { exit, log, artifact, resultOf } = await pipeline('hooli');
  expect(exit, log).toBe(1);
  expect(resultOf('hooli')).toMatchObject({ verdict: 'fail', fleet: { app: 'hooli' } });
  expect(resultOf('acme')).toMatchObject({ verdict: 'pass', fleet: { app: 'acme' } });
  expect(log).toMatch(/> fail +hooli +.*Detect Developer Options/);
  expect(log).toMatch(/FAIL +fusegate-report/);
  expect(artifact('fusegate-report.html')).toContain('5 pass');
  expect(artifact('fusegate-report.html')).toContain('hooli');
  expect(artifact('fusegate-junit.xml')).toMatch(
    /<testcase classname="hooli\.fusegate\.feature" name="Detect Developer Options"/,
  );
});

it('is red where an app has no result', async () => {
  const { exit, log, artifact } = await pipeline(undefined, (dir) => {
    const file = path.join(dir, '.gitlab-ci.yml');
    // As if nobody had planned it.
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^protect-wayne:\n(?: .*\n)+/m, ''));
  });
  expect(exit, log).toBe(1);
  expect(log).toMatch(/> error +wayne /);
  expect(artifact('fusegate-report.html')).toContain('wayne');
});
