/** The account behind the API key. */
import { Secret } from '../model/secret.ts';
import type { CallContext } from './call.ts';
import { MAX_JSON_BYTES, readAnyJson, readBytes } from './read-body.ts';
import type { Transport } from './transport.ts';

/**
 * How many sessions are active, and how many may be.
 * @returns unknown shape; undefined for an empty answer
 * @throws FusegateError service.refused, api.unexpected (no JSON), auth.*, network.*
 * @see appdome-api.md §3.22, documented in one sentence
 */
export function sessionsLimit(transport: Transport, context: CallContext): Promise<unknown> {
  return transport.send({ operation: 'sessions-limit', target: 'sessions/limit' }, context, readAnyJson);
}

/**
 * Makes a new API key. The one that this client has ends with it (inferred): make a new client.
 * @returns the answer's body as text, of unknown shape, unread; wrapped, because the new key is in it
 * @throws FusegateError service.refused, auth.*, api.*, network.*; see `answerWasLost`: the old key may have ended
 * @see appdome-api.md §3.23, documented in one sentence
 */
export function refreshApiToken(transport: Transport, context: CallContext): Promise<Secret> {
  const call = { operation: 'refresh-api-token', target: 'refreshApiToken' } as const;
  return transport.send(call, context, async (response) => {
    return new Secret((await readBytes(response, MAX_JSON_BYTES)).toString('utf8'));
  });
}
