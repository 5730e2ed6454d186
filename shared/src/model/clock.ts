/** Time as a dependency, so that testing a 40-minute deadline takes no time. */

export interface Clock {
  /** Wall clock, milliseconds since the epoch. For timestamps that people read. */
  now(): number;
  /** Monotonic milliseconds. For every duration and deadline: the wall clock may jump. */
  monotonic(): number;
  /** Calls `fire` once after `ms`; the returned function cancels. With `unref`, the timer does not keep the process alive. */
  setTimer(ms: number, fire: () => void, unref?: 'unref'): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(ms, fire, unref) {
    const timer = setTimeout(fire, ms);
    if (unref) timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Clocks differ: what was made just now may seem to be from the future. */
export const CLOCK_SKEW_MS = 24 * 60 * 60 * 1000;

/**
 * FUSEGATE_TIME_SCALE, for tests of child processes only: stalls, back-off and Retry-After take this share of their time. Deadlines are not
 * scaled. Never changes a verdict.
 * @returns undefined unless the variable is a number above 0 and at most 1
 */
export function readTimeScale(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return 1;
  const scale = Number(text);
  return scale > 0 && scale <= 1 ? scale : undefined;
}

/**
 * A clock that runs `1/scale` times as fast for stalls, back-off and Retry-After. Only for tests of child processes
 * (`FUSEGATE_TIME_SCALE`); phase deadlines are not scaled.
 */
export function scaledClock(clock: Clock, scale: number): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    setTimer: (ms, fire, unref) => clock.setTimer(ms * scale, fire, unref),
  };
}

/**
 * Waits `ms` milliseconds.
 * @throws the signal's reason when it is aborted first
 */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.setTimer(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
