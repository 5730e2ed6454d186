import { createHash } from 'node:crypto';
import { appendFile, mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { answerWasLost } from '@fusegate/shared/api/failure';
import { openFileBody } from '@fusegate/shared/api/file-body';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiServer, json, serve } from '../support/api-server.ts';
import { testClient, testContext } from '../support/call.ts';
import { errorOf } from '../support/errors.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fieldsOf, partsOf } from '../support/multipart.ts';

let server: ApiServer | undefined;
afterEach(() => server?.close());

const SHA = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function appFile(size = 3_000_000): Promise<{ path: string; size: number; bytes: Buffer }> {
  const bytes = Buffer.alloc(size, 'PK\u0003\u0004 synthetic ');
  const file = path.join(await temporaryFolder(), 'app.apk');
  await writeFile(file, bytes);
  return { path: file, size, bytes };
}

describe('putFile', () => {
  it('sends the raw bytes with their length and nothing that storage would refuse', async () => {
    const app = await appFile();
    server = await serve((_request, response) => response.end());
    const { client } = testClient(server.url);
    const seen: number[] = [];
    const link = { url: new URL(`${server.url}/bucket/key?signature=s`), fileId: 'f' };
    const sha256 = await client.putFile(link, app, { ...testContext('upload'), onBytes: (bytes) => seen.push(bytes) });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'PUT', url: '/bucket/key?signature=s' });
    expect(request?.headers).toMatchObject({ 'content-length': '3000000' });
    for (const name of ['authorization', 'x-appdome-client', 'content-type', 'transfer-encoding']) {
      expect(request?.headers[name], name).toBeUndefined();
    }
    expect(request?.body.equals(app.bytes)).toBe(true);
    expect(sha256).toBe(SHA(app.bytes));
    expect(seen.at(-1)).toBe(app.size);
  });

  it('does not send the key even when storage lives at the API’s own address', async () => {
    const app = await appFile(10);
    server = await serve((_request, response) => response.end());
    const { client } = testClient(server.url, { teamId: 'team-1' });
    await client.putFile({ url: new URL(`${server.url}/api/v1/s3`), fileId: 'f' }, app, testContext('upload'));
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect(server.requests[0]?.url).toBe('/api/v1/s3');
  });

  it.each([
    ['of which one succeeds', 1, 3_000_000],
    ['that all fail, as nothing', 9, 0],
  ])('counts attempts %s, and tells each retry with its stage', async (_what, failing, counted) => {
    const app = await appFile();
    let puts = 0;
    server = await serve((_request, response) => {
      puts += 1;
      response.writeHead(puts <= failing ? 503 : 200).end();
    });
    const { client } = testClient(server.url);
    const link = { url: new URL(`${server.url}/bucket/key`), fileId: 'f' };
    const seen: number[] = [];
    const told: string[] = [];
    const context = {
      ...testContext('upload'),
      onBytes: (bytes: number) => seen.push(bytes),
      log: (level: string, text: string) => told.push(`${level} ${text}`),
    };
    await client.putFile(link, app, context).catch(() => {});
    expect(seen.at(-1)).toBe(counted);
    const retries = Math.min(failing, 3);
    expect(told).toHaveLength(retries);
    for (const [index, line] of told.entries()) {
      expect(line).toMatch(/^notice upload: .*503.*trying again in \d+\.\d s/);
      expect(line).toContain(`(attempt ${index + 2} of 4)`);
    }
  });

  it('reads the file again for every attempt', async () => {
    const app = await appFile();
    let puts = 0;
    server = await serve((_request, response) => {
      puts += 1;
      response.writeHead(puts < 3 ? 503 : 200).end();
    });
    const { client } = testClient(server.url);
    const sha256 = await client.putFile({ url: new URL(`${server.url}/k`), fileId: 'f' }, app, testContext('upload'));
    expect(sha256).toBe(SHA(app.bytes));
    expect(server.requests.map((request) => request.body.length)).toEqual([app.size, app.size, app.size]);
  });

  it('hears a refusal before it has sent everything', async () => {
    const app = await appFile(30_000_000);
    server = await serve(
      () => {},
      (request, response) => {
        response.writeHead(403).end('<Error><Message>Request has expired</Message></Error>');
        request.resume();
        return true;
      },
    );
    const { client } = testClient(server.url);
    const error = await errorOf(
      client.putFile({ url: new URL(`${server.url}/k`), fileId: 'f' }, app, testContext('upload')),
    );
    expect(error.code).toBe('service.refused');
    expect(error.status).toBe(403);
    expect(error.message).toContain('Request has expired');
  });

  it('does not believe storage that accepts before it has everything', async () => {
    const app = await appFile(50_000_000);
    server = await serve(
      () => {},
      (_request, response) => {
        response.writeHead(200).end();
        return true;
      },
    );
    const { client } = testClient(server.url, { limits: { connect: 1e9, stall: 1e9, retries: 0 } });
    const error = await errorOf(
      client.putFile({ url: new URL(`${server.url}/k`), fileId: 'f' }, app, testContext('upload')),
    );
    expect(['api.unexpected', 'network.unreachable']).toContain(error.code);
  });

  it('refuses a link to plain http elsewhere', async () => {
    const app = await appFile(10);
    const { client } = testClient('http://127.0.0.1:9');
    const link = { url: new URL('http://storage.example/k?signature=secret-s'), fileId: 'f' };
    const error = await errorOf(client.putFile(link, app, testContext('upload')));
    expect(error.code).toBe('api.unexpected');
    expect(error.message).not.toContain('secret-s');
  });

  it.each<[string, (file: string) => Promise<void>]>([
    ['longer', (file) => appendFile(file, 'x')],
    ['shorter', (file) => truncate(file, 5)],
    ['gone', (file) => rm(file)],
    ['a folder', async (file) => rm(file).then(() => mkdir(file))],
  ])('says that the app is %s than it was, and sends nothing', async (_name, change) => {
    const app = await appFile(100);
    server = await serve((_request, response) => response.end());
    await change(app.path);
    const { client } = testClient(server.url);
    const error = await errorOf(
      client.putFile({ url: new URL(`${server.url}/k`), fileId: 'f' }, app, testContext('upload')),
    );
    expect(error.code).toBe('upload.changed');
    expect(server.requests).toHaveLength(0);
  });

  it('is done with the answer, also where that ends the connection before the request has ended itself', async () => {
    const app = await appFile();
    server = await serve((_request, response) => response.writeHead(200, { connection: 'close' }).end());
    const { client } = testClient(server.url);
    const link = { url: new URL(`${server.url}/bucket/key`), fileId: 'f' };
    // Which of them comes first is a matter of chance.
    for (let time = 0; time < 10; time += 1) {
      expect(await client.putFile(link, app, testContext('upload'))).toBe(SHA(app.bytes));
    }
    expect(server.requests).toHaveLength(10);
  });

  it('says that the app changed while it was sent', async () => {
    const app = await appFile(3_000_000);
    const body = await openFileBody(app.path, app.size, () => {});
    const chunks = (body.data as Readable)[Symbol.asyncIterator]();
    await chunks.next();
    await truncate(app.path, 2_500_000);
    const rest = async () => {
      while (!(await chunks.next()).done);
    };
    expect((await errorOf(rest())).code).toBe('upload.changed');
    expect(body.failure?.()?.code).toBe('upload.changed');
    expect(await body.sha256()).toBeUndefined();
    body.close();
  });
});

