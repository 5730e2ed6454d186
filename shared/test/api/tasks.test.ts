import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiServer, json, serve } from '../support/api-server.ts';
import { testClient, testContext } from '../support/call.ts';
import { errorOf } from '../support/errors.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fieldsOf, partsOf } from '../support/multipart.ts';

let server: ApiServer | undefined;
afterEach(() => server?.close());

const accepting = () => serve((_request, response) => json(response, { task_id: 'build-1' }));

describe('the actions', () => {
  it('fuse: overrides only when there are any, with real types', async () => {
    server = await accepting();
    const { client } = testClient(server.url);
    await client.fuse({ appId: 'app-1', fusionSetId: 'set-1', overrides: {} }, testContext());
    await client.fuse({ appId: 'app-1', fusionSetId: 'set-1', overrides: { extended_logs: true } }, testContext());
    const [plain, overridden] = server.requests.map(fieldsOf);
    expect(plain).toEqual({ action: 'fuse', app_id: 'app-1', fusion_set_id: 'set-1' });
    expect(overridden?.overrides).toBe('{"extended_logs":true}');
  });

  it('context and seal: the build and the overrides, no file', async () => {
    server = await accepting();
    const { client } = testClient(server.url);
    await client.context({ buildId: 'build-1', overrides: { a: '1' } }, testContext());
    await client.seal({ buildId: 'build-1', overrides: {} }, testContext());
    expect(server.requests.map(fieldsOf)).toEqual([
      { action: 'context', parent_task_id: 'build-1', overrides: '{"a":"1"}' },
      { action: 'seal', parent_task_id: 'build-1', overrides: '{}' },
    ]);
  });

  it('sign: the keystore by its base name, byte for byte, with the exact length', async () => {
    server = await accepting();
    const keystore = path.join(await temporaryFolder(), 'release "1".jks');
    const bytes = Buffer.from([0xfe, 0xed, 0xfe, 0xed, 0, 13, 10, 255, 128]);
    await writeFile(keystore, bytes);
    const { client } = testClient(server.url);
    await client.sign({ buildId: 'build-1', keystore, overrides: { signing_keystore_alias: 'k' } }, testContext());
    const [request] = server.requests;
    if (request === undefined) throw new Error('no request');
    const file = partsOf(request).find((part) => part.name === 'signing_keystore');
    expect(file?.filename).toBe('release %221%22.jks');
    expect(file?.content.equals(bytes)).toBe(true);
    expect(request.headers['content-length']).toBe(String(request.body.length));
    expect(request.headers['transfer-encoding']).toBeUndefined();
    expect(fieldsOf(request)).toMatchObject({ action: 'sign', parent_task_id: 'build-1' });
  });

  it('sign: a keystore that is not there, or empty, is told and nothing is sent', async () => {
    server = await accepting();
    const folder = await temporaryFolder();
    const empty = path.join(folder, 'empty.jks');
    await writeFile(empty, '');
    const { client } = testClient(server.url);
    for (const keystore of [path.join(folder, 'none.jks'), empty, folder]) {
      const error = await errorOf(client.sign({ buildId: 'build-1', keystore, overrides: {} }, testContext()));
      expect(error.code, keystore).toBe('usage.invalid');
    }
    expect(server.requests).toHaveLength(0);
  });
});

describe('the status', () => {
  it('comes with every message that has a text, also at the end', async () => {
    server = await serve((_request, response) =>
      json(response, {
        status: 'completed',
        obfuscationMapExists: false,
        messages: [
          { message: { text: 'Adding\nsecurity' }, message_type: 'info', creation_time: '2026-01-01T10:00:05.000Z' },
          { message: 'plain' },
          { message: { text: 7 } },
          null,
          'x',
        ],
      }),
    );
    const { client } = testClient(server.url);
    expect(await client.taskStatus('build-1', undefined, testContext())).toEqual({
      status: 'completed',
      obfuscationMapExists: false,
      messages: [{ text: 'Adding security', type: 'info', createdAt: '2026-01-01T10:00:05.000Z' }, { text: 'plain' }],
    });
  });

  it('says why it failed', async () => {
    server = await serve((_request, response) =>
      json(response, { status: 'error', message: { text: 'Keystore password is wrong' } }),
    );
    const { client } = testClient(server.url);
    expect(await client.taskStatus('build-1', undefined, testContext())).toMatchObject({
      status: 'error',
      message: 'Keystore password is wrong',
    });
  });
});
