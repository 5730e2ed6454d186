/** How a relay keeps to a rate. Pure: the caller has the clock and waits. */

/**
 * Lets bytes pass at a steady rate. It may be overdrawn, so that no piece has to be cut; the wait makes up for it. `burst` bytes are saved
 * up at most, so a timer that is a little late costs nothing.
 */
export class TokenBucket {
  /** @param {{ bytesPerMs: number, burst: number, now: number }} options */
  constructor({ bytesPerMs, burst, now }) {
    this.bytesPerMs = bytesPerMs;
    this.burst = burst;
    this.tokens = burst;
    this.last = now;
  }

  /**
   * @param {number} bytes
   * @param {number} now milliseconds
   * @returns {number} milliseconds to wait before the next bytes
   */
  take(bytes, now) {
    this.tokens = Math.min(this.burst, this.tokens + (now - this.last) * this.bytesPerMs) - bytes;
    this.last = now;
    return Math.max(0, -this.tokens / this.bytesPerMs);
  }
}
