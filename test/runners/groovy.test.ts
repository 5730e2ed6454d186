/** `fusegate(...)` of the shared library under a real Groovy, with the pipeline's steps stood in for; a controller cannot be had. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT, runChild } from '../adapters/support/child-process.ts';
import { groovyEnvironment, runLibrary } from '../adapters/support/jenkins.ts';
import { settingsApk } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { FAILS, FINGERPRINT, PASSES, REFUSED, type RunnerJob } from './support/job.ts';

let service: Service;

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
});
afterAll(() => service.stop());

async function library(job: RunnerJob, more: Record<string, unknown> = {}) {
  const groovy = groovyEnvironment();
  if (typeof groovy === 'string') throw new Error(groovy);
  const set = await service.fusionSet('small');
  return runLibrary(groovy, {
    arguments: {
      app: settingsApk(),
      fusionSetId: set.id,
      sign: 'private',
      signingFingerprint: FINGERPRINT,
      requiredFeatures: [job.required],
      serverUrl: service.url,
      credentials: { apiKey: 'appdome' },
      ...more,
    },
    credentials: { appdome: job.apiKey },
  });
}

it('passes: publishes, archives, returns the outputs', async () => {
  const end = await library(PASSES);
  expect(end.error, end.log).toBeNull();
  expect(end.returned).toMatchObject({ verdict: 'pass', missingFeatures: '' });
  expect(existsSync(path.resolve(end.workspace, end.returned?.protectedApp ?? ''))).toBe(true);
  expect(end.steps.map(({ step }) => step)).toEqual(
    expect.arrayContaining(['withCredentials', 'sh', 'junit', 'archiveArtifacts']),
  );
  expect(readdirSync(`${end.workspace}@tmp`)).toEqual([]);
  expect(end.log).not.toContain(API_KEY);
});

it('fails where a protection is not proven', async () => {
  const end = await library(FAILS);
  expect(end.error).toMatch(/verdict fail \(exit 6\), not proven: Detect Developer Options/);
  expect(end.steps.map(({ step }) => step)).toContain('junit');
  expect(end.returned).toBeNull();
});

it('marks the build unstable where that is asked for', async () => {
  const end = await library(FAILS, { unstable: true });
  expect(end.error).toBeNull();
  expect(end.unstable).toMatch(/verdict fail/);
});

it('errs where the key is refused, and does not print it', async () => {
  const end = await library(REFUSED, { unstable: true });
  expect(end.error).toMatch(/verdict error \(exit 3\)/);
  expect(end.unstable).toBeNull();
  expect(end.log).not.toContain(REFUSED.apiKey);
});

it('runs every app of a fleet, and brings back the results that there are, whatever becomes of one', async () => {
  const groovy = groovyEnvironment();
  if (typeof groovy === 'string') throw new Error(groovy);
  const file = path.join(temporaryFolder(), 'record.json');
  const resultOf = (name: string) => path.join(path.dirname(file), 'fusegate-output', name, 'fusegate-result.json');
  for (const name of ['acme', 'globex', 'hooli']) {
    mkdirSync(path.dirname(resultOf(name)), { recursive: true });
    writeFileSync(resultOf(name), 'earlier');
  }
  const end = await runChild(
    'groovy',
    [
      path.join(ROOT, 'test/adapters/support/jenkins-fleet-stub.groovy'),
      path.join(ROOT, 'jenkins-shim/vars/fusegateFleet.groovy'),
      'acme@0123456789abcdef\nglobex@0123456789abcdef\nhooli@0123456789abcdef\n',
      'globex@0123456789abcdef',
      file,
    ],
    { cwd: path.dirname(file), env: groovy },
  );
  expect(existsSync(file), end.stdout + end.stderr).toBe(true);
  const { steps, error } = JSON.parse(readFileSync(file, 'utf8'));
  const of = (step: string) => steps.filter((each: { step: string }) => each.step === step);
  expect(error).toContain('globex');
  expect(of('parallel')).toEqual([{ step: 'parallel', branches: ['acme', 'globex', 'hooli'] }]);
  expect(of('fusegate').map(({ options }: { options: unknown }) => options)).toEqual(
    ['acme', 'globex'].map((name) => ({
      fleet: 'f.yml',
      fleetApp: `${name}@0123456789abcdef`,
      credentials: { apiKey: 'appdome' },
    })),
  );
  expect(of('prepare')).toHaveLength(2);
  expect(of('unstash').map(({ name }: { name: string }) => name)).toEqual([
    'fusegate-acme',
    'fusegate-globex',
    'fusegate-hooli',
  ]);
  // An app without a result in this build has none, whatever an earlier build left.
  expect(readFileSync(resultOf('acme'), 'utf8')).toBe('new');
  expect(['globex', 'hooli'].map((name) => existsSync(resultOf(name)))).toEqual([false, false]);
});
