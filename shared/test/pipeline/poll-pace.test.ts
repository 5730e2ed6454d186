import { nextPollDelay, type PollPace } from '@fusegate/shared/pipeline/poll-pace';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf, meanCost, threePercentOff } from './polling-cost.ts';

/** The defaults of the options. */
const pace: PollPace = { pollMin: 500, pollMax: 9000 };
const MINUTE = 60_000;
const span = fc.integer({ min: 1000, max: 40 * MINUTE });
const spread = fc.double({ min: 0.03, max: 0.15, noNaN: true });

describe('without earlier runs', () => {
  it.each([
    [0, 500],
    [10_000, 850],
    [20_000, 1200],
    [60_000, 2600],
    [240_000, 8900],
    [243_000, 9000],
    [3_600_000, 9000],
  ])('%d ms in → %d ms', (elapsed, expected) => {
    expect(nextPollDelay(elapsed, pace)).toBe(expected);
  });

  it('stays between its limits and never falls', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(10_000_000), (a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)].map((elapsed) => nextPollDelay(elapsed, pace)) as [
          number,
          number,
        ];
        expect(early).toBeGreaterThanOrEqual(pace.pollMin);
        expect(late).toBeLessThanOrEqual(pace.pollMax);
        expect(late).toBeGreaterThanOrEqual(early);
      }),
    );
  });

  it('asks at most 70 times in a build of 39 seconds, and is at most a second and a half late in all of its steps', () => {
    const steps = [5100, 17_000, 17_000].map((ms) => meanCost(ms, (elapsed) => nextPollDelay(elapsed, pace)));
    expect(steps.reduce((sum, { questions }) => sum + questions, 0)).toBeLessThanOrEqual(70);
    expect(steps.reduce((sum, { lag }) => sum + lag, 0)).toBeLessThanOrEqual(1500);
  });

  it('is at most 5 seconds late on average after 15 minutes, with at most 160 questions', () => {
    const { questions, lag } = meanCost(15 * MINUTE, (elapsed) => nextPollDelay(elapsed, pace));
    expect(questions).toBeLessThanOrEqual(160);
    expect(lag).toBeLessThanOrEqual(5000);
  });
});

describe('with a duration of an earlier run that is 3 % off', () => {
  it.each([20_000, 60_000, 5 * MINUTE, 15 * MINUTE])('is close to the end of %d ms with few questions', (takes) => {
    const expected = threePercentOff(takes);
    const known = meanCost(takes, (elapsed) => nextPollDelay(elapsed, pace, expected));
    const unknown = meanCost(takes, (elapsed) => nextPollDelay(elapsed, pace));
    expect(known.questions).toBeLessThanOrEqual(Math.min(40, unknown.questions));
    expect(known.lag).toBeLessThan(Math.max(150, takes * 0.003));
    expect(known.lag).toBeLessThan(unknown.lag);
  });
});

describe('whatever earlier runs said', () => {
  it('asks soon after the end, and not without measure', () => {
    fc.assert(
      fc.property(span, span, spread, (takes, ms, off) => {
        const { questions, lag } = costOf(takes, (elapsed) => nextPollDelay(elapsed, pace, { ms, spread: off }));
        // Wrong by far, it costs no more than a watch before the end, and no more questions than without.
        expect(lag).toBeLessThanOrEqual(Math.max(9000, ms * 0.05));
        const plain = costOf(takes, (elapsed) => nextPollDelay(elapsed, pace)).questions;
        expect(questions).toBeLessThanOrEqual(plain + 90);
      }),
    );
  });

  it('asks twenty times a second at most, and leaves longer pauses to whoever asks for them', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2, noNaN: true }), span, spread, (share, ms, off) => {
        const elapsed = ms * share;
        const slow = { pollMin: 30_000, pollMax: 60_000 };
        expect(nextPollDelay(elapsed, slow, { ms, spread: off })).toBeGreaterThanOrEqual(30_000);
        expect(nextPollDelay(elapsed, pace, { ms, spread: off })).toBeGreaterThanOrEqual(50);
      }),
    );
  });

  it.each([
    [500, 50],
    [100, 50],
    [10, 10],
    [501, 501],
  ])('with pauses of at least %i ms, the shortest one is %i ms', (pollMin, shortest) => {
    expect(nextPollDelay(5000, { pollMin, pollMax: 9000 }, { ms: 5000, spread: 0 })).toBe(shortest);
  });
});
