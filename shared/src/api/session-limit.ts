/** How busy the account is. In Appdome's documentation, which does not show the answer; no official client asks. */
import type { CallContext } from './call.ts';
import { readJson, unexpected } from './read-body.ts';
import type { Transport } from './transport.ts';

export interface SessionLimit {
  active: number;
  limit: number;
}

/**
 * Asks how many sessions of the account are active, and how many may be.
 * @throws FusegateError api.unexpected unless `active` and `limit` are non-negative integers; service.refused, auth.*, network.*
 * @see appdome-api.md §3.22, documented; the names of both fields are inferred
 */
export function sessionLimit(transport: Transport, context: CallContext): Promise<SessionLimit> {
  return transport.send({ operation: 'sessionLimit' }, context, async (response) => {
    const { active, limit } = await readJson(response);
    if (isCount(active) && isCount(limit)) return { active, limit };
    throw unexpected(response, 'the answer has no usable active and limit', { permanent: true });
  });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
