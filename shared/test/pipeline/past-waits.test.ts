import { expectedWaits, type PastRun, waitsOf } from '@fusegate/shared/pipeline/past-waits';
import { describe, expect, it } from 'vitest';

const SET = '8a3b';
const run = (build: number, more: Partial<PastRun> = {}): PastRun => ({
  fusionSetId: SET,
  app: 'app.aab',
  waits: { build },
  ...more,
});
const now = { fusionSetId: SET, app: 'app.aab' };

describe('expectedWaits', () => {
  it.each<[string, PastRun[], unknown]>([
    ['nothing', [], {}],
    ['one run', [run(1000)], { build: { ms: 1000, spread: 0.05 } }],
    ['runs that agree', [run(1000), run(1000), run(1001)], { build: { ms: 1000, spread: 0.03 } }],
    ['the median of runs that differ', [run(900), run(1000), run(1100)], { build: { ms: 1000, spread: 0.1 } }],
    ['one that is far off', [run(1000), run(1000), run(9000)], { build: { ms: 1000, spread: 0.15 } }],
    ['another Fusion Set', [run(1000, { fusionSetId: 'other' })], {}],
    ['the same id in other letters', [run(1000, { fusionSetId: SET.toUpperCase() })], { build: { ms: 1000 } }],
    [
      'another app of the Fusion Set only where there is no run of this one',
      [run(1000), run(5000, { app: 'other.aab' })],
      { build: { ms: 1000 } },
    ],
    ['an app with a new name', [run(5000, { app: 'app-1.0.aab' })], { build: { ms: 5000 } }],
    ['steps apart', [run(1, { waits: { sign: 7 } }), run(1000)], { build: { ms: 1000 }, sign: { ms: 7 } }],
    ['the newest ten', [...Array(20).fill(run(1)), ...Array(10).fill(run(2))], { build: { ms: 2, spread: 0.03 } }],
  ])('%s', (_name, runs, expected) => {
    const found = expectedWaits(runs, now);
    expect(found).toMatchObject(expected as object);
    expect(Object.keys(found)).toEqual(Object.keys(expected as object).sort());
  });
});

describe('waitsOf', () => {
  it.each<[unknown, unknown]>([
    [
      { build: 5, sign: 6.5, download: 7 },
      { build: 5, sign: 6.5 },
    ],
    [{ build: -5, sign: '6', analysis: Number.NaN, context: 1e12 }, {}],
    [null, {}],
    [[5], {}],
    ['build', {}],
  ])('%j', (value, expected) => {
    expect(waitsOf(value)).toEqual(expected);
  });
});
