/**
 * Does the app listen: what the certificate's warning proves, and what the check before the upload finds, on one app that registers for
 * one event, only names another, and does not know a third.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeZip } from './support/apps.ts';
import { type CliEnd, ROOT, runCli, temporaryFolder } from './support/cli.ts';
import { API_KEY, type Service, startService } from './support/service.ts';

/** Its sources are beside it: com.example.app registers RootedDevice, names UnknownSourcesEnabled, and lacks DebuggerThreatDetected. */
const DEX = readFileSync(path.join(ROOT, 'shared/test/threat-events/app/fixtures/android/classes.dex'));

let service: Service;
let app = '';
let job: string[] = [];
let env: Record<string, string> = {};

beforeAll(async () => {
  service = await startService();
  const set = await service.fusionSet('searched in your app');
  const manifest = '<manifest package="com.example.app"/>';
  app = writeZip(temporaryFolder(), 'shop.apk', { 'AndroidManifest.xml': manifest, 'classes.dex': DEX });
  job = ['run', '--app', app, '--fusion-set-id', set.id, '--sign', 'private', '--signing-fingerprint', 'a1'.repeat(32)];
  env = { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url };
});
afterAll(() => service.stop());

const run = (feature: string, ...more: string[]) => runCli([...job, '--required-features', feature, ...more], { env });
const listened = ({ result }: CliEnd) => result?.listening?.events.map(({ name, outcome }) => [name, outcome]);
const about = ({ result }: CliEnd, event: string) =>
  result?.findings.filter(({ message }) => message.includes(event)).map(({ code, level }) => [code, level]);

describe('an event that the app', () => {
  it('registers: no warning of the certificate, and none of ours', async () => {
    const end = await run('Root Detection');
    expect(end).toMatchObject({ exit: 0, result: { verdict: 'pass' } });
    expect(end.result?.certificate.missingListeners).not.toContain('RootedDevice');
    expect(listened(end)).toEqual([['RootedDevice', 'registered']]);
    expect(about(end, 'RootedDevice')).toEqual([]);
  });

  it('only names: no warning of the certificate, and one of ours', async () => {
    const end = await run('Detect Unknown Sources');
    expect(end).toMatchObject({ exit: 0, result: { verdict: 'pass' } });
    expect(end.result?.certificate.missingListeners).not.toContain('UnknownSourcesEnabled');
    expect(listened(end)).toEqual([['UnknownSourcesEnabled', 'named']]);
    expect(about(end, 'UnknownSourcesEnabled')).toEqual([['listener.not-tied', 'warning']]);
  });

  it('does not know: a warning of the certificate, which fails the gate, and one of ours', async () => {
    const end = await run('Anti-Debugging');
    expect(end).toMatchObject({ exit: 6, result: { requirements: [{ outcome: 'no-listener' }] } });
    expect(end.result?.certificate.missingListeners).toContain('DebuggerThreatDetected');
    expect(listened(end)).toEqual([['DebuggerThreatDetected', 'absent']]);
    expect(about(end, 'DebuggerThreatDetected')).toContainEqual(['listener.not-found', 'warning']);
  });
});

describe('with listeners: fail', () => {
  it.each([
    ['Detect Unknown Sources', 'named', 8, 'error', []],
    ['Anti-Debugging', 'absent', 6, 'fail', ['Anti-Debugging']],
  ])(
    '%s stops before the upload, because its event is %s',
    async (feature, outcome, exit, verdict, missingFeatures) => {
      const before = (await service.state()).apps.length;
      const end = await run(feature, '--listeners', 'fail');
      expect(end).toMatchObject({ exit, result: { verdict, missingFeatures, ids: {} } });
      expect(listened(end)?.map(([, each]) => each)).toEqual([outcome]);
      expect((await service.state()).apps).toHaveLength(before);
    },
  );

  it('goes on where the app listens', async () => {
    expect(await run('Root Detection', '--listeners', 'fail')).toMatchObject({ exit: 0, result: { verdict: 'pass' } });
  });
});
