import { OPERATIONS, ruleOf } from '@fusegate/shared/api/retry-table';
import { describe, expect, it } from 'vitest';

describe('the retry table', () => {
  it('repeats exactly the requests that change nothing', () => {
    const repeated = Object.entries(OPERATIONS)
      .filter(([, rule]) => rule.repeat === 'always')
      .map(([name]) => name);
    expect(repeated.sort()).toEqual([
      'certificate',
      'certificate-json',
      'check-by-checksum',
      'output',
      'put-file',
      'task-status',
      'upload-link',
      'upload-status',
    ]);
  });

  it('lets no POST through but the question by checksum', () => {
    for (const [name, rule] of Object.entries(OPERATIONS)) {
      if (rule.method === 'POST' && name !== 'check-by-checksum') expect(rule.repeat, name).toBe('unsent');
      if (rule.method === 'GET') expect(rule.repeat, name).toBe('always');
    }
  });

  it('calls a lost answer to a build request what it is', () => {
    expect(ruleOf('fuse').lost).toBe('build.may-exist');
  });
});
