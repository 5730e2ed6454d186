import { createClient } from '@fusegate/shared';
import { Secret } from '@fusegate/shared/model/secret';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiServer, json, serve } from '../support/api-server.ts';
import { errorOf } from '../support/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';

let server: ApiServer | undefined;
afterEach(() => server?.close());

const context = () => ({ stage: 'build', signal: new AbortController().signal }) as const;

describe('a client of one’s own', () => {
  it('goes to the service unless told otherwise', () => {
    const client = createClient({ apiKey: 'synthetic-key' });
    expect(client.origin).toBe('https://fusion.appdome.com');
    expect(client.isRehearsal).toBe(false);
    client.close();
  });

  it.each([['synthetic-key'], [new Secret('synthetic-key')]])('sends the key, %s, and the team', async (apiKey) => {
    server = await serve((_request, response) => json(response, { apps: [] }));
    const client = createClient({ apiKey, url: `${server.url}/`, teamId: 'team-1' });
    expect(await client.libraryApps(context())).toEqual([]);
    expect(server.requests[0]?.headers.authorization).toBe('synthetic-key');
    expect(server.requests[0]?.url).toBe('/api/v1/my-library-apps?team_id=team-1');
    client.close();
  });

  it('repeats for minutes unless told otherwise', async () => {
    const failing = await serve((_request, response) => json(response, {}, 500));
    server = failing;
    // Connect and stall are not to fire by themselves.
    const clock = new FakeClock(12_000);
    const ask = async (options: { retries?: number }) => {
      const before = failing.requests.length;
      const client = createClient({ apiKey: 'k', url: failing.url, clock, random: () => 0.5, ...options });
      expect((await errorOf(client.libraryApps(context()))).code).toBe('api.unavailable');
      client.close();
      return failing.requests.length - before;
    };
    expect(await ask({ retries: 0 })).toBe(1);
    expect(await ask({ retries: 5 })).toBe(6);
    const before = clock.monotonic();
    await ask({});
    expect(clock.monotonic() - before).toBeGreaterThanOrEqual(120_000);
  });

  it.each<[string, Parameters<typeof createClient>[0]]>([
    ['url', { apiKey: 'k', url: 'http://api.example' }],
    ['proxy', { apiKey: 'k', proxy: 'ftp://proxy' }],
    ['caFile', { apiKey: 'k', caFile: '/does/not/exist' }],
  ])('is not made with a %s that cannot be used', (_name, options) => {
    expect(() => createClient(options)).toThrow(expect.objectContaining({ code: 'usage.invalid' }));
  });

  it('calls a signal of one’s own what it is', async () => {
    const cancel = new AbortController();
    // What AbortSignal.timeout() gives.
    server = await serve(() => cancel.abort(new DOMException('The operation timed out', 'TimeoutError')));
    const client = createClient({ apiKey: 'k', url: server.url });
    const build = { appId: 'a', fusionSetId: 'f', overrides: {} };
    const starting = client.fuse(build, { stage: 'build', signal: cancel.signal });
    expect(await errorOf(starting)).toMatchObject({ code: 'build.may-exist' });
    const late = client.libraryApps({ stage: 'build', signal: cancel.signal });
    expect(await errorOf(late)).toMatchObject({ code: 'timeout.run', exitCode: 7, stage: 'build' });
    const aborted = client.libraryApps({ stage: 'sign', signal: AbortSignal.abort() });
    expect(await errorOf(aborted)).toMatchObject({ code: 'run.cancelled', stage: 'sign' });
    client.close();
  });
});
