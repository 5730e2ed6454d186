import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { proxyFor } from '@fusegate/shared/api/proxy';
import { FusegateError } from '@fusegate/shared/model/errors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { json, serve } from '../support/api-server.ts';
import { API_KEY, testClient, testContext } from '../support/call.ts';
import { errorOf } from '../support/errors.ts';
import { temporaryFolder } from '../support/folder.ts';
import { CA_FILE, serveProxy, serveTls } from '../support/tls-server.ts';
import { until } from '../support/until.ts';

const closers: Array<() => unknown> = [];
beforeEach(() => {
  for (const name of ['https_proxy', 'http_proxy', 'all_proxy', 'no_proxy']) {
    vi.stubEnv(name, '');
    vi.stubEnv(name.toUpperCase(), '');
  }
  vi.stubEnv('NODE_EXTRA_CA_CERTS', '');
});
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function tls() {
  const server = await serveTls('{"status":"completed"}');
  closers.push(server.close);
  return server;
}
async function proxy(refuse?: number) {
  const server = await serveProxy(refuse);
  closers.push(server.close);
  return server;
}
const ask = (url: string, options: Parameters<typeof testClient>[1]) => {
  const { client } = testClient(url, options);
  closers.push(() => client.close());
  return client.taskStatus('build-1', undefined, testContext());
};

describe('a CA file', () => {
  it('is trusted beside the system’s', async () => {
    const server = await tls();
    expect(await ask(server.url, { caFile: CA_FILE })).toMatchObject({ status: 'completed' });
  });

  it('is what the error asks for when it is missing; the request is not repeated', async () => {
    const server = await tls();
    const error = await errorOf(ask(server.url, {}));
    expect(error.code).toBe('network.unreachable');
    expect(error.hint).toContain('ca-file');
    expect(error.message).not.toContain('attempts');
    expect(server.headers).toEqual([]);
  });

  it.each(['/nowhere/ca.pem', fileURLToPath(import.meta.url)])('that is none is refused: %s', (caFile) => {
    expect(caught(() => testClient('https://localhost:1', { caFile }))).toMatchObject({ exitCode: 2 });
  });

  const GOOD = readFileSync(CA_FILE, 'utf8');
  it.each([
    ['cut short', GOOD.slice(0, GOOD.length / 2)],
    ['with a letter changed', GOOD.replace(/MII./, 'MIIA')],
    ['without content', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
    ['whose second certificate is broken', `${GOOD}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`],
    ['whose first certificate has no end', `-----BEGIN CERTIFICATE-----\nMIIB\n${GOOD}`],
  ])('that is broken is refused before anything is sent, by option and file: %s', async (_name, content) => {
    const caFile = path.join(await temporaryFolder(), 'company-ca.pem');
    await writeFile(caFile, content);
    const error = caught(() => testClient('https://localhost:1', { caFile }));
    expect(error).toMatchObject({
      code: 'usage.invalid',
      exitCode: 2,
      problems: [{ option: 'ca-file', value: caFile }],
    });
  });

  it('may hold several certificates and text between them', async () => {
    const server = await tls();
    const caFile = path.join(await temporaryFolder(), 'bundle.pem');
    await writeFile(caFile, `# Company CA\r\n${rootCertificates[0]}\n\nOurs:\n${GOOD}`);
    expect(await ask(server.url, { caFile })).toMatchObject({ status: 'completed' });
  });
});

describe('what stands between a run and the service', () => {
  const SERVICE = 'https://fusion.appdome.com';
  const sha256 = createHash('sha256').update(readFileSync(CA_FILE)).digest('hex');
  const of = (options: Parameters<typeof testClient>[1], url = SERVICE) => testClient(url, options).client.connection;

  it('is nothing by default', () => {
    expect(of({})).toEqual({});
  });

  it('is a proxy without its credentials, and the digest of a CA file', () => {
    expect(of({ proxy: 'http://user:secret@proxy.example:3128/', caFile: CA_FILE })).toEqual({
      proxy: 'http://proxy.example:3128',
      caSha256: sha256,
    });
  });

  it.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])('is a proxy of the environment (%s)', (name) => {
    vi.stubEnv(name, 'user:secret@proxy.example:3128');
    expect(of({})).toEqual({ proxy: 'http://proxy.example:3128' });
    vi.stubEnv('NO_PROXY', '.appdome.com');
    expect(of({})).toEqual({});
  });

  it('is a CA file of Node itself, too', () => {
    vi.stubEnv('NODE_EXTRA_CA_CERTS', CA_FILE);
    expect(of({})).toEqual({ extraCaSha256: sha256 });
    vi.stubEnv('NODE_EXTRA_CA_CERTS', '/nowhere/ca.pem');
    expect(of({})).toEqual({});
  });

  it('is OpenSSL’s store where Node is told to use it', () => {
    vi.stubEnv('NODE_OPTIONS', '--use-openssl-ca');
    vi.stubEnv('SSL_CERT_FILE', CA_FILE);
    expect(of({})).toEqual({ caStore: 'openssl', storeSha256: sha256 });
  });

  it('does not include what has no effect, which is told apart', () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const { client } = testClient(SERVICE, {});
    expect(client.connection).toEqual({});
    expect(client.ignoredSettings).toEqual(['NODE_TLS_REJECT_UNAUTHORIZED=0']);
  });

  it('is no proxy where plain http goes to this machine', () => {
    expect(of({ proxy: 'http://proxy.example:3128' }, 'http://127.0.0.1:1')).toEqual({});
  });
});

