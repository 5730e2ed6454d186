import { afterEach, describe, expect, it } from 'vitest';
import { type ApiServer, json, serve } from '../support/api-server.ts';
import { testClient, testContext } from '../support/call.ts';
import { errorOf } from '../support/errors.ts';

let server: ApiServer | undefined;
afterEach(() => server?.close());

async function asking(answer: unknown) {
  server = await serve((_request, response) => json(response, answer));
  return { server, ask: () => testClient(server?.url ?? '').client.sessionLimit(testContext()) };
}

describe('how busy the account is', () => {
  it.each([
    { active: 0, limit: 5 },
    { active: 7, limit: 5 },
    { active: 0, limit: 0 },
  ])('reads %j', async (answer) => {
    const { ask } = await asking({ ...answer, team: 'x' });
    expect(await ask()).toEqual(answer);
  });

  it.each<[unknown]>([
    [{}],
    [{ active: 5 }],
    [{ limit: 5 }],
    [{ active: '5', limit: 5 }],
    [{ active: 5, limit: '5' }],
    [{ active: -1, limit: 5 }],
    [{ active: 5, limit: 4.5 }],
    [{ active: 5, limit: 1e300 }],
    [{ active: null, limit: 5 }],
    [{ active: true, limit: 1 }],
    [{ active: [5], limit: [5] }],
    [{ sessions: { active: 5, limit: 5 } }],
  ])('does not understand %j, and does not ask again', async (answer) => {
    const { server: seen, ask } = await asking(answer);
    expect((await errorOf(ask())).code).toBe('api.unexpected');
    expect(seen.requests).toHaveLength(1);
  });
});
