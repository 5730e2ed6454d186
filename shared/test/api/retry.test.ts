import { AttemptFailure, answerWasLost, type Failure, mayHaveBeenDone } from '@fusegate/shared/api/failure';
import {
  isTemporary,
  MAX_RETRY_AFTER_MS,
  nextDelay,
  parseRetryAfter,
  patienceOf,
  RetryBudget,
  shouldRetry,
} from '@fusegate/shared/api/retry';
import { FusegateError } from '@fusegate/shared/model/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const base: Failure = { kind: 'network', sent: true, message: 'reset', host: 'h', fromApi: true };
const failure = (more: Partial<Failure> = {}): Failure => ({ ...base, ...more });
const status = (code: number, more: Partial<Failure> = {}) => failure({ kind: 'status', status: code, ...more });

const decide = (repeat: 'always' | 'unsent', what: Failure, more: Partial<Parameters<typeof shouldRetry>[0]> = {}) =>
  shouldRetry({
    rule: { repeat },
    failure: what,
    attempts: 1,
    unreadable: 0,
    waitedMs: 0,
    patienceMs: Number.POSITIVE_INFINITY,
    budget: new RetryBudget(),
    random: () => 0.5,
    ...more,
  });

describe('shouldRetry', () => {
  // [what happened, a request that may be repeated, one that may not]
  const table: Array<[string, Failure, boolean, boolean]> = [
    ['refused before it was sent', failure({ sent: false }), true, true],
    ['connect time-out', failure({ kind: 'connect-timeout', sent: false }), true, true],
    ['untrusted certificate', failure({ sent: false, permanent: true }), false, false],
    ['reset after it was sent', failure(), true, false],
    ['stalled', failure({ kind: 'stalled' }), true, false],
    ['408', status(408), true, false],
    ['425', status(425), true, false],
    ['429', status(429), true, true],
    ['429 with Retry-After', status(429, { retryAfterMs: 2000 }), true, true],
    ['500', status(500), true, false],
    ['502', status(502), true, false],
    ['502 with Retry-After', status(502, { retryAfterMs: 2000 }), true, false],
    ['503', status(503), true, false],
    ['503 with Retry-After', status(503, { retryAfterMs: 2000 }), true, true],
    ['503 with Retry-After: 0', status(503, { retryAfterMs: 0 }), true, true],
    ['504', status(504), true, false],
    ['400', status(400), false, false],
    ['401', status(401), false, false],
    ['403', status(403), false, false],
    ['404', status(404), false, false],
    ['409', status(409), false, false],
    ['415', status(415), false, false],
    ['redirect', failure({ kind: 'redirect', status: 302 }), false, false],
    ['broken JSON', failure({ kind: 'unexpected', status: 200 }), true, false],
    ['HTML', failure({ kind: 'unexpected', status: 200, permanent: true }), false, false],
    ['short download', failure({ kind: 'corrupt', status: 200 }), true, false],
    ['wrong type of file', failure({ kind: 'corrupt', permanent: true }), false, false],
  ];
  it.each(table)('%s: repeatable %#', (_name, what, always, unsent) => {
    expect(decide('always', what).retry).toBe(always);
    expect(decide('unsent', what).retry).toBe(unsent);
  });

  it('repeats as long as its patience lasts, and uses all of it', () => {
    const after = (waitedMs: number, more: Parameters<typeof failure>[0] = {}) =>
      decide('always', failure(more), { attempts: 30, patienceMs: 150_000, waitedMs });
    expect(after(100_000)).toEqual({ retry: true, delayMs: 10_000 });
    expect(after(149_000)).toEqual({ retry: true, delayMs: 1_000 });
    expect(after(150_000)).toEqual({ retry: false, reason: 'patience' });
    expect(after(145_000, { kind: 'status', status: 503, retryAfterMs: 6_000 }).retry).toBe(false);
    expect(decide('always', failure(), { attempts: 150, waitedMs: 2_000_000 }).retry).toBe(true);
  });

  it('repeats at most as often as the user allows', () => {
    const after = (attempts: number) => decide('always', status(503), { attempts, retries: 3 });
    expect(after(3)).toMatchObject({ retry: true });
    expect(after(4)).toEqual({ retry: false, reason: 'attempts' });
    expect(decide('always', status(503), { retries: 0 })).toEqual({ retry: false, reason: 'attempts' });
  });

  it.each<[string, Failure]>([
    ['an answer that is not the protocol', failure({ kind: 'unexpected', status: 200 })],
    ['a short download', failure({ kind: 'corrupt', status: 200 })],
    ['an expired link', status(403, { fromApi: false, expiredLink: true })],
  ])('ends after a streak of what cannot be used, later for polls: %s', (_name, what) => {
    const after = (unreadable: number, polled?: true) =>
      decide('always', what, { unreadable, rule: { repeat: 'always', ...(polled ? { polled } : {}) } });
    expect(after(3)).toMatchObject({ retry: true });
    expect(after(4)).toEqual({ retry: false, reason: 'attempts' });
    expect(after(8, true)).toMatchObject({ retry: true });
    expect(after(9, true)).toEqual({ retry: false, reason: 'attempts' });
  });

  it('bridges a redirect only while it polls', () => {
    const redirect = failure({ kind: 'redirect', status: 302 });
    expect(decide('always', redirect, { rule: { repeat: 'always', polled: true } }).retry).toBe(true);
    expect(decide('always', redirect)).toEqual({ retry: false, reason: 'permanent' });
  });

  it('has the patience of the deadline where the host has answered, and minutes otherwise', () => {
    const step = { patience: undefined, hostHasAnswered: true };
    expect(patienceOf(step)).toBe(Number.POSITIVE_INFINITY);
    const minutes = patienceOf({ ...step, hostHasAnswered: false });
    expect(minutes).toBeGreaterThanOrEqual(120_000);
    expect(minutes).toBeLessThan(300_000);
    expect(patienceOf({ ...step, patience: 'minutes' })).toBe(minutes);
    expect(patienceOf({ ...step, patience: 'seconds' })).toBeLessThan(10_000);
  });

  it('stops when the budget is empty, when the pause reaches the deadline, when the service asks for too long', () => {
    expect(decide('always', status(503), { budget: { canSpend: () => false } })).toEqual({
      retry: false,
      reason: 'budget',
    });
    expect(decide('always', status(503, { retryAfterMs: 5000 }), { remainingMs: 5000 })).toEqual({
      retry: false,
      reason: 'deadline',
    });
    expect(decide('always', status(503, { retryAfterMs: 4999 }), { remainingMs: 5000 })).toMatchObject({
      delayMs: 4999,
    });
    expect(decide('always', status(503, { retryAfterMs: MAX_RETRY_AFTER_MS + 1 }))).toEqual({
      retry: false,
      reason: 'retry-after',
    });
  });

  it('says `lost` only for requests that must not be repeated', () => {
    expect(decide('unsent', status(502))).toEqual({ retry: false, reason: 'lost' });
    expect(decide('unsent', status(400))).toEqual({ retry: false, reason: 'permanent' });
  });
});

