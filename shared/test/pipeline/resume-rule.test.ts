import type { JournalRecord } from '@fusegate/shared/pipeline/journal-record';
import { decideResume, hasPassed, isLive, JOURNAL_STAGES } from '@fusegate/shared/pipeline/journal-record';
import { describe, expect, it } from 'vitest';

const NOW = Date.UTC(2026, 10, 21, 12);
const HOUR = 3_600_000;
const record: JournalRecord = {
  version: 1,
  fingerprint: 'f',
  runId: 'run-1',
  startedAt: new Date(NOW - HOUR).toISOString(),
  updatedAt: new Date(NOW - HOUR).toISOString(),
  stage: 'building',
  ids: { appId: 'a', buildId: 'b' },
};

describe('isLive', () => {
  it.each<[string, Partial<JournalRecord>, string | undefined, boolean]>([
    ['the same run', {}, 'run-1', true],
    ['another run', {}, 'run-2', false],
    ['a run without an id', {}, undefined, false],
    ['finished', { stage: 'finished' }, 'run-1', false],
    ['23 hours old', { startedAt: new Date(NOW - 23 * HOUR).toISOString() }, 'run-1', true],
    ['24 hours old', { startedAt: new Date(NOW - 24 * HOUR).toISOString() }, 'run-1', false],
    ['from the future', { startedAt: new Date(NOW + 1).toISOString() }, 'run-1', false],
    ['of no time', { startedAt: 'x' }, 'run-1', false],
  ])('%s', (_name, more, runId, expected) => {
    expect(isLive({ ...record, ...more }, runId, NOW)).toBe(expected);
  });

  it('takes a record without a run id for a run without one', () => {
    const { runId: _runId, ...without } = record;
    expect(isLive(without, undefined, NOW)).toBe(true);
    expect(isLive(without, 'run-1', NOW)).toBe(false);
  });
});

describe('decideResume', () => {
  const modes = ['auto', 'never', 'new'] as const;
  it('for every stage and mode', () => {
    for (const stage of JOURNAL_STAGES) {
      const actions = modes.map((mode) => decideResume({ ...record, stage }, 'f', mode).action);
      expect(actions, stage).toEqual(
        stage === 'build-intent' ? ['refuse', 'refuse', 'start'] : ['continue', 'start', 'start'],
      );
      expect(modes.map((mode) => decideResume({ ...record, stage }, 'other', mode).action)).toEqual([
        'start',
        'start',
        'start',
      ]);
    }
  });
});

describe('hasPassed', () => {
  it('follows the order of the run', () => {
    expect(hasPassed('signed', 'built')).toBe(true);
    expect(hasPassed('built', 'built')).toBe(true);
    expect(hasPassed('build-intent', 'building')).toBe(false);
  });
});