it('a server that no CA vouches for is not believed, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const server = await tls();
  expect((await errorOf(ask(server.url, {}))).code).toBe('network.unreachable');
  expect(server.headers).toEqual([]);
});

describe('a proxy', () => {
  it('from the option carries https through a tunnel, with its credentials and without our key', async () => {
    const server = await tls();
    const via = await proxy();
    const url = via.url.replace('http://', 'http://us%40er:p%40ss@');
    await ask(server.url, { caFile: CA_FILE, proxy: url });
    const basic = `Basic ${Buffer.from('us@er:p@ss').toString('base64')}`;
    expect(via.tunnels).toEqual([{ target: server.url.replace('https://', ''), authorization: basic }]);
    expect(via.plain).toEqual([]);
    expect(server.headers).toMatchObject([{ authorization: API_KEY }]);
    expect(JSON.stringify(server.headers)).not.toContain('Basic');
  });

  it('from the environment is honoured, NO_PROXY too', async () => {
    const server = await tls();
    const via = await proxy();
    vi.stubEnv('HTTPS_PROXY', via.url);
    await ask(server.url, { caFile: CA_FILE });
    expect(via.tunnels).toHaveLength(1);
    vi.stubEnv('NO_PROXY', 'example.com,localhost');
    await ask(server.url, { caFile: CA_FILE });
    expect(via.tunnels).toHaveLength(1);
    expect(server.headers).toHaveLength(2);
  });

  it('from the option obeys NO_PROXY as well, as curl does', async () => {
    const server = await tls();
    const via = await proxy();
    vi.stubEnv('NO_PROXY', 'localhost');
    await ask(server.url, { caFile: CA_FILE, proxy: via.url });
    expect(via.tunnels).toHaveLength(0);
  });

  it('never sees plain http, which is for this machine and carries the key', async () => {
    const via = await proxy();
    const server = await serve((_request, response) => json(response, { status: 'completed' }));
    closers.push(() => server.close());
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) vi.stubEnv(name, via.url);
    await ask(server.url, {});
    await ask(server.url, { proxy: via.url });
    expect(server.requests).toHaveLength(2);
    expect([...via.tunnels, ...via.plain]).toEqual([]);
  });

  it.each([
    [407, 1, /user name and password/],
    [403, 1, /it lets this machine/],
    [503, 4, /it lets this machine/],
  ])('that refuses with %d is not taken for the service', async (status, tries, hint) => {
    const via = await proxy(status);
    const { client } = testClient('https://service.example', { proxy: via.url });
    const fuse = client.fuse({ appId: 'a', fusionSetId: 'f', overrides: {} }, testContext());
    const error = await errorOf(fuse);
    expect(error.code).toBe('network.unreachable');
    expect(error.message).toContain(`${new URL(via.url).host} refused the connection with ${status}`);
    expect(error.hint).toMatch(hint);
    // Nothing was sent, so even a build request may be tried again.
    expect(via.tunnels).toHaveLength(tries);
  });

  it('that is not there is blamed itself, and not the service', async () => {
    const via = await proxy();
    via.close();
    const error = await errorOf(ask('https://service.example', { proxy: via.url }));
    expect(error.code).toBe('network.unreachable');
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message).toContain(`[${new URL(via.url).host}]`);
    expect(error.message).not.toContain('service.example');
    expect(error.hint).toContain('HTTPS_PROXY');
  });

  it('that says nothing is blamed by the connect clock, and its connection ends', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => {
      sockets.add(socket.resume().on('close', () => sockets.delete(socket)));
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    closers.push(() => silent.close());
    const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const limits = { connect: 900_000, stall: 1e9, retries: 0 };
    const { client, clock } = testClient('https://service.example', { proxy: host, limits });
    closers.push(() => client.close());
    const asked = errorOf(client.taskStatus('build-1', undefined, testContext()));
    await until(() => sockets.size === 1);
    clock.advance(900_000);
    const error = await asked;
    expect(error.code).toBe('network.connect-timeout');
    expect(error.message).toContain(`[${host}]`);
    await until(() => sockets.size === 0);
    expect(clock.pending).toBe(0);
  });

  it('keeps the tunnel for the next request, and gives a build request its own', async () => {
    const server = await tls();
    const via = await proxy();
    const { client } = testClient(server.url, { caFile: CA_FILE, proxy: via.url });
    closers.push(() => client.close());
    for (let asked = 0; asked < 3; asked += 1) await client.taskStatus('build-1', undefined, testContext());
    expect(via.tunnels).toHaveLength(1);
    await errorOf(client.fuse({ appId: 'a', fusionSetId: 'f', overrides: {} }, testContext()));
    expect(via.tunnels).toHaveLength(2);
    await client.taskStatus('build-1', undefined, testContext());
    expect(via.tunnels).toHaveLength(2);
    expect(server.headers).toHaveLength(5);
  });

  it('does not make a server trusted that no CA vouches for', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const server = await tls();
    const via = await proxy();
    const error = await errorOf(ask(server.url, { proxy: via.url }));
    expect(error.code).toBe('network.unreachable');
    expect(error.hint).toContain('ca-file');
    expect(server.headers).toEqual([]);
  });

  it('whose TLS no CA vouches for gets no tunnel', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const server = await tls();
    const error = await errorOf(ask('https://service.example', { proxy: server.url }));
    expect(error.message).toContain(`[${new URL(server.url).host}]`);
    expect(error.message).not.toContain('attempts');
    expect(server.headers).toEqual([]);
  });

  it.each(['ftp://user:hunter2@proxy:1', 'http://', '::', 'http://u:hunter2#x@proxy:1', '//proxy:1'])(
    'that is none is refused, without its password: %s',
    (value) => {
      const url = new URL('https://fusion.appdome.com');
      const error = caught(() => proxyFor(url, value, {}));
      expect(error).toMatchObject({ code: 'usage.invalid', exitCode: 2 });
      expect(JSON.stringify([error, error.message, error.hint])).not.toContain('hunter2');
    },
  );

  it('in the environment that is none is named, without its password', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://user:hunt/er2@proxy.example:80');
    const error = await errorOf((async () => ask('https://service.example', {}))());
    expect(error.code).toBe('usage.invalid');
    expect(error.hint).toContain('HTTPS_PROXY');
    expect(`${error.message}${error.hint}${JSON.stringify(error.problems)}`).not.toMatch(/hunt|er2/);
  });

  it.each(['socks5', 'socks5h', 'SOCKS4'])('of another kind is refused by its name: %s', (scheme) => {
    const url = new URL('https://fusion.appdome.com');
    const value = `${scheme}://user:hunter2@proxy.example:1080`;
    for (const of of [() => proxyFor(url, value, {}), () => proxyFor(url, undefined, { ALL_PROXY: value })]) {
      const error = caught(of);
      expect(error.code).toBe('usage.invalid');
      expect(error.message).toContain(scheme.toLowerCase());
      expect(error.message).not.toContain('hunter2');
    }
    expect(proxyFor(url, undefined, { ALL_PROXY: value, NO_PROXY: 'appdome.com' })).toBeUndefined();
  });
});

function caught(body: () => unknown): FusegateError {
  try {
    body();
  } catch (error) {
    if (error instanceof FusegateError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