describe('a request that must not be repeated', () => {
  const anyFailure = fc.record({
    kind: fc.constantFrom<Failure['kind']>(
      'network',
      'connect-timeout',
      'stalled',
      'status',
      'unexpected',
      'redirect',
      'corrupt',
    ),
    sent: fc.boolean(),
    status: fc.integer({ min: 300, max: 599 }),
    retryAfterMs: fc.option(fc.nat(10_000), { nil: undefined }),
    permanent: fc.boolean(),
  });
  const asFailure = (any: typeof anyFailure extends fc.Arbitrary<infer T> ? T : never): Failure => {
    const { retryAfterMs, ...rest } = any;
    return { ...base, ...rest, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  };

  it('is never repeated while it may have been done', () => {
    fc.assert(
      fc.property(anyFailure, (any) => {
        const what = asFailure(any);
        if (mayHaveBeenDone(what)) expect(decide('unsent', what).retry).toBe(false);
      }),
    );
  });

  it('counts as done by every answer that does not refuse it', () => {
    expect(mayHaveBeenDone(failure({ sent: false }))).toBe(false);
    for (const code of [200, 408, 500, 502, 503, 504]) expect(mayHaveBeenDone(status(code)), String(code)).toBe(true);
    for (const code of [400, 401, 403, 404, 409, 422, 429])
      expect(mayHaveBeenDone(status(code)), String(code)).toBe(false);
    expect(mayHaveBeenDone(status(503, { retryAfterMs: 0 }))).toBe(false);
    expect(mayHaveBeenDone(failure({ kind: 'unexpected', status: 200, permanent: true }))).toBe(true);
    expect(mayHaveBeenDone(failure({ kind: 'redirect', status: 302 }))).toBe(false);
  });

  it('is told apart by the cause of its error', () => {
    const error = (cause: unknown) => new FusegateError('api.unavailable', 'x', { hint: 'y', cause });
    expect(answerWasLost(error(new AttemptFailure(status(502))))).toBe(true);
    expect(answerWasLost(error(new AttemptFailure(status(400))))).toBe(false);
    expect(answerWasLost(error(new Error('x')))).toBe(false);
    expect(answerWasLost('x')).toBe(false);
  });
});

describe('nextDelay', () => {
  it('doubles to the cap, with full jitter', () => {
    const at = (attempts: number, random: number, what = status(500)) =>
      nextDelay({ attempts, failure: what, random: () => random });
    expect([1, 2, 3, 4, 5, 6, 7, 20].map((attempts) => at(attempts, 0.999999))).toEqual([
      500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000,
    ]);
    expect(at(5, 0)).toBe(0);
    expect([1, 6, 7, 20].map((attempts) => at(attempts, 0.999999, status(429)))).toEqual([
      1000, 32_000, 60_000, 60_000,
    ]);
  });

  it('never comes back before Retry-After, and never later than the cap without one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.option(fc.nat(300_000), { nil: undefined }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempts, retryAfterMs, random) => {
          const what = status(503, retryAfterMs === undefined ? {} : { retryAfterMs });
          const delay = nextDelay({ attempts, failure: what, random: () => random });
          expect(delay).toBeGreaterThanOrEqual(retryAfterMs ?? 0);
          expect(delay).toBeLessThanOrEqual(Math.max(20_000, retryAfterMs ?? 0));
        },
      ),
    );
  });
});

