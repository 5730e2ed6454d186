/** Turns a failed attempt into the typed error that leaves `api/`. */
import type { ErrorCode } from '../model/errors.ts';
import { FusegateError } from '../model/errors.ts';
import type { CallContext } from './call.ts';
import type { RequestRule } from './endpoints.ts';
import { type AttemptFailure, type Failure, mayHaveBeenDone } from './failure.ts';
import { RETRYABLE_STATUS, type StopReason } from './retry.ts';

const CODES = {
  network: 'network.unreachable',
  'connect-timeout': 'network.connect-timeout',
  stalled: 'network.stalled',
  unexpected: 'api.unexpected',
  redirect: 'api.redirect',
  corrupt: 'download.corrupt',
} as const satisfies Record<Exclude<Failure['kind'], 'status'>, ErrorCode>;

/** The code of a failure. Only an answer from the API's own origin says anything about our key; storage has never seen it. */
export function codeOfFailure({ kind, status = 0, fromApi }: Failure): ErrorCode {
  if (kind !== 'status') return CODES[kind];
  if (RETRYABLE_STATUS.has(status) || status >= 500) return 'api.unavailable';
  if (status < 400) return 'api.unexpected';
  if (fromApi && status === 401) return 'auth.rejected';
  if (fromApi && status === 403) return 'auth.forbidden';
  return 'service.refused';
}

const HINTS: Partial<Record<ErrorCode, string>> = {
  'auth.rejected':
    'Check the API key (APPDOME_API_KEY): it may be mistyped, expired or replaced. Get a new one in the console under Account and API.',
  'auth.forbidden':
    'The API key works but has no permission here: check team-id, and that the key belongs to a member of that team.',
  'service.refused':
    'The service understood the request and refused it: check the ids and options in its message, then run again.',
  'network.unreachable': 'Check the network on this machine and run again.',
  'network.connect-timeout': 'Check that a firewall or proxy lets this machine reach the host, then run again.',
  'network.stalled': 'The connection went silent. Run again; on a slow connection raise stall-timeout.',
  'api.unavailable': 'The service has problems at the moment. Run again later.',
  'api.unexpected':
    'This does not look like an answer of the API. Check server-url; if it is right, report this with the text above.',
  'api.redirect': 'Check server-url: a login page or a moved address redirects like this.',
  'download.corrupt':
    'Run again; if it happens again, something between this machine and the service is changing files.',
  'build.may-exist':
    'A build that costs money may have been started. Look in the console for a build of this app and run again with its build-id, or with resume: new to start another one.',
};

const STOP_NOTES: Partial<Record<StopReason, string>> = {
  budget: 'the retries of this run are used up',
  deadline: 'the next try would come after the deadline',
};

/** The error for a request that we give up on. */
export function toError(input: {
  rule: RequestRule;
  failure: AttemptFailure;
  attempts: number;
  reason: StopReason;
  context: CallContext;
}): FusegateError {
  const { rule, failure: carrier, attempts, reason, context } = input;
  const failure = carrier.failure;
  const lost = rule.repeat === 'unsent' && mayHaveBeenDone(failure);
  const code = lost && rule.lost !== undefined ? rule.lost : codeOfFailure(failure);
  const notes = [
    attempts > 1 ? `${attempts} attempts` : undefined,
    lost ? 'not repeated, because the service may have received it' : STOP_NOTES[reason],
    reason === 'retry-after'
      ? `the service asks to wait ${Math.ceil((failure.retryAfterMs ?? 0) / 60_000)} minutes`
      : undefined,
  ].filter((note) => note !== undefined);
  const message = `${rule.doing} failed: ${failure.message} [${failure.host}]${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
  return new FusegateError(code, message, {
    stage: context.stage,
    hint:
      (lost ? rule.lostHint : undefined) ??
      (code === rule.lost ? undefined : failure.hint) ??
      HINTS[code] ??
      'Run again.',
    cause: carrier,
    status: failure.status,
  });
}

/**
 * The error for a request that was aborted, by a deadline or by cancelling.
 *
 * A deadline that passes amid repeated failures is blamed on the failures (exit 4), not on slowness (exit 7). A request that may have
 * started a build is never reported as a mere time-out.
 */
export function toAbortError(input: {
  rule: RequestRule;
  reason: unknown;
  sent: boolean;
  previous: AttemptFailure | undefined;
  attempts: number;
  context: CallContext;
}): FusegateError {
  const { rule, reason, sent, previous, attempts, context } = input;
  const abort = reason instanceof FusegateError ? reason : plainAbort(reason, context);
  const cancelled = abort.code === 'run.cancelled';
  if (sent && rule.lost !== undefined) {
    const message = cancelled
      ? `${abort.message} It was cancelled while a build was being started.`
      : `${rule.doing} got no answer before the deadline: ${abort.message}`;
    return new FusegateError(cancelled ? abort.code : 'build.may-exist', message, {
      stage: context.stage,
      hint: HINTS['build.may-exist'] ?? abort.hint,
      cause: abort,
    });
  }
  if (cancelled || previous === undefined) return abort;
  const failed = toError({ rule, failure: previous, attempts, reason: 'attempts', context });
  return new FusegateError(failed.code, `${failed.message}; then the deadline passed: ${abort.message}`, {
    stage: context.stage,
    hint: failed.hint,
    cause: previous,
    status: failed.status,
  });
}

/** The pipeline's signals have typed reasons, but a caller of the library may pass any signal, including `AbortSignal.timeout()`. */
function plainAbort(reason: unknown, { stage }: CallContext): FusegateError {
  const timedOut = reason instanceof Error && reason.name === 'TimeoutError';
  return timedOut
    ? new FusegateError('timeout.run', 'The deadline passed.', { stage, hint: 'Allow more time.', cause: reason })
    : new FusegateError('run.cancelled', 'The run was cancelled.', { stage, hint: 'Run again.', cause: reason });
}
