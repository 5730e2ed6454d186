import { OPERATIONS, type OperationRule, ruleOf } from '@fusegate/shared/api/retry-table';
import { describe, expect, it } from 'vitest';

const RULES = Object.entries(OPERATIONS) as Array<[string, OperationRule]>;

describe('the retry table', () => {
  it('repeats every GET, and of the rest exactly what changes nothing', () => {
    const repeated = RULES.filter(([, rule]) => rule.repeat === 'always');
    expect(RULES.filter(([, { method }]) => method === 'GET').every(([, { repeat }]) => repeat === 'always')).toBe(
      true,
    );
    expect(repeated.filter(([, { method }]) => method !== 'GET').map(([name]) => name)).toEqual([
      'put-file',
      'check-by-checksum',
      'verify-certificate',
      'validation-upload',
    ]);
  });

  it('says why, for every one', () => {
    for (const [name, { why, doing }] of RULES) {
      expect(why, name).toMatch(/^[A-Z].*\.$/);
      expect(doing, name).toMatch(/^[A-Z].*[^.]$/);
    }
  });

  it('calls a lost answer to a request that may have started a build what it is', () => {
    const lost = RULES.filter(([, rule]) => rule.lost === 'build.may-exist').map(([name]) => name);
    expect(lost).toEqual(['pwa', 'fuse', 'build-to-test']);
    expect(ruleOf('fuse').repeat).toBe('unsent');
  });
});
