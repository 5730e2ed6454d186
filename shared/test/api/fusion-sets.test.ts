import { afterEach, describe, expect, it } from 'vitest';
import { type ApiServer, json, serve } from '../support/api-server.ts';
import { testClient, testContext } from '../support/call.ts';
import { errorOf } from '../support/errors.ts';

let server: ApiServer | undefined;
afterEach(() => server?.close());

async function answering(answer: unknown) {
  server = await serve((_request, response) => json(response, answer));
  return { server, ...testClient(server.url, { teamId: 'own-team' }) };
}

describe('Fusion Sets', () => {
  it('are released to the team that gets the copy, with an empty body', async () => {
    const { server, client } = await answering({ new_fusion_set_id: 'set-2' });
    expect(await client.releaseFusionSet('set-1', 'other & team', testContext())).toBe('set-2');
    const [request] = server.requests;
    expect(request?.url).toBe('/api/v1/release_fs/set-1?team_id=other+%26+team');
    expect(request?.body).toHaveLength(0);
    expect(request?.headers['content-type']).toBeUndefined();
  });

  it('are not released without an id in the answer, and a copy may be there', async () => {
    const { client } = await answering({ message: 'Hm' });
    const error = await errorOf(client.releaseFusionSet('set-1', 'team-2', testContext()));
    expect(error.code).toBe('api.unexpected');
    expect(error.message).toContain('Hm');
    expect(error.hint).toContain('other team');
  });

  it.each(['', '..', 'a/b', 'a?b', 'a b'])('are not asked for by %j', async (id) => {
    const { server, client } = await answering({});
    expect((await errorOf(client.releaseFusionSet(id, 't', testContext()))).code).toBe('usage.invalid');
    expect(server.requests).toHaveLength(0);
  });
});
