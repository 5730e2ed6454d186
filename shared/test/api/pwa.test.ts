import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiServer, json, serve } from '../support/api-server.ts';
import { testClient, testContext } from '../support/call.ts';
import { errorOf } from '../support/errors.ts';
import { temporaryFolder } from '../support/folder.ts';

let server: ApiServer | undefined;
afterEach(() => server?.close());

const PWA = { address: 'https://pwa.example/start?a=1', platform: 'aab' } as const;

async function answering(answer: unknown) {
  server = await serve((_request, response) => json(response, answer));
  return { server, ...testClient(server.url) };
}

describe('an app of a web address', () => {
  it('is asked for in JSON, with the overrides as an object and profiles in base64', async () => {
    const { server, client } = await answering({ task_id: 'build-1' });
    const profile = path.join(await temporaryFolder(), 'Zoë "dev".mobileprovision');
    const bytes = Buffer.from([0, 255, 13, 10, 128]);
    await writeFile(profile, bytes);
    await client.buildPwa({ ...PWA, overrides: {} }, testContext());
    await client.buildPwa(
      { ...PWA, platform: 'ipa', appName: 'Shop', overrides: { a: true }, provisioningProfiles: [profile] },
      testContext(),
    );
    const [plain, full] = server.requests;
    expect(plain?.headers['content-type']).toBe('application/json');
    expect(plain?.body.toString()).toBe('{"pwa_address":"https://pwa.example/start?a=1","pwa_platform":"aab"}');
    expect(JSON.parse(full?.body.toString() ?? '')).toEqual({
      pwa_address: PWA.address,
      pwa_platform: 'ipa',
      pwa_app_name: 'Shop',
      overrides: {
        a: true,
        provisioning_profile: [{ filename: 'Zoë "dev".mobileprovision', content: bytes.toString('base64') }],
      },
    });
  });

  it.each<[string, unknown, unknown]>([
    [
      'apps that wait for a build',
      [{ app: { id: 'app-1', pack_name: 'a.aab', pack_bundle_build_number: 7 } }, { app: { id: 'app-2' } }],
      [
        { app: expect.objectContaining({ id: 'app-1', packName: 'a.aab', buildNumber: '7' }) },
        { app: { id: 'app-2', fields: { id: 'app-2' } } },
      ],
    ],
    [
      'an app that is being built',
      [{ app: { id: 'a' }, taskId: { task_id: 'b' } }],
      [{ app: { id: 'a', fields: { id: 'a' } }, buildId: 'b' }],
    ],
    ['the documented form', { task_id: 'b' }, [{ buildId: 'b' }]],
  ])('reads %s', async (_name, answer, expected) => {
    const { client } = await answering(answer);
    expect(await client.buildPwa(PWA, testContext())).toEqual(expected);
  });

  it.each<[unknown]>([
    [[]],
    [{}],
    [[{ app: { id: '../..' } }]],
    [{ task_id: 'a b' }],
    ['x'],
    [null],
    [{ message: 'Not yet' }],
  ])('believes nothing of %j, and a build may exist', async (answer) => {
    const { client, server } = await answering(answer);
    const error = await errorOf(client.buildPwa(PWA, testContext()));
    expect(error.code).toBe('build.may-exist');
    expect(server.requests).toHaveLength(1);
  });

  it('sends nothing when a profile cannot be read', async () => {
    const { client, server } = await answering({});
    const provisioningProfiles = [path.join(await temporaryFolder(), 'none')];
    const error = await errorOf(client.buildPwa({ ...PWA, provisioningProfiles }, testContext()));
    expect(error.code).toBe('usage.invalid');
    expect(server.requests).toHaveLength(0);
  });
});
