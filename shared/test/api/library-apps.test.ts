import { afterEach, describe, expect, it } from 'vitest';
import { type ApiServer, json, serve } from '../support/api-server.ts';
import { testClient, testContext } from '../support/call.ts';
import { errorOf } from '../support/errors.ts';

let server: ApiServer | undefined;
afterEach(() => server?.close());

async function answering(answer: unknown) {
  server = await serve((_request, response) => json(response, answer));
  return { server, ...testClient(server.url) };
}

describe('the app library', () => {
  it('names what is known of an app and keeps the rest as it came', async () => {
    const fields = {
      id: 'app-1',
      type: 'original',
      status: 'active',
      creation_time: 1751886000,
      pack_name: 'shop.aab',
      pack_type: 'aab',
      pack_bundle_identifier: 'com.example.shop',
      pack_bundle_version: '1.0',
      pack_bundle_build_number: 5,
      pack_bundle_display_name: 'Shop',
      is_pwapp: false,
    };
    const { client } = await answering({ apps: [fields, { id: 'app-2', status: 7 }] });
    expect(await client.libraryApps(testContext())).toEqual([
      {
        id: 'app-1',
        type: 'original',
        status: 'active',
        packName: 'shop.aab',
        packType: 'aab',
        bundleId: 'com.example.shop',
        version: '1.0',
        buildNumber: '5',
        displayName: 'Shop',
        fields,
      },
      { id: 'app-2', status: '7', fields: { id: 'app-2', status: 7 } },
    ]);
  });

  it('leaves out what is no app', async () => {
    const { client } = await answering({ apps: [null, 'x', {}, { id: 7 }, { id: '../x' }, { id: 'app-1' }] });
    expect((await client.libraryApps(testContext())).map(({ id }) => id)).toEqual(['app-1']);
  });

  it.each<[unknown]>([[{}], [{ apps: {} }], [[]], ['x']])('does not take %j for an empty library', async (answer) => {
    const { client } = await answering(answer);
    expect((await errorOf(client.libraryApps(testContext()))).code).toBe('api.unexpected');
  });
});
