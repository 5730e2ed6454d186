/** Our own redirect step: where a request may be redirected, and what it may carry. */
import type { RequestRule } from './endpoints.ts';
import { AttemptFailure, type Failure } from './failure.ts';
import { isAllowedTarget } from './origin.ts';

export const CLIENT_HEADER = 'X-Appdome-Client';
const MAX_REDIRECTS = 5;
const REDIRECT_STATUS = new Set([301, 302, 303, 307, 308]);

/** `false` = must not be sent, not even by default. */
export type RequestHeaders = Record<string, string | false>;

export function isRedirect(status: number): boolean {
  return REDIRECT_STATUS.has(status);
}

/**
 * Where to go next, or why not. Only a GET is redirected: a POST would be repeated, and an upload's body is already consumed.
 * @param hops redirects followed so far
 */
export function redirectTarget(rule: RequestRule, from: URL, location: string | undefined, hops: number): URL | string {
  if (rule.method !== 'GET') return 'it redirects, and this request is not sent to another address';
  if (hops >= MAX_REDIRECTS) return `it redirects more than ${MAX_REDIRECTS} times`;
  if (location === undefined) return 'it redirects without saying where';
  if (!URL.canParse(location, from.href)) return 'it redirects to something that is not an address';
  const to = new URL(location, from);
  if (!isAllowedTarget(to)) return `it redirects to ${to.protocol.replace(/:$/, '')}, which is not followed`;
  if (to.username || to.password) return 'it redirects to an address with a password in it';
  if (rule.ownOrigin && to.origin !== from.origin) return 'it redirects to another server, which cannot speak for it';
  return to;
}

/** Headers that must not go to another origin. */
export function withoutIdentity(headers: RequestHeaders): RequestHeaders {
  const { Authorization: _key, [CLIENT_HEADER]: _client, ...rest } = headers;
  return rest;
}

/** Storage may share the API's own address (the emulator's does), so what counts is whether the request carried our identity. */
export function whereOf(url: URL, headers: RequestHeaders): Pick<Failure, 'host' | 'fromApi'> {
  return { host: url.host, fromApi: CLIENT_HEADER in headers };
}

/** Storage answers one of these to a presigned link that is too old (S3 and Azure 403, Google 400; inferred). */
const EXPIRED = new Set([400, 401, 403, 410]);

/** What failed after a redirect: a link that has expired is worth asking for again. */
export function orExpiredLink(error: unknown): unknown {
  if (!(error instanceof AttemptFailure)) return error;
  const { kind, status = 0, fromApi } = error.failure;
  if (kind !== 'status' || fromApi || !EXPIRED.has(status)) return error;
  return new AttemptFailure({ ...error.failure, expiredLink: true }, error);
}
