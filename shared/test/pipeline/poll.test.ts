import { nextPollDelay } from '@fusegate/shared/pipeline/poll';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const limits = { pollMin: 1000, pollMax: 10_000 };

describe('nextPollDelay', () => {
  it.each([
    [0, 1000],
    [12_500, 1000],
    [20_000, 1600],
    [60_000, 4800],
    [125_000, 10_000],
    [3_600_000, 10_000],
  ])('%d ms in → %d ms', (elapsed, expected) => {
    expect(nextPollDelay(elapsed, limits)).toBe(expected);
  });

  it('stays between its limits and never falls', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(10_000_000), (a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)].map((elapsed) => nextPollDelay(elapsed, limits)) as [
          number,
          number,
        ];
        expect(early).toBeGreaterThanOrEqual(limits.pollMin);
        expect(late).toBeLessThanOrEqual(limits.pollMax);
        expect(late).toBeGreaterThanOrEqual(early);
      }),
    );
  });

  it('asks a 40-minute build fewer than 300 times, and is at most 8 % or ten seconds late', () => {
    let elapsed = 0;
    let polls = 0;
    for (; elapsed < 40 * 60_000; polls += 1) elapsed += nextPollDelay(elapsed, limits);
    expect(polls).toBeLessThan(300);
    expect(elapsed - 40 * 60_000).toBeLessThanOrEqual(10_000);
  });
});
