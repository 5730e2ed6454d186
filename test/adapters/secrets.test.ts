/**
 * A secret in every secret option of Azure, Bitrise and Jenkins arrives intact at the service and is nowhere else: not in the log, in a
 * file, or in the arguments of a child. (GitHub has a test of its own.)
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { isOn } from '@fusegate/shared/options/spelling';
import { OPTIONS } from '@fusegate/shared/options/table';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeApk } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { runTask } from './support/azure-agent.ts';
import { canary, leaks } from './support/canaries.ts';
import { ADAPTERS, runJob, systemOf } from './support/every-adapter.ts';
import { recordingProxy, refusingServer } from './support/recording-servers.ts';

const APP = writeApk(temporaryFolder());
let service: Service;
let set: { id: string };
beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  set = await service.fusionSet('small');
});
afterAll(() => service.stop());

const SECRETS = OPTIONS.filter(({ type }) => type.kind === 'secret');

// The CLI and GitHub have tests of their own that go further.
describe.each(ADAPTERS.filter((adapter) => adapter !== 'cli' && adapter !== 'github'))('%s', (adapter) => {
  const job = (more: Record<string, string>) => ({
    options: {
      'server-url': service.url,
      app: APP,
      'fusion-set-id': set.id,
      'required-features': 'Anti-Debugging',
      verbose: 'true',
      ...more,
    },
  });

  it('the API key: to the API, in its header', async () => {
    const api = await refusingServer();
    const secret = 'cnry-api-key_7Kq9.Zx+/=~31x';
    const end = await runJob(
      adapter,
      job({ 'api-key': secret, 'server-url': api.url, sign: 'private', 'signing-fingerprint': 'd4'.repeat(32) }),
    );
    await api.close();
    expect(end.result?.exitCode, end.log).toBe(3);
    expect(api.seen.some((headers) => headers.includes(secret))).toBe(true);
    expect(leaks({ secret }, end.places)).toEqual([]);
  });

  it('signing passwords: as they are, also when the service repeats them in an error', async () => {
    const keystore = path.join(temporaryFolder(), 'upload.keystore');
    writeFileSync(keystore, '\0synthetic keystore');
    const api = await recordingProxy(service.url);
    const secrets = { 'keystore-password': canary(`${adapter}-store`), 'key-password': canary(`${adapter}-key`) };
    const options = {
      'api-key': API_KEY,
      'server-url': api.url,
      sign: 'on-appdome',
      keystore,
      'keystore-alias': 'upload',
      ...secrets,
    };
    const green = await runJob(adapter, job(options));
    expect(green.red, green.log).toBe(false);
    const sent = api.seen.join('\n');
    // The overrides are one JSON text in a form field.
    for (const [name, secret] of Object.entries(secrets))
      expect(sent.includes(JSON.stringify(secret)), name).toBe(true);
    expect(leaks({ ...secrets, 'api-key': API_KEY }, green.places)).toEqual([]);

    await service.addFaults([
      { times: 1, do: { kind: 'taskError', stage: 'sign', message: `Bad password ${secrets['keystore-password']}` } },
    ]);
    const red = await runJob(adapter, job({ ...options, resume: 'new' }));
    await service.clearFaults();
    await api.close();
    expect(red.result?.exitCode, red.log).toBe(5);
    expect(leaks({ ...secrets, 'api-key': API_KEY }, red.places)).toEqual([]);
  });

  it('words of our own texts as passwords: masked where the service says them, and nowhere else', async () => {
    const keystore = path.join(temporaryFolder(), 'upload.keystore');
    writeFileSync(keystore, '\0synthetic keystore');
    const options = {
      'api-key': API_KEY,
      'server-url': service.url,
      sign: 'on-appdome',
      keystore,
      'keystore-alias': 'upload',
      'keystore-password': 'service',
      'key-password': 'satisfied',
      resume: 'new',
    };
    const green = await runJob(adapter, job(options));
    expect(green.red, green.log).toBe(false);
    expect(green.result?.requirements.map(({ outcome }) => outcome)).toEqual(['satisfied']);
    expect(green.places.map(({ text }) => text).join('\n')).not.toContain('***');

    const message = 'Bad password service, not satisfied';
    await service.addFaults([{ times: 1, do: { kind: 'taskError', stage: 'sign', message } }]);
    const red = await runJob(adapter, job(options));
    await service.clearFaults();
    expect(red.result?.findings.map((finding) => finding.message).join('\n')).toContain('Bad password ***, not ***');
    expect(red.log).toContain('Bad password ***, not ***');
    expect(red.places.map(({ text }) => text).join('\n')).not.toContain('password service');
  });

  it.each(SECRETS.filter((option) => isOn(option, systemOf(adapter))).map(({ id, type }) => ({ id, type })))(
    '$id is shown nowhere when the inputs are wrong',
    async ({ id, type }) => {
      const token = type.kind === 'secret' && type.form === 'token';
      const secret = token ? `cnry-${id}-7Kq9x_1` : canary(id);
      const end = await runJob(adapter, { options: { app: 'nowhere.apk', timeout: '55', [id]: secret } });
      expect(end.red).toBe(true);
      expect(end.log).toContain('nowhere.apk');
      expect(leaks({ [id]: secret }, end.places)).toEqual([]);
    },
  );
});

it('Azure is told what to mask before anything else is said, in every form', async () => {
  const secret = canary('masked');
  const end = await runTask({ inputs: { app: 'nowhere.apk', keystorePassword: secret, sign: 'on-appdome' } });
  expect([...end.masks]).toEqual(
    expect.arrayContaining([secret, Buffer.from(secret).toString('base64'), JSON.stringify(secret).slice(1, -1)]),
  );
  const lastMask = end.commands.map(({ name }) => name).lastIndexOf('task.setsecret');
  const firstText = end.commands.findIndex(({ name }) => name === 'task.logissue');
  expect(lastMask).toBeLessThan(firstText);
});

it('with System.Debug on Azure nothing but the lines of task-lib itself holds an input', async () => {
  const secret = canary('debugged');
  const end = await runTask({
    inputs: { app: 'nowhere.apk', keystorePassword: secret, sign: 'on-appdome' },
    debug: true,
  });
  const withSecret = end.stdout.split('\n').filter((line) => line.includes(secret));
  // The agent masks them: the value of the input is a secret variable of the pipeline.
  for (const line of withSecret)
    expect(line).toMatch(/^##vso\[(task\.debug\](keystorePassword|loading)|task\.setsecret\])/);
});