describe('uploadDirect', () => {
  it('streams one part, file, under its base name, and hashes what it sends', async () => {
    const app = await appFile(5_000_000);
    server = await serve((_request, response) => json(response, { id: 'app-1' }));
    const { client } = testClient(server.url);
    const seen: number[] = [];
    const context = { ...testContext('upload'), onBytes: (bytes: number) => seen.push(bytes) };
    const sent = await client.uploadDirect({ path: app.path, size: app.size, fileName: 'dir/my "app".apk' }, context);
    expect(sent).toEqual({ appId: 'app-1', sha256: SHA(app.bytes) });
    const [request] = server.requests;
    if (request === undefined) throw new Error('no request');
    const parts = partsOf(request);
    expect(parts).toHaveLength(1);
    expect(parts[0]).toMatchObject({ name: 'file', filename: 'my %22app%22.apk' });
    expect(parts[0]?.content.equals(app.bytes)).toBe(true);
    expect(request.headers['content-length']).toBe(String(request.body.length));
    expect(request.headers['transfer-encoding']).toBeUndefined();
    expect(seen.at(-1)).toBe(app.size);
  });

  it.each<[string, unknown, string]>([
    ['id', { id: 'app-1', app: { id: 'app-2' } }, 'app-1'],
    ['the older form', { app: { id: 'app-2', account_id: 'x' } }, 'app-2'],
  ])('takes %s', async (_name, answer, appId) => {
    const app = await appFile(10);
    server = await serve((_request, response) => json(response, answer));
    const { client } = testClient(server.url);
    expect((await client.uploadDirect(app, testContext('upload'))).appId).toBe(appId);
  });

  it.each<[unknown]>([[{}], [{ id: '../tasks' }], [{ id: 7 }], [{ app: null }], [[]]])(
    'does not take %j, and says that the app may be there',
    async (answer) => {
      const app = await appFile(10);
      server = await serve((_request, response) => json(response, answer));
      const { client } = testClient(server.url);
      const error = await errorOf(client.uploadDirect(app, testContext('upload')));
      expect(error.code).toBe('api.unexpected');
      expect(answerWasLost(error)).toBe(true);
      expect(server.requests).toHaveLength(1);
    },
  );

  it('says that the app is not what it was, and sends nothing', async () => {
    const app = await appFile(100);
    server = await serve((_request, response) => json(response, { id: 'app-1' }));
    await truncate(app.path, 5);
    const { client } = testClient(server.url);
    expect((await errorOf(client.uploadDirect(app, testContext('upload')))).code).toBe('upload.changed');
    expect(server.requests).toHaveLength(0);
  });

  it('ends when the app changes while it is sent', async () => {
    const app = await appFile(60_000_000);
    server = await serve(
      () => {},
      (request) => {
        request.once('data', () => {
          request.pause();
          void truncate(app.path, 1_000_000).then(() => request.resume());
        });
        return true;
      },
    );
    const { client } = testClient(server.url);
    const error = await errorOf(client.uploadDirect(app, testContext('upload')));
    expect(error.code).toBe('upload.changed');
  });

  it('reads the file anew when the service did not take it', async () => {
    const app = await appFile(3_000_000);
    let count = 0;
    server = await serve((_request, response) => {
      count += 1;
      json(response, count === 1 ? {} : { id: 'app-1' }, count === 1 ? 429 : 200);
    });
    const { client } = testClient(server.url);
    expect((await client.uploadDirect(app, testContext('upload'))).sha256).toBe(SHA(app.bytes));
    const files = server.requests.map((request) => partsOf(request)[0]?.content.equals(app.bytes));
    expect(files).toEqual([true, true]);
  });
});

