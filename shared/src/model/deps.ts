import type { Clock } from './clock.ts';

/** What `run` takes from outside so that tests decide it: time, chance, and the end of the run. */
export interface Deps {
  /** Deadlines, stage times, polling. */
  clock: Clock;
  /** Stall, back-off and Retry-After; the same clock but where `FUSEGATE_TIME_SCALE` is set. */
  retryClock: Clock;
  /** 0 ≤ x < 1, for jitter. */
  random: () => number;
  /** Aborted when the run is cancelled (SIGINT, SIGTERM). */
  signal: AbortSignal;
}
