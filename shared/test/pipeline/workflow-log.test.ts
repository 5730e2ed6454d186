import { WorkflowLog } from '@fusegate/shared/pipeline/workflow-log';
import { describe, expect, it } from 'vitest';

const at = (second: number, text = `m${second}`) => ({ text, createdAt: `2026-01-01T10:00:0${second}.000Z` });

describe('WorkflowLog', () => {
  it('shows each message once, even when the service repeats old ones', () => {
    const log = new WorkflowLog();
    expect(log.take([at(1), at(2)]).map(({ text }) => text)).toEqual(['m1', 'm2']);
    expect(log.take([at(1), at(2), at(3), at(3)]).map(({ text }) => text)).toEqual(['m3']);
    expect(log.take([at(3, 'other')]).map(({ text }) => text)).toEqual(['other']);
  });

  it('asks from the newest message on, in whatever order they came', () => {
    const log = new WorkflowLog();
    expect(log.lastDate).toBeUndefined();
    log.take([at(5), at(2), { text: 'no date' }, { text: 'bad date', createdAt: 'yesterday' }]);
    expect(log.lastDate).toBe('2026-01-01T10:00:05.000Z');
  });
});
