/** What must hold for every request, sent for real: that it is what the table of endpoints says, and what becomes of a failure. */
import { readFileSync } from 'node:fs';
import { AppdomeClient } from '@fusegate/shared/api/client';
import { ENDPOINTS, type Endpoint, LEFT_OUT, type Operation, ruleOf } from '@fusegate/shared/api/endpoints';
import { answerWasLost } from '@fusegate/shared/api/failure';
import type { ErrorCode } from '@fusegate/shared/model/errors';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiServer, json, serve } from '../support/api-server.ts';
import { API_KEY, testClient, testContext } from '../support/call.ts';
import { errorOf } from '../support/errors.ts';
import { type EveryRequest, everyRequest } from '../support/every-request.ts';
import { fieldsOf } from '../support/multipart.ts';

const ALL = Object.keys(ENDPOINTS) as Operation[];
const API = ALL.filter((operation) => (ENDPOINTS[operation] as Endpoint).path !== 'storage');
const UNSENT = ALL.filter((operation) => ruleOf(operation).repeat === 'unsent');
const ALWAYS = ALL.filter((operation) => ruleOf(operation).repeat === 'always');
const boom = (statusCode: number, message: string) => ({ statusCode, error: 'Word', message });

let server: ApiServer | undefined;
afterEach(() => server?.close());

type Answer = (call: { count: number; good: () => void }, response: Parameters<typeof json>[0]) => void;

/** Sends one request to a server that answers as the test says; the n-th time with `count` n. */
async function sending(operation: Operation, answer: Answer) {
  let count = 0;
  let request: EveryRequest | undefined;
  server = await serve((_request, response) => {
    count += 1;
    const body = request?.answer;
    const good = () => (Buffer.isBuffer(body) ? response.end(body) : json(response, body));
    answer({ count, good }, response);
  });
  request = (await everyRequest(server.url))[operation];
  const { client } = testClient(server.url, { teamId: 'team 1' });
  return { request, client, server, sent: () => request.send(client, testContext('build')) };
}

const good: Answer = ({ good: answerWell }) => answerWell();