describe('parseRetryAfter', () => {
  const now = Date.UTC(2026, 10, 21, 12, 0, 0);
  it.each<[string | undefined, number | undefined]>([
    ['7', 7000],
    [' 0 ', 0],
    ['1.5', 1500],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
    ['Saturday, 21-Nov-26 12:00:30 GMT', 30_000],
    ['Sat Nov 21 12:00:30 2026 GMT', 30_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
    ['7 seconds', undefined],
  ])('%s → %s', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });

  it('never throws and is never negative', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(parseRetryAfter(header, now) ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('RetryBudget', () => {
  it('carries five transfers through two minutes, and no storm', () => {
    const budget = new RetryBudget();
    let repeats = 0;
    for (; budget.canSpend(failure()); repeats += 1) budget.spend(failure());
    expect(repeats).toBeGreaterThanOrEqual(5 * 20);
    expect(repeats).toBeLessThan(300);
    const timeouts = new RetryBudget();
    expect(timeouts.spend(failure({ kind: 'stalled' }))).toBeGreaterThan(timeouts.spend(failure()));
  });

  it('gets back what an outage has cost, and never more than it had', () => {
    const budget = new RetryBudget();
    const spent = [1, 2, 3].reduce((sum) => sum + budget.spend(failure()), 0);
    expect(budget.tokens).toBe(RetryBudget.capacity - spent);
    budget.refill(spent);
    expect(budget.tokens).toBe(RetryBudget.capacity);
    budget.refill(0);
    expect(budget.tokens).toBe(RetryBudget.capacity);
  });
});

describe('isTemporary', () => {
  it('never takes a refusal or a redirect for temporary', () => {
    for (let code = 300; code < 600; code += 1) {
      expect(isTemporary(status(code)), String(code)).toBe(code >= 500 || [408, 425, 429].includes(code));
    }
  });
});
