import type { Clock } from './clock.ts';

/** What `run` takes from outside so that tests control it: time, randomness and cancellation. */
export interface Deps {
  /** Deadlines, stage times, polling. */
  clock: Clock;
  /** Stall, back-off and Retry-After. The same clock as above, unless `FUSEGATE_TIME_SCALE` is set. */
  retryClock: Clock;
  /** 0 ≤ x < 1, for jitter. */
  random: () => number;
  /** Aborted when the run is cancelled by a signal. */
  signal: AbortSignal;
  /** Masks every secret in text that is not ours, where its end may be missing also a part of one; absent where there is none to hide. */
  maskForeign?: ((text: string, end?: 'may be missing') => string) | undefined;
}
