import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { json, serve } from '../support/api-server.ts';
import { testClient, testContext } from '../support/call.ts';
import { errorOf } from '../support/errors.ts';
import { temporaryFolder } from '../support/folder.ts';
import { until } from '../support/until.ts';

async function service(answer: Parameters<typeof serve>[0]) {
  const server = await serve(answer);
  const { client } = testClient(server.url, { teamId: 'team-1' });
  onTestFinished(async () => {
    client.close();
    await server.close();
  });
  return { server, client };
}

/** Looked for once a minute, which the test clock never lets pass by itself: a slow disk is no stall. */
const STALL_MS = 4 * 60_000;

describe('uploading an app for validation', () => {
  it('sends the file as the part that the service reads, without a team, and hashes what it sent', async () => {
    const { server, client } = await service((_, response) => json(response, { id: 'validation-1' }));
    const file = path.join(await temporaryFolder(), 'signed "app" ü.apk');
    const content = Buffer.from('PK\u0003\u0004 signed', 'latin1');
    await writeFile(file, content);
    const seen: number[] = [];
    const answer = await client.validationUpload(
      { path: file, size: content.length, fileName: 'signed.apk' },
      { ...testContext('upload'), onBytes: (bytes) => seen.push(bytes) },
    );
    expect(answer).toEqual({
      validationId: 'validation-1',
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', url: '/api/v1/validation/upload' });
    expect(request?.headers['content-length']).toBe(String(request?.body.length));
    expect(request?.body.toString('latin1')).toContain('name="file"; filename="signed.apk"');
    expect(request?.body.includes(content)).toBe(true);
    expect(seen.at(-1)).toBe(content.length);
  });

  it('is repeated as a whole after a lost connection', async () => {
    let times = 0;
    const { server, client } = await service((_, response) => {
      times += 1;
      if (times === 1) response.destroy();
      else json(response, { id: 'validation-2' });
    });
    const file = path.join(await temporaryFolder(), 'signed.apk');
    await writeFile(file, 'PK\u0003\u0004 signed');
    const answer = await client.validationUpload(
      { path: file, size: 11, fileName: 'signed.apk' },
      testContext('upload'),
    );
    expect(answer.validationId).toBe('validation-2');
    expect(server.requests.map(({ body }) => body.includes('PK\u0003\u0004 signed'))).toEqual([true, true]);
  });

  it('is sent once, however long the service takes to answer', async () => {
    let answer: (() => void) | undefined;
    const server = await serve((_, response) => {
      answer = () => json(response, { id: 'validation-3' });
    });
    const { client, clock } = testClient(server.url, { limits: { connect: 1e6, stall: STALL_MS, retries: 3 } });
    onTestFinished(async () => {
      client.close();
      await server.close();
    });
    const file = path.join(await temporaryFolder(), 'signed.apk');
    await writeFile(file, Buffer.alloc(3_000_000));
    const upload = client.validationUpload(
      { path: file, size: 3_000_000, fileName: 'signed.apk' },
      testContext('upload'),
    );
    await until(() => answer !== undefined);
    for (let minutes = 0; minutes < 15; minutes += 1) {
      clock.advance(60_000);
      await new Promise(setImmediate);
    }
    answer?.();
    expect((await upload).validationId).toBe('validation-3');
    expect(server.requests).toHaveLength(1);
  });

  it('counts as stalled while the service takes no data', async () => {
    const sockets = new Set<Socket>();
    const deaf = createServer({ pauseOnConnect: true }, (socket) => sockets.add(socket));
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
    const { port } = deaf.address() as AddressInfo;
    const { client, clock } = testClient(`http://127.0.0.1:${port}`, {
      limits: { connect: 1e6, stall: STALL_MS, retries: 0 },
    });
    onTestFinished(() => {
      client.close();
      for (const socket of sockets) socket.destroy();
      deaf.close();
    });
    const size = 64 * 1024 * 1024;
    const file = path.join(await temporaryFolder(), 'signed.apk');
    await writeFile(file, Buffer.alloc(size));
    const seen: number[] = [];
    const failed = errorOf(
      client.validationUpload(
        { path: file, size, fileName: 'signed.apk' },
        { ...testContext('upload'), onBytes: (bytes) => seen.push(bytes) },
      ),
    );
    await until(() => seen.length > 0);
    for (let checks = 0; checks < 20; checks += 1) {
      clock.advance(60_000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect((await failed).code).toBe('network.stalled');
  });

  it.each([
    ['no id', {}],
    ['an id that is none', { id: '../tasks' }],
  ])('%s is an error', async (_, body) => {
    const { client } = await service((_request, response) => json(response, body));
    const file = path.join(await temporaryFolder(), 'signed.apk');
    await writeFile(file, 'PK');
    const upload = client.validationUpload({ path: file, size: 2, fileName: 'signed.apk' }, testContext('upload'));
    await expect(upload).rejects.toMatchObject({ code: 'api.unexpected' });
  });
});

describe('the state of a validation', () => {
  async function read(body: unknown) {
    const { client } = await service((_, response) => json(response, body));
    return client.validationStatus('validation-1', testContext('validation'));
  }

  it('is read with everything that is said of the app', async () => {
    const answer = await read({
      validation_state: 'Completed',
      messages: [{ message: 'This app is signed correctly' }],
      build_id: 'build-1',
      app_type: 'aab',
      app_name: 'Shop',
      app_pack_id: 'com.example.shop',
      app_version: '1.0',
      app_build_number: '5',
      app_id: 'app-1',
    });
    expect(answer).toEqual({
      state: 'completed',
      messages: ['This app is signed correctly'],
      buildId: 'build-1',
      appId: 'app-1',
      appType: 'aab',
      appName: 'Shop',
      bundleId: 'com.example.shop',
      appVersion: '1.0',
      buildNumber: '5',
    });
  });

  it.each<[string, unknown, string[]]>([
    ['on top', { message: 'one' }, ['one']],
    ['as an object', { message: { text: 'one' } }, ['one']],
    ['in a list of texts', { messages: ['one', 'two'] }, ['one', 'two']],
    ['nested twice', { messages: [{ message: { message: 'one' } }] }, ['one']],
    ['both', { message: 'one', messages: [{ message: 'two' }] }, ['one', 'two']],
    ['nowhere', { app_name: 'This app is signed correctly', note: { text: 'This app is signed correctly' } }, []],
    ['of another type', { message: 7, messages: { other: 'x' } }, []],
    ['over several lines', { message: 'one\n::error::two' }, ['one', '::error::two']],
  ])('finds the messages %s', async (_, more, messages) => {
    expect((await read({ validation_state: 'completed', ...(more as object) })).messages).toEqual(messages);
  });

  it('takes no id that is none', async () => {
    expect(await read({ validation_state: 'completed', build_id: '../x', app_id: 7 })).toEqual({
      state: 'completed',
      messages: [],
    });
  });

  it('is bounded, and what was left out cannot pass for a confirmation', async () => {
    const messages = Array.from({ length: 200_000 }, () => 'same');
    const { client } = await service((_, response) => json(response, { validation_state: 'completed', messages }));
    const status = await client.validationStatus('validation-1', testContext());
    expect(status.messages.length).toBeLessThan(5_000);
    expect(new Set(status.messages).size).toBe(2);
    expect(status.messages.at(-1)).not.toBe('same');
  });

  it('without a state is an error', async () => {
    await expect(read({ messages: [] })).rejects.toMatchObject({ code: 'api.unexpected' });
  });
});

describe('whether a run would get through', () => {
  it('takes the storage from the link without its signature, and the time from the answer', async () => {
    const { server, client } = await service((_, response) =>
      json(response, { url: 'https://bucket.example.com/key/file?X-Signature=secret#x', file_id: 'f' }, 200, {
        date: 'Sat, 21 Nov 2026 12:00:00 GMT',
      }),
    );
    const access = await client.checkAccess(testContext('preflight'));
    expect(access.storage.href).toBe('https://bucket.example.com/key/file');
    expect(access.serverTime).toBe(Date.UTC(2026, 10, 21, 12));
    expect(server.requests[0]).toMatchObject({ method: 'GET', url: '/api/v1/upload-link?team_id=team-1' });
  });

  it.each([
    [401, 'auth.rejected'],
    [403, 'auth.forbidden'],
  ])('%i is %s', async (status, code) => {
    const { client } = await service((_, response) => json(response, { message: 'no' }, status));
    await expect(client.checkAccess(testContext('preflight'))).rejects.toMatchObject({ code });
  });

  it.each([200, 400, 403, 404, 405])('storage that answers %i is reached, without the key', async (status) => {
    const { client } = await service(() => {});
    const storage = await serve((_, response) => json(response, {}, status));
    onTestFinished(() => storage.close());
    await client.checkStorage(new URL(`${storage.url}/key`), testContext('preflight'));
    expect(storage.requests[0]).toMatchObject({ method: 'GET', url: '/key' });
    expect(storage.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('storage that is not there, or only fails, is not reached', async () => {
    const { client } = await service(() => {});
    const gone = await serve(() => {});
    await gone.close();
    await expect(client.checkStorage(new URL(gone.url), testContext('preflight'))).rejects.toMatchObject({
      code: 'network.unreachable',
    });
    const failing = await serve((_, response) => json(response, {}, 503));
    onTestFinished(() => failing.close());
    await expect(client.checkStorage(new URL(failing.url), testContext('preflight'))).rejects.toMatchObject({
      code: 'api.unavailable',
    });
  });
});
