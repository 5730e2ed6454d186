/** A run of a fleet against the embedded service while its account is busy, from the fleet file to the build. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '@fusegate/shared/model/clock';
import { expect, it, onTestFinished } from 'vitest';
import { writeSampleApp } from '../../emulator/src/apps/sample/sample-app.ts';
import { startEmulator } from '../../emulator/src/emulator.ts';
import { FUSION_SET_IDS } from '../../emulator/src/fusion-sets/built-in.ts';
import { temporaryFolder } from '../../shared/test/support/folder.ts';
import { runCommandLine } from '../src/command-line.ts';
import { fakeIo } from './fake-io.ts';

const FLEET = `version: 1
apps:
  - app: sample/app.apk
    name: acme
    sign: private
    signing-fingerprint: ${'AB12'.repeat(10)}
    fusion-set-id: ${FUSION_SET_IDS.androidFull}
    required-features: [Root Detection]
`;

it('waits until the account has a session free, then starts its build', async () => {
  const cwd = await temporaryFolder();
  const emulator = await startEmulator({ timeScale: 0, dataDir: cwd });
  onTestFinished(() => emulator.close());
  await writeSampleApp(cwd);
  writeFileSync(path.join(cwd, 'fusegate.fleet.yml'), FLEET);
  const control = async (what: string, body: unknown) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await fetch(`${emulator.url}/__emulator/${what}`, init);
    expect(answer.ok, await answer.text()).toBe(true);
  };
  await control('settings', { buildLimit: 1 });
  // The rest of a run takes seconds and is another test's.
  const failed = { kind: 'taskError', stage: 'fuse', message: 'No' };
  const busy = { kind: 'patchJson', set: { active: 1 } };
  await control('faults', [{ match: { path: '/api/v1/sessions/limit' }, times: 2, do: busy }, { do: failed }]);

  const io = fakeIo({
    cwd,
    clock: systemClock,
    // No pause before a request is sent again.
    random: () => 0,
    environment: { APPDOME_SERVER_BASE_URL: emulator.url, APPDOME_API_KEY: emulator.apiKey },
  });
  const words = ['run', '--fleet', 'fusegate.fleet.yml', '--fleet-app', 'acme', '--poll-min', '20ms'];
  expect(await runCommandLine(words, io), io.stderr.text).toBe(5);
  const said = io.stdout.text + io.stderr.text;
  expect(said.match(/build: 1 of 1 .*/g)).toHaveLength(2);
  expect(said).toContain(emulator.url);
  const result = JSON.parse(readFileSync(path.join(cwd, 'fusegate-output/acme/fusegate-result.json'), 'utf8'));
  expect(result).toMatchObject({ findings: [{ code: 'service.build-failed' }, {}], fleet: { app: 'acme' } });
  const { requests, violations } = await (await fetch(`${emulator.url}/__emulator/state`)).json();
  expect(requests.filter((each: { path: string }) => each.path.endsWith('/sessions/limit'))).toHaveLength(3);
  expect(violations).toEqual([]);
});
