import dns from 'node:dns';
import { stat } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { type ErrorCode, FusegateError } from '@fusegate/shared/model/errors';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ApiServer, json, serve } from '../support/api-server.ts';
import { API_KEY, testClient, testContext } from '../support/call.ts';
import { errorOf } from '../support/errors.ts';
import { turn, until } from '../support/until.ts';

const servers: ApiServer[] = [];
async function start(...args: Parameters<typeof serve>): Promise<ApiServer> {
  const server = await serve(...args);
  servers.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const STATUS = { status: 'progress' };
const FUSE = { appId: 'app-1', fusionSetId: 'set-1', overrides: {} };

describe('every request to the API', () => {
  it('carries the raw key, the client name and the team', async () => {
    const server = await start((_request, response) => json(response, STATUS));
    const { client } = testClient(server.url, { teamId: 'team-1' });
    await client.taskStatus('build-1', '2026-01-01T10:00:00.000Z', testContext());
    const [request] = server.requests;
    expect(request?.method).toBe('GET');
    expect(new URL(request?.url ?? '', server.url).pathname).toBe('/api/v1/tasks/build-1/status');
    expect(Object.fromEntries(new URL(request?.url ?? '', server.url).searchParams)).toEqual({
      messages: 'true',
      lastDate: '2026-01-01T10:00:00.000Z',
      team_id: 'team-1',
    });
    expect(request?.headers.authorization).toBe(API_KEY);
    expect(request?.headers['x-appdome-client']).toMatch(/^Fusegate\/\d+\.\d+\.\d+/);
    expect(request?.headers['content-type']).toBeUndefined();
  });

  it.each([undefined, 'personal'])('leaves the team out for %s', async (teamId) => {
    const server = await start((_request, response) => json(response, STATUS));
    const { client } = testClient(server.url, teamId === undefined ? {} : { teamId });
    await client.taskStatus('build-1', undefined, testContext());
    expect(server.requests[0]?.url).not.toContain('team_id');
  });

  it('keeps its connection, but gives a build request one of its own', async () => {
    const ports: number[] = [];
    const server = await start(
      (request, response) => json(response, request.method === 'POST' ? { task_id: 'build-1' } : STATUS),
      (request) => {
        ports.push(request.socket.remotePort ?? 0);
        return false;
      },
    );
    const { client } = testClient(server.url);
    const context = testContext();
    await client.taskStatus('build-1', undefined, context);
    await client.taskStatus('build-1', undefined, context);
    await client.fuse(FUSE, context);
    await client.taskStatus('build-1', undefined, context);
    client.close();
    expect(ports[1]).toBe(ports[0]);
    expect(ports[2]).not.toBe(ports[0]);
    expect(ports[3]).toBe(ports[0]);
  });

  it('refuses an id that would lead elsewhere', async () => {
    const server = await start((_request, response) => json(response, STATUS));
    const { client } = testClient(server.url);
    for (const id of ['..', 'a/b', 'a?b', '', 'a b']) {
      const error = await errorOf((async () => client.taskStatus(id, undefined, testContext()))());
      expect(error.code, id).toBe('usage.invalid');
    }
    expect(server.requests).toHaveLength(0);
  });
});

describe('answers', () => {
  const table: Array<[string, number, string, ErrorCode]> = [
    ['401', 401, '{"statusCode":401,"error":"Unauthorized","message":"Bad token"}', 'auth.rejected'],
    ['403', 403, '{"error":"Forbidden"}', 'auth.forbidden'],
    ['404', 404, '{"message":"No such task"}', 'service.refused'],
    ['400 as text', 400, 'nope', 'service.refused'],
  ];
  it.each(table)('%s → one request and its error', async (_name, status, body, code) => {
    const server = await start((_request, response) => response.writeHead(status).end(body));
    const { client, clock } = testClient(server.url);
    const error = await errorOf(client.taskStatus('build-1', undefined, testContext('sign')));
    expect(error.code).toBe(code);
    expect(error.stage).toBe('sign');
    expect(error.hint).not.toBe('');
    expect(server.requests).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  const unreadable: Array<[string, number, string, ErrorCode]> = [
    ['HTML', 200, '<html>Sign in to the proxy</html>', 'api.unexpected'],
    ['an array', 200, '[]', 'api.unexpected'],
    ['null', 200, 'null', 'api.unexpected'],
    ['a string', 200, '"progress"', 'api.unexpected'],
    ['nothing', 200, '', 'api.unexpected'],
    ['no status', 200, '{}', 'api.unexpected'],
    ['a status that is no word', 200, '{"status":3}', 'api.unexpected'],
    ['an endless status', 200, `{"status":"${'x'.repeat(5_000)}"}`, 'api.unexpected'],
    ['a redirect to nowhere', 302, '', 'api.redirect'],
  ];
  it.each(unreadable)(
    'a poll that answers %s once goes on; a streak of them ends it',
    async (_name, status, body, code) => {
      let bad = 8;
      const server = await start((_request, response) => {
        bad -= 1;
        if (bad >= 0) response.writeHead(status).end(body);
        else json(response, STATUS);
      });
      const limits = { connect: 1e9, stall: 1e9 };
      const { client } = testClient(server.url, { limits });
      expect(await client.taskStatus('build-1', undefined, testContext())).toMatchObject(STATUS);
      bad = 100;
      const error = await errorOf(client.taskStatus('build-1', undefined, testContext('sign')));
      expect(error.code).toBe(code);
      expect(error.exitCode).toBe(4);
      expect(server.requests).toHaveLength(9 + 9);
    },
  );

  it('shows what the service says, on one line', async () => {
    const server = await start((_request, response) => json(response, { message: 'No\nsuch\u001b[31m task' }, 404));
    const { client } = testClient(server.url);
    const error = await errorOf(client.taskStatus('build-1', undefined, testContext()));
    expect(error.message).toContain('No such [31m task');
    expect(error.status).toBe(404);
  });

  it.each([[500], [502], [503], [504], [408], [425], [429]])(
    '%d is asked again, and then is an outage',
    async (status) => {
      const server = await start((_request, response) => json(response, { error: 'x' }, status));
      const { client, clock } = testClient(server.url);
      const context = testContext();
      const error = await errorOf(client.certificatePdf('build-1', context));
      expect(error.code).toBe('api.unavailable');
      expect(error.exitCode).toBe(4);
      expect(error.message).toContain('4 attempts');
      expect(context.counted.requests).toBe(4);
      const base = status === 429 ? 500 : 250;
      expect(clock.waits).toEqual([base, base * 2, base * 4]);
    },
  );

  it('waits as long as Retry-After says, and gives up where that is too long', async () => {
    let retryAfter = '7';
    let answers = 0;
    const server = await start((_request, response) => {
      answers += 1;
      if (answers === 2) json(response, STATUS);
      else json(response, {}, 429, { 'retry-after': retryAfter });
    });
    const { client, clock } = testClient(server.url);
    await client.taskStatus('build-1', undefined, testContext());
    expect(clock.waits).toEqual([7000]);
    retryAfter = '3600';
    const error = await errorOf(client.taskStatus('build-1', undefined, testContext()));
    expect(error.message).toContain('60 minutes');
    expect(answers).toBe(3);
  });

  it('reads half a JSON answer as a failure that may pass', async () => {
    const bodies = ['{"status":"progr', '{"status":"completed","obfuscationMapExists":"true"}'];
    const server = await start((_request, response) => response.end(bodies.shift()));
    const { client } = testClient(server.url);
    const status = await client.taskStatus('build-1', undefined, testContext());
    expect(status).toEqual({ status: 'completed', messages: [], obfuscationMapExists: true });
  });

  it('never reads more than its cap', async () => {
    const server = await start((request, response) => {
      const body = Buffer.alloc(6 * 1024 * 1024, 0x20);
      if (request.url.includes('certificate-json')) response.writeHead(200).end(body);
      else response.writeHead(200, { 'content-length': 33 * 1024 * 1024 }).end();
    });
    const { client } = testClient(server.url);
    const unannounced = await errorOf(client.certificateJson('build-1', testContext()));
    expect(unannounced.code).toBe('api.unexpected');
    expect(unannounced.message).toContain('5120 KiB');
    const announced = await errorOf(client.certificatePdf('build-1', testContext()));
    expect(announced.message).toContain('32768 KiB');
    expect(server.requests).toHaveLength(2);
  });

  it('cuts an endless error page', async () => {
    const server = await start((_request, response) => {
      response.writeHead(400);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const { client } = testClient(server.url);
    const error = await errorOf(client.taskStatus('build-1', undefined, testContext()));
    expect(error.code).toBe('service.refused');
    expect(error.message.length).toBeLessThan(700);
  });
});

describe('connections', () => {
  it('asks again after a reset, and says so when it stays', async () => {
    let answers = 0;
    const server = await start((_request, response) => {
      answers += 1;
      if (answers % 2 === 1) response.destroy();
      else json(response, STATUS);
    });
    const { client } = testClient(server.url);
    expect(await client.taskStatus('build-1', undefined, testContext())).toMatchObject(STATUS);
    const { client: impatient } = testClient(server.url, { limits: { connect: 1e9, stall: 1e9, retries: 0 } });
    const error = await errorOf(impatient.taskStatus('build-1', undefined, testContext()));
    expect(error.code).toBe('network.unreachable');
    expect(error.message).toContain(server.host);
  });

  it('says that nobody listens', async () => {
    const server = await start(() => {});
    await server.close();
    const { client } = testClient(server.url);
    const error = await errorOf(client.taskStatus('build-1', undefined, testContext()));
    expect(error.code).toBe('network.unreachable');
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('asks again when a body is cut short', async () => {
    let answers = 0;
    const server = await start((_request, response) => {
      answers += 1;
      response.writeHead(200, { 'content-length': 6 });
      if (answers > 1) response.end('%PDF-1');
      else response.write('%PD', () => response.destroy());
    });
    const { client } = testClient(server.url);
    expect((await client.certificatePdf('build-1', testContext())).toString()).toBe('%PDF-1');
    expect(answers).toBe(2);
  });
});

describe('an outage', () => {
  const limits = { connect: 1e9, stall: 1e9 };
  const withDeadline = (context = testContext('download'), ms = 900_000) => ({ ...context, remaining: () => ms });

  it.each(['a reset', '503'])('of two minutes is bridged, and each attempt is told: %s', async (how) => {
    const log: string[] = [];
    const server = await start(
      (_request, response) => json(response, STATUS),
      (_request, response) => {
        if (clock.monotonic() >= 120_000) return false;
        if (how === '503') json(response, {}, 503);
        else response.destroy();
        return true;
      },
    );
    const { client, clock } = testClient(server.url, { limits });
    const context = { ...testContext(), log: (_level: unknown, text: string) => log.push(text) };
    expect(await client.taskStatus('build-1', undefined, context)).toMatchObject(STATUS);
    expect(clock.monotonic()).toBeGreaterThanOrEqual(120_000);
    expect(clock.monotonic()).toBeLessThan(200_000);
    expect(log).toHaveLength(clock.waits.length);
  });

  it('lasts as long as the deadline of the step, where the host has answered before', async () => {
    const server = await start((_request, response) => {
      if (clock.monotonic() < 700_000) response.writeHead(502).end();
      else json(response, STATUS);
    });
    const { client, clock } = testClient(server.url, { limits });
    expect(await client.taskStatus('build-1', undefined, withDeadline())).toMatchObject(STATUS);
    expect(clock.monotonic()).toBeGreaterThanOrEqual(700_000);
  });

  it('is bridged for minutes where only the whole run has a deadline', async () => {
    const server = await start((_request, response) => response.writeHead(502).end());
    const { client, clock } = testClient(server.url, { limits });
    await errorOf(client.checkAccess(withDeadline(testContext('preflight'))));
    expect(clock.monotonic()).toBeGreaterThanOrEqual(120_000);
    expect(clock.monotonic()).toBeLessThan(200_000);
  });

  it('ends an optional question after a few seconds', async () => {
    const server = await start((_request, response) => response.destroy());
    const { client, clock } = testClient(server.url, { limits });
    const context = { ...withDeadline(), patience: 'seconds' } as const;
    await errorOf(client.checkByChecksum('a'.repeat(64), context));
    expect(clock.monotonic()).toBeLessThan(6_000);
  });

  it('ends an optional question that stalls before its first repeat', async () => {
    const server = await start(() => {});
    const { client, clock } = testClient(server.url, { limits: { connect: 3_600_000, stall: 3_600_000 } });
    const asked = errorOf(client.checkByChecksum('a'.repeat(64), { ...withDeadline(), patience: 'seconds' }));
    await until(() => server.requests.length > 0);
    clock.advance(900_000);
    expect((await asked).code).toBe('network.stalled');
    expect(server.requests).toHaveLength(1);
  });

  it('may begin with a stall that takes longer than the patience', async () => {
    const server = await start((_request, response) => {
      if (server.requests.length > 1) json(response, STATUS);
    });
    const { client, clock } = testClient(server.url, { limits: { connect: 3_600_000, stall: 3_600_000 } });
    const asked = client.taskStatus('build-1', undefined, testContext());
    await until(() => server.requests.length > 0);
    clock.advance(2 * 3_600_000);
    expect(await asked).toMatchObject(STATUS);
  });

  it('is bridged for a build request that was provably not sent', async () => {
    const server = await start(() => {});
    await server.close();
    const { client, clock } = testClient(server.url, { limits });
    expect((await errorOf(client.fuse(FUSE, testContext()))).code).toBe('network.unreachable');
    expect(clock.monotonic()).toBeGreaterThanOrEqual(120_000);
  });
});

describe('a build request', () => {
  const lost: Array<[string, Parameters<typeof serve>[0]]> = [
    ['502', (_request, response) => json(response, {}, 502)],
    ['504', (_request, response) => json(response, {}, 504)],
    ['500', (_request, response) => json(response, { message: 'oops' }, 500)],
    ['503 without Retry-After', (_request, response) => json(response, {}, 503)],
    ['502 with Retry-After', (_request, response) => json(response, {}, 502, { 'retry-after': '1' })],
    ['a reset', (_request, response) => response.destroy()],
    [
      'a reset in the answer',
      (_request, response) => response.writeHead(200, { 'content-length': 9 }).write('{', () => response.destroy()),
    ],
    ['HTML', (_request, response) => response.end('<html>')],
    ['half an answer', (_request, response) => response.end('{"task_id":"buil')],
    ['no id', (_request, response) => json(response, { status: 'ok' })],
    ['an id that is no id', (_request, response) => json(response, { task_id: '../../x' })],
  ];
  it.each(lost)('is sent once when the answer is lost: %s', async (_name, answer) => {
    const server = await start(answer);
    const { client, clock } = testClient(server.url);
    const error = await errorOf(client.fuse(FUSE, testContext()));
    expect(error.code).toBe('build.may-exist');
    expect(error.exitCode).toBe(4);
    expect(error.hint).toMatch(/build-id.*resume: new/);
    expect(server.requests).toHaveLength(1);
    expect(clock.waits).toEqual([]);
  });

  it.each([429, 503])('is sent again after %d with Retry-After', async (status) => {
    let answers = 0;
    const server = await start((_request, response) => {
      answers += 1;
      if (answers === 1) json(response, {}, status, { 'retry-after': '3' });
      else json(response, { task_id: 'build-1' });
    });
    const { client, clock } = testClient(server.url);
    expect(await client.fuse(FUSE, testContext())).toBe('build-1');
    expect(clock.waits).toEqual([3000]);
  });

  it('is an outage, not a lost build, when 429 does not end', async () => {
    const server = await start((_request, response) => json(response, {}, 429));
    const { client } = testClient(server.url);
    expect((await errorOf(client.fuse(FUSE, testContext()))).code).toBe('api.unavailable');
    expect(server.requests).toHaveLength(4);
  });

  it('is sent again when nobody listened', async () => {
    const server = await start(() => {});
    await server.close();
    const { client, clock } = testClient(server.url);
    const error = await errorOf(client.fuse(FUSE, testContext()));
    expect(error.code).toBe('network.unreachable');
    expect(clock.waits).toHaveLength(3);
  });

  it('that is refused is no build', async () => {
    const server = await start((_request, response) => json(response, { message: 'Invalid fusion set ID' }, 400));
    const { client } = testClient(server.url);
    const error = await errorOf(client.fuse(FUSE, testContext()));
    expect(error.code).toBe('service.refused');
    expect(error.message).toContain('Invalid fusion set ID');
  });

  it('is not followed to another address', async () => {
    const server = await start((_request, response) =>
      response.writeHead(307, { location: '/api/v1/elsewhere' }).end(),
    );
    const { client } = testClient(server.url);
    expect((await errorOf(client.fuse(FUSE, testContext()))).code).toBe('api.redirect');
    expect(server.requests).toHaveLength(1);
  });
});

describe('secrets', () => {
  it('are in no error, however it is printed', async () => {
    const server = await start((_request, response) => response.destroy());
    const down = await start(() => {});
    await down.close();
    for (const url of [server.url, down.url]) {
      const { client } = testClient(url);
      const overrides = { signing_keystore_password: 'hunter2-synthetic' };
      const error = await errorOf(client.seal({ buildId: 'build-1', overrides }, testContext()));
      const printed = [inspect(error, { depth: 20, showHidden: true }), error.stack, error.message, error.hint].join();
      expect(printed).not.toContain(API_KEY);
      expect(printed).not.toContain('hunter2');
    }
  });

  it('are not in the error of an upload: the link is a credential', async () => {
    const server = await start((_request, response) =>
      response.writeHead(500).end('<Error><Message>no</Message></Error>'),
    );
    const { client } = testClient(server.url);
    const link = { url: new URL(`${server.url}/bucket/key?X-Amz-Signature=synthetic-signature`), fileId: 'f' };
    const file = fileURLToPath(import.meta.url);
    const { size } = await stat(file);
    const error = await errorOf(client.putFile(link, { path: file, size }, testContext('upload')));
    expect(error.code).toBe('api.unavailable');
    expect(inspect(error, { depth: 20 })).not.toContain('synthetic-signature');
  });
});

describe('the end of a run', () => {
  const timeout = () => new FusegateError('timeout.build', 'The build did not finish within 40 min.', { hint: 'x' });
  const cancelled = () => new FusegateError('run.cancelled', 'The run was cancelled.', { hint: 'x' });

  it('is the reason of the signal, before and during a request', async () => {
    const server = await start(() => {});
    const { client, clock } = testClient(server.url);
    const before = testContext();
    before.abort.abort(cancelled());
    expect((await errorOf(client.taskStatus('build-1', undefined, before))).code).toBe('run.cancelled');
    expect(server.requests).toHaveLength(0);

    for (const reason of [timeout(), cancelled()]) {
      const during = testContext();
      const pending = errorOf(client.taskStatus('build-1', undefined, during));
      await until(() => server.requests.length > 0);
      during.abort.abort(reason);
      expect(await pending).toBe(reason);
      server.requests.length = 0;
    }
    expect(clock.pending).toBe(0);
  });

  it('in a streak of failures is the failures’ fault: exit 4', async () => {
    const server = await start((_request, response) => json(response, {}, 503));
    const { client, clock } = testClient(server.url, { limits: { connect: 1e9, stall: 1e9, retries: 100 } });
    const context = testContext();
    clock.setTimer(90_000, () => context.abort.abort(timeout()));
    const error = await errorOf(client.taskStatus('build-1', undefined, context));
    expect(error.code).toBe('api.unavailable');
    expect(error.exitCode).toBe(4);
    expect(error.message).toContain('did not finish within 40 min');
  });

  it('while a build is being started is never just a time-out', async () => {
    const server = await start(() => {});
    const { client } = testClient(server.url);
    for (const [reason, code] of [
      [timeout(), 'build.may-exist'],
      [cancelled(), 'run.cancelled'],
    ] as const) {
      const context = testContext();
      const pending = errorOf(client.fuse(FUSE, context));
      await until(() => server.requests.length > 0);
      context.abort.abort(reason);
      const error = await pending;
      expect(error.code).toBe(code);
      expect(error.hint).toMatch(/build-id/);
      expect(error).not.toBe(reason);
      server.requests.length = 0;
    }
  });
});

describe('the clocks', () => {
  it('name a connection that is silent', async () => {
    const server = await start(() => {});
    const { client, clock } = testClient(server.url, { limits: { connect: 1e6, stall: 400_000, retries: 0 } });
    const pending = errorOf(client.taskStatus('build-1', undefined, testContext()));
    await until(() => server.requests.length > 0);
    // The answer's silence may begin up to a quarter after the connection was made.
    clock.advance(500_000);
    const error = await pending;
    expect(error.code).toBe('network.stalled');
    expect(error.message).toContain('no byte for 400 s');
  });

  it('leave a connection alone on which bytes move', async () => {
    let send: (() => void) | undefined;
    let end: (() => void) | undefined;
    const server = await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/pdf' });
      response.write('%PDF');
      send = () => response.write('x');
      end = () => response.end();
    });
    const { client, clock } = testClient(server.url, { limits: { connect: 1e6, stall: 400_000, retries: 0 } });
    let received = 0;
    const pending = client.downloadOutput('build-1', undefined, testContext(), async (response) => {
      for await (const chunk of response.body as AsyncIterable<Buffer>) received += chunk.length;
    });
    await until(() => received === 4);
    for (let sent = 1; sent <= 6; sent += 1) {
      clock.advance(300_000);
      send?.();
      await until(() => received === 4 + sent);
    }
    end?.();
    await pending;
    expect(clock.pending).toBe(0);
  });

  it('name a connection that is never made', async () => {
    // A name look-up that never ends is the one kind of dead connection that a test can have on every machine.
    const { client, clock } = testClient('https://connect-timeout.example', {
      limits: { connect: 100_000, stall: 1e6, retries: 0 },
    });
    vi.spyOn(dns, 'lookup').mockImplementation((() => {}) as never);
    const pending = errorOf(client.fuse(FUSE, testContext()));
    await until(() => clock.pending > 0);
    await turn();
    clock.advance(100_000);
    const error = await pending;
    expect(error.code).toBe('network.connect-timeout');
    expect(error.message).toContain('100 s');
  });

  it('count a TLS handshake that never ends as no connection: even a build request may be sent again', async () => {
    const connections: Socket[] = [];
    const silent = createServer((socket) => connections.push(socket.on('error', () => {}).resume()));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    try {
      const { client, clock } = testClient(`https://127.0.0.1:${(silent.address() as AddressInfo).port}`, {
        limits: { connect: 100_000, stall: 1e6, retries: 1 },
      });
      const pending = errorOf(client.fuse(FUSE, testContext()));
      for (const attempt of [1, 2]) {
        await until(() => connections.length === attempt);
        clock.advance(100_000);
      }
      const error = await pending;
      expect(error.code).toBe('network.connect-timeout');
      expect(error.message).toContain('2 attempts');
    } finally {
      for (const socket of connections) socket.destroy();
      silent.close();
    }
  });
});
