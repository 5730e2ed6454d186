import type { Clock } from '@fusegate/shared/model/clock';

interface Timer {
  due: number;
  order: number;
  fire: () => void;
}

/**
 * A clock that only tests move.
 *
 * Short timers (polls, back-off) fire by themselves on a later turn of the event loop and move the time along; long ones (stall, connect,
 * deadlines) wait until the time has come to them, by the sum of the short ones or by `advance`. So a 40-minute deadline takes no
 * time, and nothing depends on how fast the machine is.
 */
export class FakeClock implements Clock {
  #start: number;
  readonly #autoBelowMs: number;
  readonly #timers = new Set<Timer>();
  #elapsed = 0;
  #order = 0;
  /** The waits that were asked for, in order, in milliseconds. */
  readonly waits: number[] = [];

  /**
   * @param autoBelowMs timers shorter than this fire by themselves
   * @param start wall clock at the beginning, milliseconds since the epoch
   */
  constructor(autoBelowMs = 60_000, start = Date.UTC(2026, 10, 21, 12)) {
    this.#autoBelowMs = autoBelowMs;
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  setTimer(ms: number, fire: () => void): () => void {
    const timer: Timer = { due: this.#elapsed + ms, order: this.#order++, fire };
    this.#timers.add(timer);
    if (ms < this.#autoBelowMs) {
      this.waits.push(ms);
      setImmediate(() => {
        if (this.#timers.has(timer)) this.#runUntil(Math.max(timer.due, this.#elapsed));
      });
    }
    return () => this.#timers.delete(timer);
  }

  /** Moves the time and fires what has come due, in order. */
  advance(ms: number): void {
    this.#runUntil(this.#elapsed + ms);
  }

  /** Sets the wall clock back, as a time server may; what is measured with `monotonic` does not notice. */
  setBack(ms: number): void {
    this.#start -= ms;
  }

  /** Timers that have neither fired nor been cancelled: a test asserts that nothing is left behind. */
  get pending(): number {
    return this.#timers.size;
  }

  #runUntil(time: number): void {
    for (;;) {
      const [next] = [...this.#timers]
        .filter((timer) => timer.due <= time)
        .sort((a, b) => a.due - b.due || a.order - b.order);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#elapsed = Math.max(this.#elapsed, next.due);
      next.fire();
    }
    this.#elapsed = Math.max(this.#elapsed, time);
  }
}
