/** What can go wrong with one attempt of one request, as data that the retry decision is a function of. */

export interface Failure {
  /**
   * `network`: refused, reset, DNS, TLS. `connect-timeout`, `stalled`: one of our clocks. `status`: an HTTP status other than success.
   * `unexpected`: an answer that is not the protocol. `redirect`: one that we do not follow. `corrupt`: a download that is not whole
   * or not the right type of file.
   */
  kind: 'network' | 'connect-timeout' | 'stalled' | 'status' | 'unexpected' | 'redirect' | 'corrupt';
  /** False only when the request provably did not reach the service: the connection was never made. */
  sent: boolean;
  /** Asking again would give the same: a bad certificate, HTML instead of JSON. */
  permanent?: boolean;
  status?: number;
  /** What the service asked for in Retry-After. */
  retryAfterMs?: number;
  /** What happened, one line, to follow "… failed: ". May hold text from the server. */
  message: string;
  /** What to do, where this failure knows better than its kind. */
  hint?: string;
  /** The host that was talked to. */
  host: string;
  /** The request carried our key and client name: it went to the API and not to storage. */
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
  return { kind, sent: true, message, host, fromApi, ...(status === undefined ? {} : { status }) };
}

/** Carries a Failure through code that throws. Never leaves `api/` but as the cause of a FusegateError. */
export class AttemptFailure extends Error {
  override readonly name = 'AttemptFailure';
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, cause === undefined ? undefined : { cause });
    this.failure = failure;
  }
}

/**
 * Whether the service may have done what it was asked although we have no answer that says so.
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

/** 429, or 503 with Retry-After: the service says that it did not take the request. */
export function isNotNow(failure: Failure): boolean {
  if (failure.kind !== 'status') return false;
  return failure.status === 429 || (failure.status === 503 && failure.retryAfterMs !== undefined);
}

/** Whether an error of the client means: the request went out, and what became of it is unknown. */
export function answerWasLost(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof AttemptFailure && mayHaveBeenDone(error.cause.failure);
}
