import type { Clock } from '@fusegate/shared/model/clock';

/** A clock that stands still until a test moves it. Timers fire when it is moved past them. */
export class ManualClock implements Clock {
  #time: number;
  #timers = new Set<{ at: number; fire: () => void }>();

  constructor(time = Date.UTC(2026, 10, 21, 10, 0, 0)) {
    this.#time = time;
  }

  now(): number {
    return this.#time;
  }

  monotonic(): number {
    return this.#time;
  }

  setTimer(ms: number, fire: () => void): () => void {
    const timer = { at: this.#time + ms, fire };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get waiting(): number {
    return this.#timers.size;
  }

  advance(ms: number): void {
    this.#time += ms;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#time) continue;
      this.#timers.delete(timer);
      timer.fire();
    }
  }
}
