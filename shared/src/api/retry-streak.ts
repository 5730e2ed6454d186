/** The failures of one request so far: how long they have lasted, what they have cost, and whether it is sent again. */
import { defined } from '../model/defined.ts';
import type { Limits } from '../model/run-request.ts';
import type { CallContext } from './call.ts';
import type { RequestRule } from './endpoints.ts';
import type { Failure } from './failure.ts';
import { isTimeout, isUnreadable, patienceOf, type RetryBudget, type RetryDecision, shouldRetry } from './retry.ts';

/** Whoever allows a connection minutes of silence still wants more than one attempt. */
const MOST_OF_ONE_TIMEOUT_MS = 30_000;

interface StreakOptions {
  limits: Pick<Limits, 'connect' | 'stall' | 'retries'>;
  random: () => number;
}

/** What can be left out does not wait as long for a connection or a byte as the rest. */
export function limitsOf(
  { optional }: Pick<CallContext, 'optional'>,
  { connect, stall }: StreakOptions['limits'],
): Pick<Limits, 'connect' | 'stall'> {
  return optional ? { connect: connect / 3, stall: stall / 6 } : { connect, stall };
}

export class RetryStreak {
  readonly #rule: RequestRule;
  readonly #context: Pick<CallContext, 'optional' | 'remaining'>;
  readonly #options: StreakOptions;
  readonly #budget: RetryBudget;
  #waitedMs = 0;
  #unreadable = 0;
  #spent = 0;

  constructor(rule: RequestRule, context: CallContext, options: StreakOptions, budget: RetryBudget) {
    this.#rule = rule;
    this.#context = context;
    this.#options = options;
    this.#budget = budget;
  }

  /**
   * @param attempts how often the request has been sent so far
   * @param hostHasAnswered anything, during this run
   */
  decide(failure: Failure, attempts: number, hostHasAnswered: boolean): RetryDecision {
    const { connect, stall } = limitsOf(this.#context, this.#options.limits);
    // By what was waited for, not by a clock: tests of child processes scale timers, and then durations mean nothing.
    if (isTimeout(failure))
      this.#waitedMs += Math.min(failure.kind === 'stalled' ? stall : connect, MOST_OF_ONE_TIMEOUT_MS);
    if (isUnreadable(failure)) this.#unreadable += 1;
    const remainingMs = this.#context.remaining?.();
    const decision = shouldRetry({
      rule: this.#rule,
      failure,
      attempts,
      unreadable: this.#unreadable,
      waitedMs: this.#waitedMs,
      patienceMs: patienceOf({
        optional: this.#context.optional === true,
        hasDeadline: remainingMs !== undefined && Number.isFinite(remainingMs),
        hostHasAnswered,
      }),
      budget: this.#budget,
      random: this.#options.random,
      ...defined({ retries: this.#options.limits.retries, remainingMs }),
    });
    if (decision.retry) {
      this.#spent += this.#budget.spend(failure);
      this.#waitedMs += decision.delayMs;
    }
    return decision;
  }

  /** The budget gets back what the failures have cost. */
  succeeded(): void {
    this.#budget.refill(this.#spent);
  }
}
