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

  it.each([400, 403])('to a link that has expired (%d) is asked for again', async (status) => {
    nock(API).get(OUTPUT).query(true).reply(302, '', { Location: 'https://storage.example/old' });
    nock('https://storage.example').get('/old').reply(status, '<Error><Message>Request has expired</Message></Error>');
    nock(API).get(OUTPUT).query(true).reply(302, '', { Location: 'https://storage.example/new' });
    nock('https://storage.example').get('/new').reply(200, 'PK');
    expect(await download()).toBe('PK');
  });

  it('whose target refuses again and again says nothing about the key', async () => {
    nock(API)
      .get(OUTPUT)
      .query(true)
      .times(4)
      .reply(302, '', { Location: 'https://storage.example/app?signature=secret-s' });
    nock('https://storage.example')
      .get('/app')
      .query(true)
      .times(4)
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

describe('a redirect of a question', () => {
  const ask = (name: 'status' | 'upload' | 'link' | 'validation') => {
    const { client } = testClient(API);
    const context = testContext();
    if (name === 'status') return client.taskStatus('build-1', undefined, context);
    if (name === 'upload') return client.uploadStatus('app-1', context);
    return name === 'link' ? client.uploadLink(context) : client.validationStatus('v-1', context);
  };
  const elsewhere = (location: string) => nock(API).persist().get(/./).reply(302, '', { Location: location });

  it.each(['status', 'upload', 'link', 'validation'] as const)(
    'to another origin is not believed, and not even asked: %s',
    async (name) => {
      elsewhere('https://elsewhere.example/api');
      const error = await errorOf(ask(name));
      expect(error.code).toBe('api.redirect');
      nock.cleanAll();
    },
  );

  it('within the origin is followed', async () => {
    nock(API).get(/./).reply(302, '', { Location: '/moved' });
    nock(API).get('/moved').reply(200, { status: 'completed' });
    expect(await ask('status')).toMatchObject({ status: 'completed' });
  });

  it('to a portal that lets go after a while does not end a run', async () => {
    nock(API).get(/./).times(2).reply(302, '', { Location: 'https://portal.example/login' });
    nock(API).get(/./).reply(200, { status: 'completed' });
    expect(await ask('status')).toMatchObject({ status: 'completed' });
  });
});
