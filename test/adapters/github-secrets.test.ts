/** A secret in every secret input arrives intact at the service and is nowhere else. */

import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { aliasNames, isOn } from '@fusegate/shared/options/spelling';
import { GITHUB } from '@fusegate/shared/options/systems/github';
import { OPTIONS } from '@fusegate/shared/options/table';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { settingsApk } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { canary, filesBelow, leaks } from './support/canaries.ts';
import { runStep, type StepEnd } from './support/github-runner.ts';

const SECRETS = OPTIONS.filter((option) => option.type.kind === 'secret' && isOn(option, GITHUB));

let service: Service;
let set: { id: string };
beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  set = await service.fusionSet('small');
});
afterAll(() => service.stop());

/** Everything that a run writes or starts, mask commands aside. */
function placesOf(end: StepEnd) {
  const withoutMasks = (text: string) =>
    text
      .split('\n')
      .filter((line) => !line.startsWith('::add-mask::'))
      .join('\n');
  return [
    { where: 'stdout', text: withoutMasks(end.stdout) },
    { where: 'stderr', text: end.stderr },
    { where: 'post', text: `${end.post?.stdout}${end.post?.stderr}` },
    { where: 'argv of children', text: end.children },
    ...filesBelow(end.workspace),
    ...filesBelow(end.temp),
  ];
}

/** A server that writes down what it was sent and refuses it. */
async function listener() {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(JSON.stringify(request.headers));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push(Buffer.concat(chunks).toString('utf8'));
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"message":"no"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, seen, close: () => new Promise((resolve) => server.close(resolve)) };
}

function job(more: Record<string, string>): Record<string, string> {
  return {
    'server-url': service.url,
    app: settingsApk(),
    'fusion-set-id': set.id,
    'required-features': 'Anti-Debugging',
    verbose: 'true',
    ...more,
  };
}

it('has a test below for every secret of this version', () => {
  expect(SECRETS.map(({ id }) => id).sort()).toEqual(
    ['api-key', 'datadog-api-key', 'github-token', 'key-password', 'keystore-password', 'p12-password'].sort(),
  );
});

it('the API key: to the API, in its header, and nowhere else', async () => {
  const api = await listener();
  const secret = 'cnry-api-key_7Kq9.Zx+/=~31x';
  const end = await runStep({
    with: job({ 'api-key': secret, 'server-url': api.url, sign: 'private', 'signing-fingerprint': 'd4'.repeat(32) }),
  });
  await api.close();
  expect(end.exit).toBe(3);
  expect(api.seen.some((headers) => headers.includes(secret))).toBe(true);
  expect(leaks({ secret }, placesOf(end))).toEqual([]);
  expect(end.reader.masks).toContain(secret);
});

it('signing passwords: to the service as they are, and nowhere else, also when it fails', async () => {
  const keystore = path.join(temporaryFolder(), 'upload.keystore');
  writeFileSync(keystore, '\0synthetic keystore');
  const api = await recordingProxy(service.url);
  const secrets = { 'keystore-password': canary('store'), 'key-password': canary('key') };
  const with_ = job({
    'api-key': API_KEY,
    'server-url': api.url,
    sign: 'on-appdome',
    keystore,
    'keystore-alias': 'upload',
    ...secrets,
  });
  const green = await runStep({ with: with_ });
  expect(green.exit).toBe(0);
  const sent = api.seen.join('\n');
  for (const [name, secret] of Object.entries(secrets)) {
    // The overrides are one JSON text in a form field.
    expect(sent.includes(JSON.stringify(secret)), name).toBe(true);
  }
  expect(leaks({ ...secrets, 'api-key': API_KEY }, placesOf(green))).toEqual([]);

  await service.addFaults([
    { times: 1, do: { kind: 'taskError', stage: 'sign', message: `Bad password ${secrets['keystore-password']}` } },
  ]);
  const red = await runStep({ with: { ...with_, resume: 'new' } });
  await service.clearFaults();
  await api.close();
  expect(red.exit).toBe(5);
  expect(leaks({ ...secrets, 'api-key': API_KEY }, placesOf(red))).toEqual([]);
});

it('official names mask alike', async () => {
  const secrets = { KEYSTORE_PASSWORD: canary('old-store'), KEYSTORE_KEY_PASSWORD: canary('old-key') };
  const end = await runStep({
    with: {
      APPDOME_API_TOKEN: 'cnry-old-token-7Kq9',
      APP_FILE: 'nowhere.apk',
      SIGN_OPTIONS: 'SIGN_ON_APPDOME',
      ...secrets,
    },
  });
  expect(end.exit).toBe(2);
  expect(leaks({ ...secrets, token: 'cnry-old-token-7Kq9' }, placesOf(end))).toEqual([]);
  for (const secret of Object.values(secrets)) expect(end.reader.masked(`x ${secret} y`)).toBe('x *** y');
});

it('every secret is masked and shown nowhere when the inputs are wrong', async () => {
  for (const option of SECRETS) {
    for (const name of [option.id, ...aliasNames(option, GITHUB)]) {
      const secret =
        option.type.kind === 'secret' && option.type.form === 'token' ? `cnry-${name}-7Kq9x_1` : canary(name);
      const end = await runStep({ with: { app: 'nowhere.apk', timeout: '55', [name]: secret } });
      expect(end.exit, name).toBe(2);
      expect(leaks({ [name]: secret }, placesOf(end)), name).toEqual([]);
      expect(end.reader.masked(secret), name).toBe('***');
    }
  }
});

/** Hands every request on to the service and keeps what was sent. */
async function recordingProxy(target: string) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      if (body.length < 100_000) seen.push(body.toString('utf8'));
      const { host: _, connection: __, ...headers } = request.headers;
      void fetch(`${target}${request.url}`, {
        method: request.method ?? 'GET',
        headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]),
        redirect: 'manual',
        ...(body.length > 0 ? { body } : {}),
      }).then(async (answer) => {
        response.writeHead(answer.status, Object.fromEntries(answer.headers));
        response.end(Buffer.from(await answer.arrayBuffer()));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, seen, close: () => new Promise((resolve) => server.close(resolve)) };
}