describe('the upload’s other requests', () => {
  it('ask by checksum in JSON', async () => {
    const answers = [{ exists: true, app_id: 'app-9' }, { exists: false }, {}];
    server = await serve((_request, response) => json(response, answers.shift()));
    const { client } = testClient(server.url);
    const sha256 = 'ab'.repeat(32);
    expect(await client.checkByChecksum(sha256, testContext())).toEqual({ known: true, appId: 'app-9' });
    expect(await client.checkByChecksum(sha256, testContext())).toEqual({ known: false });
    expect(await client.checkByChecksum(sha256, testContext())).toEqual({ known: false });
    expect(server.requests[0]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(server.requests[0]?.body.toString() ?? '')).toEqual({ checksum: sha256 });
  });

  it('take a link only with both of its fields', async () => {
    const answers = [
      { url: 'https://storage.example/k?s=1', file_id: 'f', expires: 1800 },
      { url: 'https://storage.example/k?s=1' },
      { file_id: 'f' },
      { url: 'not a url', file_id: 'f' },
    ];
    server = await serve((_request, response) => json(response, answers.shift()));
    const { client } = testClient(server.url);
    expect((await client.uploadLink(testContext())).url.host).toBe('storage.example');
    for (let i = 0; i < 3; i += 1)
      expect((await errorOf(client.uploadLink(testContext()))).code).toBe('api.unexpected');
  });

  it('register the file asynchronously, by its base name', async () => {
    const answers: unknown[] = [{ id: 'app-1' }, { app: { id: 'app-2' } }, { app: {} }];
    server = await serve((_request, response) => json(response, answers.shift()));
    const { client } = testClient(server.url);
    const upload = { fileId: 'f-1', fileName: 'app "x".apk' };
    expect(await client.uploadUsingLink(upload, testContext())).toBe('app-1');
    expect(await client.uploadUsingLink(upload, testContext())).toBe('app-2');
    expect((await errorOf(client.uploadUsingLink(upload, testContext()))).code).toBe('api.unexpected');
    const [request] = server.requests;
    expect(request?.url).toContain('async=true');
    expect(request && fieldsOf(request)).toEqual({ file_app_id: 'f-1', file_name: 'app "x".apk' });
    expect(request?.headers['content-length']).toBe(String(request?.body.length));
  });

  it('read the failure of an upload from `error`, as documented', async () => {
    server = await serve((_request, response) => json(response, { status: 'Error', error: 'Unsupported file' }));
    const { client } = testClient(server.url);
    expect(await client.uploadStatus('app-1', testContext())).toEqual({ status: 'error', message: 'Unsupported file' });
  });
});
