/** A build that is taken up again by its id alone: the file that comes back is held against the certificate all the same. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeAab } from './support/apps.ts';
import { runCli, temporaryFolder } from './support/cli.ts';
import { API_KEY, type Service, startService } from './support/service.ts';

let service: Service;
let env: Record<string, string>;
let buildId: string;

beforeAll(async () => {
  service = await startService();
  env = { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url };
  const set = await service.fusionSet('all detections');
  const dir = temporaryFolder();
  const keystore = path.join(dir, 'upload.keystore');
  writeFileSync(keystore, '\0synthetic keystore');
  const signing = ['--sign', 'on-appdome', '--keystore', keystore, '--keystore-alias', 'upload'];
  const job = ['run', '--app', writeAab(dir), '--fusion-set-id', set.id, ...signing];
  const end = await runCli([...job, '--required-features', 'Root Detection'], {
    env: { ...env, FUSEGATE_KEYSTORE_PASSWORD: 'first-password', FUSEGATE_KEY_PASSWORD: 'second-password' },
  });
  expect(end.exit).toBe(0);
  buildId = end.result?.ids.buildId ?? '';
});
afterAll(() => service.stop());

describe('build-id of a build that Appdome has signed, with another signing method', () => {
  const job = () => [
    'run',
    '--build-id',
    buildId,
    '--sign',
    'private',
    '--signing-fingerprint',
    'a1'.repeat(32),
    '--platform',
    'android',
    '--required-features',
    'Root Detection',
  ];

  it('binds the file that Appdome has signed', async () => {
    const end = await runCli(job(), { env });
    expect(end.exit).toBe(0);
    expect(end.result?.binding).toMatchObject({ level: 'file', finalMatches: true });
  });

  it('lets no file pass that the certificate does not print the hash of', async () => {
    await service.addFaults([
      { match: { path: '**/certificate' }, do: { kind: 'certificate', finalSha256: 'c'.repeat(64) } },
    ]);
    const end = await runCli(job(), { env });
    expect(end.exit).toBe(8);
    expect(end.result?.findings.map(({ code }) => code)).toContain('binding.mismatch');
    expect(end.result?.files.some(({ role }) => role === 'protected-app')).toBe(false);
    expect(existsSync(path.join(end.dir, 'rejected'))).toBe(true);
  });
});
