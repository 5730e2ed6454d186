import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiServer, json, serve } from '../support/api-server.ts';
import { testClient, testContext } from '../support/call.ts';
import { errorOf } from '../support/errors.ts';

let server: ApiServer | undefined;
afterEach(() => server?.close());

describe('a new API key', () => {
  it('cannot be printed by accident', async () => {
    server = await serve((_request, response) => json(response, { token: 'synthetic-new-key' }));
    const { client } = testClient(server.url);
    const answer = await client.refreshApiToken(testContext());
    for (const printed of [String(answer), JSON.stringify({ answer }), inspect(answer)]) {
      expect(printed).not.toContain('synthetic-new-key');
    }
    expect(JSON.parse(answer.reveal())).toEqual({ token: 'synthetic-new-key' });
    const [request] = server.requests;
    expect(request?.body).toHaveLength(0);
    expect(request?.headers['content-length']).toBe('0');
  });

  it('is not quoted in an error either, whatever the answer is', async () => {
    const big = 'synthetic-new-key'.repeat(400_000);
    server = await serve((_request, response) => response.end(big));
    const { client } = testClient(server.url);
    const error = await errorOf(client.refreshApiToken(testContext()));
    expect(error.code).toBe('api.unexpected');
    expect(inspect(error, { depth: 9 })).not.toContain('synthetic-new-key');
    expect(error.hint).toContain('console');
  });
});
