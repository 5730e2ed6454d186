/** What can go wrong with one attempt of one request, as data. The retry decision is a function of it. */
import { defined } from '../model/defined.ts';

export interface Failure {
  /**
   * `network`: refused, reset, DNS, TLS. `connect-timeout`, `stalled`: one of our clocks. `status`: an HTTP status other than success.
   * `unexpected`: an answer that is not the protocol. `redirect`: one that we do not follow. `corrupt`: a download that is incomplete or of
   * the wrong file type.
   */
  kind: 'network' | 'connect-timeout' | 'stalled' | 'status' | 'unexpected' | 'redirect' | 'corrupt';
  /** False only if the request provably did not reach the service: the connection was never made. */
  sent: boolean;
  /** Retrying would give the same result: a bad certificate, an answer that is too large. */
  permanent?: boolean;
  status?: number;
  /** The error answer is a JSON object, so the API itself wrote it, not a gateway in front of it. */
  isJson?: true;
  /** Storage refused the link that the service redirected to; asking the service again gives a new one. */
  expiredLink?: true;
  /** What the service asked for with Retry-After. */
  retryAfterMs?: number;
  /** What happened, in one line, to follow "… failed: ". May contain text from the server. */
  message: string;
  /** What to do, if this failure knows better than its kind. */
  hint?: string;
  host: string;
  /** Whether the request carried our key and client name: it went to the API, not to storage. */
  fromApi: boolean;
}

/** A failure after something was sent. Never the whole URL: the query of a presigned link is a credential. */
export function failureOf(
  where: Pick<Failure, 'host' | 'fromApi'>,
  kind: Failure['kind'],
  message: string,
  status?: number,
): Failure {
  const { host, fromApi } = where;
  return { kind, sent: true, message, host, fromApi, ...defined({ status }) };
}

/** Carries a Failure through code that throws. Leaves `api/` only as the cause of a FusegateError. */
export class AttemptFailure extends Error {
  override readonly name = 'AttemptFailure';
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, cause === undefined ? undefined : { cause });
    this.failure = failure;
  }
}

/**
 * Whether the service may have done the request although we have no answer that says so.
 *
 * Only three things prove that it has not: no connection, a refusal (4xx, a redirect), and a "not now" (429, or 503 with Retry-After).
 * A 500, 502, 504, a lost connection or an unreadable success proves nothing.
 */
export function mayHaveBeenDone(failure: Failure): boolean {
  if (!failure.sent || failure.kind === 'redirect') return false;
  if (failure.kind !== 'status') return true;
  if (isNotNow(failure)) return false;
  const status = failure.status ?? 0;
  return status >= 500 || status === 408 || status < 400;
}

/** 429, or 503 with Retry-After: the service says that it did not accept the request. */
export function isNotNow(failure: Failure): boolean {
  if (failure.kind !== 'status') return false;
  return failure.status === 429 || (failure.status === 503 && failure.retryAfterMs !== undefined);
}

/** Whether a client error means that the request went out and its outcome is unknown. */
export function answerWasLost(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof AttemptFailure && mayHaveBeenDone(error.cause.failure);
}

/** Whether a client error is a refusal in the API's own words. A gateway's page in its place may pass. */
export function isAnswerOfApi(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof AttemptFailure && error.cause.failure.isJson === true;
}
