import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type FilePartKind, filePart } from '@fusegate/shared/api/file-parts';
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
    const files = [filePart('keystore', keystore)];
    await client.sign({ buildId: 'build-1', files, overrides: { signing_keystore_alias: 'k' } }, testContext());
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
      const error = await errorOf(
        client.sign({ buildId: 'build-1', files: [filePart('keystore', keystore)], overrides: {} }, testContext()),
      );
      expect(error.code, keystore).toBe('usage.invalid');
    }
    expect(server.requests).toHaveLength(0);
  });
});

describe('signing with several files', () => {
  const names = ['signing_p12_content', 'provisioning_profile', 'provisioning_profile', 'entitlements_files'];

  async function files() {
    const folder = await temporaryFolder();
    const make = async (kind: FilePartKind, name: string) => {
      await writeFile(path.join(folder, name), `${name} bytes`);
      return filePart(kind, path.join(folder, name));
    };
    return [
      await make('p12', "dist ribution's $key;.p12"),
      await make('provisioningProfile', 'app ü.mobileprovision'),
      await make('provisioningProfile', 'extension.mobileprovision'),
      await make('entitlements', 'app.plist'),
    ];
  }

  it('sign: p12, every profile and the entitlements, and a password byte for byte', async () => {
    server = await accepting();
    const { client } = testClient(server.url);
    const password = ' "pä$$;w\'rd%20`\\\r\n\t🔑 ';
    const overrides = { signing_p12_password: password, manual_entitlements_matching: true };
    await client.sign({ buildId: 'build-1', overrides, files: await files() }, testContext());
    const [request] = server.requests;
    if (request === undefined) throw new Error('no request');
    const parts = partsOf(request);
    expect(parts.map((part) => part.name)).toEqual(['action', 'parent_task_id', 'overrides', ...names]);
    expect(parts.slice(3).map((part) => [part.filename, part.content.toString()])).toEqual([
      ["dist ribution's $key;.p12", "dist ribution's $key;.p12 bytes"],
      ['app ü.mobileprovision', 'app ü.mobileprovision bytes'],
      ['extension.mobileprovision', 'extension.mobileprovision bytes'],
      ['app.plist', 'app.plist bytes'],
    ]);
    const sent = parts[2]?.content.toString() ?? '';
    expect(JSON.parse(sent)).toEqual(overrides);
    expect(sent).toContain('"manual_entitlements_matching":true');
  });

  it.each([
    ['seal', 'seal'],
    ['signScript', 'sign_script'],
  ] as const)('%s: profiles and entitlements, with a trusted list in the overrides', async (method, action) => {
    server = await accepting();
    const { client } = testClient(server.url);
    const overrides = { trusted_signing_fingerprint_list: [{ SHA: 'AB'.repeat(32), TrustedStoreSigning: true }] };
    await client[method]({ buildId: 'build-1', overrides, files: (await files()).slice(1) }, testContext());
    const [request] = server.requests;
    if (request === undefined) throw new Error('no request');
    expect(partsOf(request).map((part) => part.name)).toEqual([
      'action',
      'parent_task_id',
      'overrides',
      ...names.slice(1),
    ]);
    expect(fieldsOf(request)).toMatchObject({ action, overrides: JSON.stringify(overrides) });
  });

  it('context: icon and overlay', async () => {
    server = await accepting();
    const { client } = testClient(server.url);
    const folder = await temporaryFolder();
    for (const name of ['icon.png', 'overlay.png']) await writeFile(path.join(folder, name), name);
    const parts = [
      filePart('appIcon', path.join(folder, 'icon.png')),
      filePart('iconOverlay', path.join(folder, 'overlay.png')),
    ];
    await client.context({ buildId: 'build-1', overrides: { icon_overlay: true }, files: parts }, testContext());
    const [request] = server.requests;
    expect(request && fieldsOf(request)).toEqual({
      action: 'context',
      parent_task_id: 'build-1',
      overrides: '{"icon_overlay":true}',
      app_customization_application_icon: 'icon.png:8',
      icon_overlay_s3: 'overlay.png:11',
    });
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

  it('keeps the newest of 200,000 messages, and says how many it left out', async () => {
    const messages = Array.from({ length: 200_000 }, (_, nth) => ({ message: `m${nth}` }));
    server = await serve((_request, response) => json(response, { status: 'progress', messages }));
    const { client } = testClient(server.url);
    const status = await client.taskStatus('build-1', undefined, testContext());
    expect(status.messages.length).toBeLessThan(5_000);
    expect(status.messages.at(-1)?.text).toBe('m199999');
    expect(status.messages[0]?.text).toContain(String(200_000 - status.messages.length + 1));
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
