/** The rate of the relay that stands for a wire. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../../../scripts/bench/token-bucket.mjs';

/** 1 Gbit/s. */
const RATE = 125_000;
const BURST = 2_000_000;
const bucket = () => new TokenBucket({ bytesPerMs: RATE, burst: BURST, now: 0 });

describe('a token bucket', () => {
  it('lets the burst pass at once, and then makes one wait', () => {
    const wire = bucket();
    expect(wire.take(BURST, 0)).toBe(0);
    expect(wire.take(RATE * 3, 0)).toBe(3);
    expect(wire.take(RATE, 3)).toBe(1);
  });

  it('saves up no more than the burst', () => {
    const wire = bucket();
    expect(wire.take(BURST + RATE, 60_000)).toBe(1);
  });

  it('keeps to its rate with timers that are up to 10 ms late, and is no slower', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 65_536 }), late: fc.integer({ min: 0, max: 10 }) }), {
          minLength: 2_000,
          maxLength: 4_000,
        }),
        (pieces) => {
          const wire = bucket();
          let now = 0;
          let sent = 0;
          for (const { bytes, late } of pieces) {
            const wait = wire.take(bytes, now);
            sent += bytes;
            if (wait >= 1) now += wait + late;
          }
          expect(sent - BURST).toBeLessThanOrEqual(RATE * (now + 1));
          expect(now).toBeLessThanOrEqual(sent / RATE + 10);
        },
      ),
      { numRuns: 20 },
    );
  });
});
