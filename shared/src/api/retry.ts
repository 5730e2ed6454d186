/**
 * The retry decision, as pure functions. Full jitter, cap 20 s and 5 tokens a repeat are those of the AWS SDK's standard mode
 * (github.com/smithy-lang/smithy-typescript, packages/util-retry/src/constants.ts). Time bounds the repeats, not their number: a nightly job
 * has nothing better to do than to wait until the network is back.
 */
import type { Patience } from './call.ts';
import type { RequestRule } from './endpoints.ts';
import { type Failure, isNotNow } from './failure.ts';

const BASE_MS = 500;
/** A service that says "too many requests" needs a longer pause than one that had a hiccup. */
const THROTTLED_BASE_MS = 1_000;
const CAP_MS = 20_000;
/** Hundreds of jobs of one account may wait for it to be free. Even so, its budget outlasts every deadline. */
const THROTTLED_CAP_MS = 60_000;
/** We do not wait longer than this in a CI job that is paid by the minute; the error says how long the service asked for. */
export const MAX_RETRY_AFTER_MS = 5 * 60_000;

export const RETRYABLE_STATUS = new Set([408, 425, 429]);

/** How long a request is repeated where no deadline of its step says so, and where the host has never answered. */
const PATIENCE_MS = 150_000;
/** A step that can be left out is not worth a longer wait. */
const OPTIONAL_PATIENCE_MS = 5_000;
/** An answer that is not the protocol may be a gateway's page for a moment; a streak of them is not an outage of the network. */
const UNREADABLE_REPEATS = 3;
/** While the service works, the run waits anyway. */
const UNREADABLE_REPEATS_OF_POLLS = 8;

/** Whether the failure may be temporary. Says nothing about whether the request may be repeated. */
export function isTemporary({ permanent, kind, status = 0, expiredLink }: Failure, polled = false): boolean {
  if (permanent) return false;
  // A captive portal redirects for a while; to every other request, a redirect is the answer.
  if (kind === 'redirect') return polled;
  return kind !== 'status' || expiredLink === true || RETRYABLE_STATUS.has(status) || status >= 500;
}

/** Something answered, and the answer cannot be used: repeated a few times, not until a deadline. */
export function isUnreadable({ kind, expiredLink }: Failure): boolean {
  return kind === 'unexpected' || kind === 'corrupt' || kind === 'redirect' || expiredLink === true;
}

/** Why a request is not repeated. `lost`: the service may have done it, and it must not be done twice. */
export type StopReason = 'permanent' | 'lost' | 'attempts' | 'patience' | 'budget' | 'deadline' | 'retry-after';

export interface RetrySituation {
  rule: Pick<RequestRule, 'repeat' | 'polled'>;
  failure: Failure;
  /** How often the request has been sent so far, including this failure; from 1. */
  attempts: number;
  /** How many of these answers could not be used. */
  unreadable: number;
  /** `Limits.retries`: what the user allows at most; absent = what `patienceMs` allows. */
  retries?: number;
  /** Milliseconds that pauses and our own time-outs have taken since the first failure. */
  waitedMs: number;
  /** Where they end. */
  patienceMs: number;
  /** Milliseconds to the nearest deadline; absent = none. */
  remainingMs?: number;
  budget: Pick<RetryBudget, 'canSpend'>;
  random: () => number;
}

export type RetryDecision = { retry: true; delayMs: number } | { retry: false; reason: StopReason };

export function shouldRetry(situation: RetrySituation): RetryDecision {
  const { rule, failure, attempts, retries, remainingMs, budget } = situation;
  if (!isTemporary(failure, rule.polled)) return { retry: false, reason: 'permanent' };
  if (rule.repeat === 'unsent' && failure.sent && !isNotNow(failure)) return { retry: false, reason: 'lost' };
  if (retries !== undefined && attempts > retries) return { retry: false, reason: 'attempts' };
  const repeats = rule.polled ? UNREADABLE_REPEATS_OF_POLLS : UNREADABLE_REPEATS;
  if (isUnreadable(failure) && situation.unreadable > repeats) return { retry: false, reason: 'attempts' };
  const { retryAfterMs = 0 } = failure;
  if (retryAfterMs > MAX_RETRY_AFTER_MS) return { retry: false, reason: 'retry-after' };
  const patience = situation.patienceMs - situation.waitedMs;
  if (patience <= 0 || retryAfterMs > patience) return { retry: false, reason: 'patience' };
  if (!budget.canSpend(failure)) return { retry: false, reason: 'budget' };
  // The last pause ends with the patience, so that all of it is used.
  const delayMs = Math.min(nextDelay({ attempts, failure, random: situation.random }), patience);
  if (remainingMs !== undefined && delayMs >= remainingMs) return { retry: false, reason: 'deadline' };
  return { retry: true, delayMs };
}

/**
 * How long a request may be repeated. What a run needs is asked for until the deadline of its step; but a host that has never answered is
 * more likely a wrong address or a closed firewall than an outage.
 */
export function patienceOf(step: { patience: Patience | undefined; hostHasAnswered: boolean }): number {
  if (step.patience === 'seconds') return OPTIONAL_PATIENCE_MS;
  return step.patience === undefined && step.hostHasAnswered ? Number.POSITIVE_INFINITY : PATIENCE_MS;
}

/** Full jitter: anything between zero and the exponential step, so that a fleet of jobs does not retry in unison. */
export function nextDelay(input: {
  attempts: number;
  failure: Pick<Failure, 'status' | 'retryAfterMs'>;
  random: () => number;
}): number {
  const [base, cap] = input.failure.status === 429 ? [THROTTLED_BASE_MS, THROTTLED_CAP_MS] : [BASE_MS, CAP_MS];
  const step = Math.min(cap, base * 2 ** (input.attempts - 1));
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

/**
 * The budget for all retries of one run, so that a service that is down does not get thousands of requests. It lasts for five transfers side
 * by side through two minutes; what an outage has cost comes back when the request succeeds.
 */
export class RetryBudget {
  static readonly capacity = 1_000;
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

  /** @returns what it cost */
  spend(failure: Failure): number {
    const cost = costOf(failure);
    this.#tokens = Math.max(0, this.#tokens - cost);
    return cost;
  }

  /** @param spent what the request that has succeeded now has cost */
  refill(spent: number): void {
    this.#tokens = Math.min(RetryBudget.capacity, this.#tokens + Math.max(1, spent));
  }
}

export function isTimeout({ kind }: Failure): boolean {
  return kind === 'connect-timeout' || kind === 'stalled';
}

function costOf(failure: Failure): number {
  return isTimeout(failure) ? RetryBudget.timeoutCost : RetryBudget.cost;
}
