/** The failures of one request so far: how long they have lasted, what they have cost, and whether it is sent again. */
import { defined } from '../model/defined.ts';
import type { Limits } from '../model/run-request.ts';
import type { CallContext, Patience } from './call.ts';
import type { RequestRule } from './endpoints.ts';
import type { Failure } from './failure.ts';
import { isTimeout, isUnreadable, patienceOf, type RetryBudget, type RetryDecision, shouldRetry } from './retry.ts';

/** Whoever allows a connection minutes of silence still wants more than one attempt. */
const MOST_OF_ONE_TIMEOUT_MS = 30_000;

/** Stages that have none of their own. */
const WITHOUT_DEADLINE: ReadonlySet<CallContext['stage']> = new Set(['preflight', 'gate', 'mapping'] as const);

interface StreakOptions {
  limits: Pick<Limits, 'connect' | 'stall' | 'retries'>;
  random: () => number;
}

/** What can be left out does not wait as long for a connection or a byte as the rest. */
export function limitsOf(
  { patience }: Pick<CallContext, 'patience'>,
  { connect, stall }: StreakOptions['limits'],
): Pick<Limits, 'connect' | 'stall'> {
  return patience === 'seconds' ? { connect: connect / 3, stall: stall / 6 } : { connect, stall };
}

export class RetryStreak {
  readonly #rule: RequestRule;
  readonly #context: Pick<CallContext, 'stage' | 'patience' | 'remaining'>;
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
      patienceMs: patienceOf({ patience: this.#patience(remainingMs), hostHasAnswered }),
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

  /** Nobody waits for hours where only the whole run has a deadline, or nothing has. */
  #patience(remainingMs = Number.POSITIVE_INFINITY): Patience | undefined {
    const { stage, patience } = this.#context;
    const ends = Number.isFinite(remainingMs) && !WITHOUT_DEADLINE.has(stage);
    return patience ?? (ends ? undefined : 'minutes');
  }

  /** The budget gets back what the failures have cost. */
  succeeded(): void {
    this.#budget.refill(this.#spent);
  }
}
