import type { JournalRecord } from '@fusegate/shared/pipeline/journal-record';
import {
  decideResume,
  foreignTo,
  hasPassed,
  JOURNAL_STAGES,
  mayHaveBuild,
} from '@fusegate/shared/pipeline/journal-record';
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

describe('foreignTo', () => {
  it.each<[string, Partial<JournalRecord>, string | undefined, ReturnType<typeof foreignTo>]>([
    ['the same run', {}, 'run-1', undefined],
    ['another run', {}, 'run-2', 'other-run'],
    ['a run without an id', {}, undefined, 'other-run'],
    ['23 hours old', { startedAt: new Date(NOW - 23 * HOUR).toISOString() }, 'run-1', undefined],
    ['24 hours old', { startedAt: new Date(NOW - 24 * HOUR).toISOString() }, 'run-1', 'old'],
    ['begun before the clock was set back', { startedAt: new Date(NOW + 2 * HOUR).toISOString() }, 'run-1', undefined],
  ])('%s', (_name, more, runId, expected) => {
    expect(foreignTo({ ...record, ...more }, runId, NOW)).toBe(expected);
  });

  it('takes a record without a run id for a run without one', () => {
    const { runId: _runId, ...without } = record;
    expect(foreignTo(without, undefined, NOW)).toBeUndefined();
    expect(foreignTo(without, 'run-1', NOW)).toBe('other-run');
  });
});

describe('decideResume', () => {
  it('for every stage and mode', () => {
    for (const stage of JOURNAL_STAGES) {
      if (stage === 'finished') continue;
      const paid = stage !== 'uploaded';
      const same = (resume: 'auto' | 'never') => decideResume({ ...record, stage }, 'f', resume);
      const other = (resume: 'auto' | 'never') => decideResume({ ...record, stage }, 'other', resume);
      expect(mayHaveBuild({ stage }), stage).toBe(paid);
      expect(same('auto'), stage).toEqual(
        stage === 'build-intent' ? { action: 'refuse', why: 'uncertain' } : { action: 'continue' },
      );
      expect(other('auto'), stage).toEqual(paid ? { action: 'start', left: 'other-inputs' } : { action: 'start' });
      for (const never of [same('never'), other('never')])
        expect(never, stage).toEqual(paid ? { action: 'refuse', why: 'unwanted' } : { action: 'start' });
      expect(decideResume({ ...record, stage, ids: {} }, 'f', 'auto').action, stage).toBe(paid ? 'refuse' : 'continue');
    }
    expect(mayHaveBuild({ stage: 'finished' })).toBe(false);
  });
});

describe('hasPassed', () => {
  it('follows the order of the run', () => {
    expect(hasPassed('signed', 'built')).toBe(true);
    expect(hasPassed('built', 'built')).toBe(true);
    expect(hasPassed('build-intent', 'building')).toBe(false);
  });
});