describe('every request', () => {
  it.each(ALL)('%s: is what the table says, with the key only to the API', async (operation) => {
    const { request, sent, server: seen } = await sending(operation, good);
    expect(await sent()).toEqual(request.gives);
    expect(seen.requests).toHaveLength(1);
    const [received] = seen.requests;
    if (received === undefined) throw new Error('no request');
    const endpoint: Endpoint = ENDPOINTS[operation];
    const url = new URL(received.url, seen.url);
    expect(received.method).toBe(ruleOf(operation).method);
    if (request.storage) {
      expect(received.headers).not.toHaveProperty('authorization');
      expect(received.headers).not.toHaveProperty('x-appdome-client');
      expect(url.search).toBe('?signature=s');
      return;
    }
    const [pathname = '', query = ''] = endpoint.path.split('?');
    expect(url.pathname).toMatch(new RegExp(`^/api/v1${pathname.replace(/\{\w+\}/g, '[a-z]+-1')}$`));
    for (const [name, value] of new URLSearchParams(query)) expect(url.searchParams.get(name), name).toBe(value);
    expect(received.headers.authorization).toBe(API_KEY);
    expect(received.headers['x-appdome-client']).toMatch(/^Fusegate\//);
    if (endpoint.action !== undefined) expect(fieldsOf(received).action).toBe(endpoint.action);
    const body = received.body.length;
    expect(received.headers['transfer-encoding']).toBeUndefined();
    if (body > 0) expect(received.headers['content-length']).toBe(String(body));
  });

  it.each(API)('%s: names the team where the endpoint knows teams', async (operation) => {
    const { sent, server: seen } = await sending(operation, good);
    await sent();
    const team = new URL(seen.requests[0]?.url ?? '', seen.url).searchParams.get('team_id');
    const expected: Partial<Record<Operation, string | null>> = {
      validationUpload: null,
      validationStatus: null,
      releaseFusionSet: 'team-2',
    };
    expect(team).toBe(operation in expected ? expected[operation] : 'team 1');
  });

  const refusals: Array<[number, ErrorCode]> = [
    [401, 'auth.rejected'],
    [403, 'auth.forbidden'],
    [404, 'service.refused'],
  ];
  it.each(API.flatMap((operation) => refusals.map(([status, code]) => ({ operation, status, code }))))(
    '$operation: $status is $code, told once, in the service’s words',
    async ({ operation, status, code }) => {
      const { sent, server: seen } = await sending(operation, (_call, response) =>
        json(response, boom(status, 'No\n::error::way'), status),
      );
      const error = await errorOf(sent());
      expect(error).toMatchObject({ code, status, stage: 'build' });
      expect(error.message).toContain('No ::error::way');
      expect(error.message).not.toContain(API_KEY);
      expect(error.hint).not.toBe('');
      expect(answerWasLost(error)).toBe(false);
      expect(seen.requests).toHaveLength(1);
    },
  );

  it.each(ALWAYS)('%s: is repeated after a 500 and a lost connection', async (operation) => {
    const {
      request,
      sent,
      server: seen,
    } = await sending(operation, ({ count, good: answerWell }, response) => {
      if (count === 1) json(response, boom(500, 'Later'), 500);
      else if (count === 2) response.destroy();
      else answerWell();
    });
    expect(await sent()).toEqual(request.gives);
    expect(seen.requests).toHaveLength(3);
    // The very same request each time.
    const [first, , third] = seen.requests.map((each) => ({ url: each.url, body: withoutBoundary(each.body) }));
    expect(third).toEqual(first);
  });

  it.each(ALWAYS)('%s: ends as api.unavailable when it stays away', async (operation) => {
    const { sent, server: seen } = await sending(operation, (_call, response) => json(response, boom(503, 'No'), 503));
    expect(await errorOf(sent())).toMatchObject({ code: 'api.unavailable', status: 503 });
    expect(seen.requests).toHaveLength(4);
  });

  it.each(UNSENT.flatMap((operation) => ([500, 502, 504, 'reset'] as const).map((how) => ({ operation, how }))))(
    '$operation: is not repeated after $how, and says that it may have been done',
    async ({ operation, how }) => {
      const { sent, server: seen } = await sending(operation, (_call, response) => {
        if (how === 'reset') response.destroy();
        else json(response, boom(how, 'Oops'), how);
      });
      const error = await errorOf(sent());
      const rule = ruleOf(operation);
      expect(error.code).toBe(rule.lost ?? (how === 'reset' ? 'network.unreachable' : 'api.unavailable'));
      expect(error.message).toContain('the service may have received it');
      if (rule.lostHint !== undefined) expect(error.hint).toBe(rule.lostHint);
      expect(answerWasLost(error)).toBe(true);
      expect(seen.requests).toHaveLength(1);
    },
  );

  it.each(UNSENT)('%s: is repeated when the service says that it did not take it', async (operation) => {
    const {
      request,
      sent,
      server: seen,
    } = await sending(operation, ({ count, good: answerWell }, response) => {
      if (count === 1) json(response, boom(429, 'Slower'), 429);
      else if (count === 2) json(response, boom(503, 'Not now'), 503, { 'retry-after': '1' });
      else answerWell();
    });
    expect(await sent()).toEqual(request.gives);
    expect(seen.requests).toHaveLength(3);
  });

  it.each(API)('%s: takes no HTML page for an answer', async (operation) => {
    const { request, sent } = await sending(operation, (_call, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><title>Sign in</title>');
    });
    if (request.unread) {
      await sent();
      return;
    }
    const error = await errorOf(sent());
    expect(error.code).toBe(ruleOf(operation).lost ?? 'api.unexpected');
    expect(error.message).toContain('HTML page');
  });
});

function withoutBoundary(body: Buffer): string {
  const text = body.toString('latin1');
  const boundary = /^--(-+[\w-]+)\r\n/.exec(text)?.[1];
  return boundary === undefined ? text : text.replaceAll(boundary, 'BOUNDARY');
}

describe('the table of endpoints', () => {
  it('is whole in the documentation', () => {
    const page = readFileSync(new URL('../../../docs/api-client.md', import.meta.url), 'utf8');
    for (const name of ALL) expect(page).toContain(`| \`${name}\` |`);
    for (const { path } of LEFT_OUT) expect(page).toContain(`| ${path} |`);
  });

  it('has exactly the methods of the client, and a section for each', () => {
    const { client } = testClient('https://api.example');
    const methods = Object.keys(client).filter((name) => typeof Reflect.get(client, name) === 'function');
    // `checkAccess` asks for an upload link, and looks at it differently.
    expect(methods.filter((name) => name !== 'checkAccess').sort()).toEqual([...ALL].sort());
    expect(client).toBeInstanceOf(AppdomeClient);
    for (const { section } of Object.values(ENDPOINTS)) expect(section).toMatch(/^3\.\d+$/);
  });

  it('has no request that deletes, and none that is left out', () => {
    const requests = Object.values(ENDPOINTS).map(({ method, path }) => `${method} ${path}`);
    expect(requests.filter((request) => request.startsWith('DELETE'))).toEqual([]);
    expect(LEFT_OUT.filter(({ path }) => requests.includes(path))).toEqual([]);
  });
});
