import type { ApiResponse } from '@fusegate/shared/api/call';
import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, testClient, testContext } from '../support/call.ts';
import { errorOf } from '../support/errors.ts';

const API = 'https://fusion.appdome.com';
const OUTPUT = '/api/v1/tasks/build-1/output';

beforeAll(() => nock.disableNetConnect());
afterEach(() => {
  const left = nock.pendingMocks();
  nock.cleanAll();
  expect(left).toEqual([]);
});
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

const text = async (response: ApiResponse) => {
  const chunks: Buffer[] = [];
  for await (const chunk of response.body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};
const download = (context = testContext('download')) =>
  testClient(API, { teamId: 'team-1' }).client.downloadOutput('build-1', undefined, context, text);

describe('a redirect of a download', () => {
  it.each([301, 302, 303, 307, 308])('%d is followed, without key and client name on another host', async (status) => {
    nock(API, { reqheaders: { authorization: API_KEY, 'x-appdome-client': /^Fusegate\// } })
      .get(OUTPUT)
      .query({ team_id: 'team-1' })
      .reply(status, '', { Location: 'https://storage.example/app?signature=s' });
    let seen: Record<string, unknown> = {};
    nock('https://storage.example')
      .get('/app?signature=s')
      .reply(function answer() {
        seen = this.req.headers;
        return [200, 'PK'];
      });
    const context = testContext('download');
    expect(await download(context)).toBe('PK');
    const names = Object.keys(seen).map((name) => name.toLowerCase());
    expect(names).toContain('user-agent');
    expect(names).not.toContain('authorization');
    expect(names).not.toContain('x-appdome-client');
    expect(JSON.stringify(seen)).not.toContain(API_KEY);
    expect(context.counted.requests).toBe(2);
  });

  it('keeps the key on the same origin, relative addresses included', async () => {
    nock(API).get(OUTPUT).query(true).reply(302, '', { Location: '../files/9' });
    nock(API, { reqheaders: { authorization: API_KEY } })
      .get('/api/v1/tasks/files/9')
      .reply(200, 'PK');
    expect(await download()).toBe('PK');
  });

  it('does not give the key back to a chain that left', async () => {
    nock(API).get(OUTPUT).query(true).reply(302, '', { Location: 'https://elsewhere.example/1' });
    nock('https://elsewhere.example')
      .get('/1')
      .reply(302, '', { Location: `${API}/api/v1/back` });
    nock(API, { badheaders: ['authorization', 'x-appdome-client'] })
      .get('/api/v1/back')
      .reply(200, 'PK');
    expect(await download()).toBe('PK');
  });

  it('counts another port as another origin', async () => {
    nock(API).get(OUTPUT).query(true).reply(302, '', { Location: 'https://fusion.appdome.com:8443/x' });
    nock('https://fusion.appdome.com:8443', { badheaders: ['authorization'] })
      .get('/x')
      .reply(200, 'PK');
    expect(await download()).toBe('PK');
  });

  it('is followed five times', async () => {
    for (let hop = 0; hop < 5; hop += 1) {
      const path = hop === 0 ? OUTPUT : `/hop/${hop}`;
      nock(API)
        .get(path)
        .query(true)
        .reply(302, '', { Location: `/hop/${hop + 1}` });
    }
    nock(API).get('/hop/5').query(true).reply(200, 'PK');
    expect(await download()).toBe('PK');
  });

  it('in a loop is refused', async () => {
    nock(API)
      .get(OUTPUT)
      .query(true)
      .times(6)
      .reply(302, '', { Location: `${OUTPUT}?x=1` });
    const error = await errorOf(download());
    expect(error.code).toBe('api.redirect');
    expect(error.message).toContain('more than 5 times');
  });

  it.each([
    ['plain http', 'http://storage.example/app'],
    ['a file', 'file:///etc/passwd'],
    ['a data URL', 'data:application/zip;base64,UEsDBA=='],
    ['no address', 'http://'],
    ['nothing', undefined],
  ])('to %s is refused', async (_name, location) => {
    nock(API)
      .get(OUTPUT)
      .query(true)
      .reply(302, '', location === undefined ? {} : { Location: location });
    const error = await errorOf(download());
    expect(error.code).toBe('api.redirect');
    expect(error.exitCode).toBe(4);
  });

  it('to this machine may be plain http', async () => {
    nock(API).get(OUTPUT).query(true).reply(302, '', { Location: 'http://127.0.0.1:9/app' });
    nock('http://127.0.0.1:9', { badheaders: ['authorization'] })
      .get('/app')
      .reply(200, 'PK');
    expect(await download()).toBe('PK');
  });

  it('whose target refuses says nothing about the key', async () => {
    nock(API).get(OUTPUT).query(true).reply(302, '', { Location: 'https://storage.example/app?signature=secret-s' });
    nock('https://storage.example')
      .get('/app')
      .query(true)
      .reply(403, '<Error><Message>Request has expired</Message></Error>');
    const error = await errorOf(download());
    expect(error.code).toBe('service.refused');
    expect(error.message).toContain('Request has expired');
    expect(error.message).toContain('storage.example');
    expect(error.message).not.toContain('secret-s');
  });

  it('is followed again from its beginning when the target fails', async () => {
    nock(API).get(OUTPUT).query(true).twice().reply(302, '', { Location: 'https://storage.example/app' });
    nock('https://storage.example').get('/app').reply(503).get('/app').reply(200, 'PK');
    expect(await download()).toBe('PK');
  });
});
