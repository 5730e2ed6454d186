import type { OpenedBody } from './call.ts';

/** A value as a JSON request body, the same bytes for every attempt. */
export function jsonBody(value: unknown): () => Promise<OpenedBody> {
  const data = Buffer.from(JSON.stringify(value));
  return async () => ({ data, headers: { 'Content-Type': 'application/json' }, close() {} });
}
