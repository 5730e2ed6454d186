/** `fusegate(...)` of the shared library under a real Groovy, with the pipeline's steps stood in for; a controller cannot be had. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { groovyEnvironment, runLibrary } from '../adapters/support/jenkins.ts';
import { settingsApk } from '../e2e/support/apps.ts';
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
