/** What the benchmark makes of what it has measured. */
import { describe, expect, it } from 'vitest';
import { cpuSecondsIn } from '../../../scripts/bench/family.mjs';
import {
  allHeld,
  bounded,
  lagsOf,
  lineOf,
  mean,
  median,
  secondsIn,
  serverTimes,
  tableOf,
  worst,
} from '../../../scripts/bench/figures.mjs';

describe('statistics', () => {
  it.each([
    [[3, 1, 2], 2, 3, 2],
    [[5], 5, 5, 5],
    [[10, 9, 100, 1, 5], 9, 100, 25],
  ])('of %j', (values, middle, most, average) => {
    expect([median(values), worst(values), mean(values)]).toEqual([middle, most, average]);
  });

  it('of nothing are not numbers', () => {
    expect([median([]), worst([]), mean([])]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('a bound', () => {
  it.each([
    [2.5, { most: 2.5 }, true],
    [2.51, { most: 2.5 }, false],
    [0.96, { least: 0.96 }, true],
    [0.959, { least: 0.96 }, false],
    [Number.NaN, { most: 1 }, false],
    [Number.NaN, { least: 1 }, false],
    [7, {}, undefined],
  ])('%d within %j: %s', (value, bound, held) => {
    const row = bounded('what', value, bound);
    expect(row.held).toBe(held);
    expect(allHeld([row])).toBe(held !== false);
  });

  it('that one figure misses makes all fail, and what has none does not', () => {
    const rows = [bounded('a', 1, { most: 2 }), bounded('b', 9, {}), bounded('c', 3, { most: 2 })];
    expect(allHeld(rows)).toBe(false);
    expect(allHeld(rows.slice(0, 2))).toBe(true);
  });

  it('stands beside the value, with ok or FAILED', () => {
    const ok = lineOf(bounded('peak', 100, { most: 120, unit: 'MiB', digits: 0 }));
    expect(ok).toMatch(/^ok +peak +100 MiB +≤ 120 MiB$/u);
    expect(lineOf(bounded('rate', 0.9, { least: 0.96, digits: 3 }))).toMatch(/^FAILED +rate +0\.900 +≥ 0\.96$/u);
    expect(lineOf(bounded('CPU', 1.5, { unit: 's' }))).toMatch(/^ +CPU +1\.5 s$/u);
  });
});

it('the table has the command, the machine, and a row for each figure', () => {
  const rows = [bounded('a', 1, { most: 2 }), bounded('b', 3, { most: 2 }), bounded('c', 4, {})];
  expect(tableOf(rows, { command: 'npm run bench', machine: 'a machine' }).split('\n')).toEqual([
    '`npm run bench` on a machine:',
    '',
    '| what | measured | bound |',
    '| --- | --- | --- |',
    '| a | 1.0 | ≤ 2 |',
    '| b | 3.0 | ≤ 2 **missed** |',
    '| c | 4.0 | |',
  ]);
});

describe('a run', () => {
  const state = {
    apps: [{ id: 'app', registeredAt: 1000, analysedAt: 3000 }],
    tasks: [
      {
        id: 'build',
        appId: 'app',
        stages: [
          { action: 'fuse', startedAt: 3500, endsAt: 9500 },
          // Its output was known later than the stage was to end.
          { action: 'context', startedAt: 10_000, endsAt: 10_100, settledAt: 12_000 },
          { action: 'seal', startedAt: 12_500, endsAt: 13_500, settledAt: 13_000 },
        ],
      },
      { id: 'other', appId: 'app', stages: [] },
    ],
    requests: ['/upload-link', '/upload/app/status', '/tasks', '/tasks/build/status', '/tasks/build/status'].map(
      (path) => ({
        path: `/api/v1${path}`,
      }),
    ),
  };
  const stage = (name: string, from: number, durationMs: number) => ({
    name,
    startedAt: new Date(from).toISOString(),
    durationMs,
  });
  const result = {
    stages: [
      stage('upload', 0, 1000),
      stage('analysis', 900, 2200),
      stage('build', 3400, 6600),
      stage('context', 10_000, 2250),
      stage('sign', 12_400, 1500),
      stage('download', 14_000, 500),
    ],
  };

  it('knows what the service took, until each output was known, and how often it was asked', () => {
    const { seconds, ends, questions } = serverTimes(state, 'build');
    expect(questions).toBe(3);
    expect(seconds).toBe(2 + 6 + 2 + 1);
    expect(ends).toEqual({ analysis: 3000, build: 9500, context: 12_000, sign: 13_500 });
  });

  it('knows how late the end of each stage was seen', () => {
    const { ends } = serverTimes(state, 'build');
    expect(lagsOf(result, ends)).toEqual({ analysis: 0.1, build: 0.5, context: 0.25, sign: 0.4 });
  });

  it('knows how long some of its stages took', () => {
    expect(secondsIn(result, ['upload', 'download', 'none'])).toBe(1.5);
  });
});

it.each([
  ['1234 (node) S 1 1234 1234 0 -1 4194304 100 0 0 0 150 50 7 7 20 0 11 0', 2],
  ['99 (a) b) R 1 99 99 0 -1 4194304 100 0 0 0 3 1 0 0 20 0 1 0', 0.04],
])('CPU seconds in %j', (stat, seconds) => {
  expect(cpuSecondsIn(stat)).toBe(seconds);
});
