/** The cost model of polling: how late the end of a step is seen, against how many questions that takes. */
import type { ExpectedWait } from '@fusegate/shared/pipeline/poll-pace';

export interface Cost {
  questions: number;
  /** Milliseconds between the end of the step and the answer that says so. */
  lag: number;
}

/** @param delay milliseconds to the next question, from those that have passed */
export function costOf(takesMs: number, delay: (elapsed: number) => number): Cost {
  let elapsed = 0;
  let questions = 1;
  for (; elapsed < takesMs; questions += 1) elapsed += delay(elapsed);
  return { questions, lag: elapsed - takesMs };
}

/** The mean over builds that take up to 0.5 % less or more than `aboutMs`: where a question falls by chance, it cannot be counted on. */
export function meanCost(aboutMs: number, delay: (elapsed: number) => number): Cost {
  const steps = 201;
  const costs = Array.from({ length: steps }, (_, step) =>
    costOf(aboutMs * (0.995 + (0.01 * step) / (steps - 1)), delay),
  );
  const mean = (pick: (cost: Cost) => number) => costs.reduce((sum, cost) => sum + pick(cost), 0) / steps;
  return { questions: mean(({ questions }) => questions), lag: mean(({ lag }) => lag) };
}

/** As one earlier run leaves it that was off by 3 %. */
export function threePercentOff(ms: number): ExpectedWait {
  return { ms: ms * 1.03, spread: 0.05 };
}
