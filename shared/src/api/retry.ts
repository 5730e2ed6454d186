/**
 * The retry decision, as pure functions. The numbers are those of the AWS SDK's standard mode (full jitter, cap 20 s, a bucket of 500
 * tokens at 5 a repeat): github.com/smithy-lang/smithy-typescript, packages/util-retry/src/constants.ts.
 */
import type { RequestRule } from './endpoints.ts';
import { type Failure, isNotNow } from './failure.ts';

const BASE_MS = 500;
/** A service that says "too many requests" needs a longer pause than one that had a hiccup. */
const THROTTLED_BASE_MS = 1_000;
const CAP_MS = 20_000;
/** We do not wait longer than this in a CI job that is paid by the minute; the error says how long the service asked for. */
export const MAX_RETRY_AFTER_MS = 5 * 60_000;

export const RETRYABLE_STATUS = new Set([408, 425, 429]);

/** Whether the failure may be temporary. Says nothing about whether the request may be repeated. */
export function isTemporary({ permanent, kind, status = 0 }: Failure): boolean {
  if (permanent || kind === 'redirect') return false;
  return kind !== 'status' || RETRYABLE_STATUS.has(status) || status >= 500;
}

/** Why a request is not repeated. `lost`: the service may have done it, and it must not be done twice. */
export type StopReason = 'permanent' | 'lost' | 'attempts' | 'budget' | 'deadline' | 'retry-after';

export interface RetrySituation {
  rule: Pick<RequestRule, 'repeat' | 'patience'>;
  failure: Failure;
  /** How often the request has been sent so far, including this failure; from 1. */
  attempts: number;
  /** `Limits.retries`. */
  retries: number;
  /** Milliseconds to the nearest deadline; absent = none. */
  remainingMs?: number;
  budget: Pick<RetryBudget, 'canSpend'>;
  random: () => number;
}

export type RetryDecision = { retry: true; delayMs: number } | { retry: false; reason: StopReason };

export function shouldRetry(situation: RetrySituation): RetryDecision {
  const { rule, failure, attempts, retries, remainingMs, budget } = situation;
  if (!isTemporary(failure)) return { retry: false, reason: 'permanent' };
  if (rule.repeat === 'unsent' && failure.sent && !isNotNow(failure)) return { retry: false, reason: 'lost' };
  if (attempts > retries * (rule.patience ?? 1)) return { retry: false, reason: 'attempts' };
  if ((failure.retryAfterMs ?? 0) > MAX_RETRY_AFTER_MS) return { retry: false, reason: 'retry-after' };
  if (!budget.canSpend(failure)) return { retry: false, reason: 'budget' };
  const delayMs = nextDelay({ attempts, failure, random: situation.random });
  if (remainingMs !== undefined && delayMs >= remainingMs) return { retry: false, reason: 'deadline' };
  return { retry: true, delayMs };
}

/** Full jitter: anything between zero and the exponential step, so that a fleet of jobs does not retry in unison. */
export function nextDelay(input: { attempts: number; failure: Failure; random: () => number }): number {
  const base = input.failure.status === 429 ? THROTTLED_BASE_MS : BASE_MS;
  const step = Math.min(CAP_MS, base * 2 ** (input.attempts - 1));
  return Math.max(Math.round(input.random() * step), input.failure.retryAfterMs ?? 0);
}

/**
 * Reads a Retry-After header, either form (RFC 9110 §10.2.3): seconds, or an HTTP date.
 * @param now wall clock, milliseconds
 * @returns milliseconds from now, never negative; undefined if the header is missing or invalid
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  // Only forms with a weekday or month name: Date.parse reads "-5" or "1.5.2" as dates too.
  if (!/[A-Za-z]{3}/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** The budget for all retries of one run, so that a service that is down does not get thousands of requests. */
export class RetryBudget {
  static readonly capacity = 500;
  static readonly cost = 5;
  /** A time-out has already cost a minute of waiting. */
  static readonly timeoutCost = 10;
  #tokens: number = RetryBudget.capacity;

  get tokens(): number {
    return this.#tokens;
  }

  canSpend(failure: Failure): boolean {
    return this.#tokens >= costOf(failure);
  }

  spend(failure: Failure): void {
    this.#tokens = Math.max(0, this.#tokens - costOf(failure));
  }

  /** Every success gives one token back. */
  refill(): void {
    this.#tokens = Math.min(RetryBudget.capacity, this.#tokens + 1);
  }
}

function costOf(failure: Failure): number {
  const timedOut = failure.kind === 'connect-timeout' || failure.kind === 'stalled';
  return timedOut ? RetryBudget.timeoutCost : RetryBudget.cost;
}
