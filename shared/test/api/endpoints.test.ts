import { ENDPOINTS, FOREIGN_REQUESTS, type RequestRule, ruleOf } from '@fusegate/shared/api/endpoints';
import { describe, expect, it } from 'vitest';

const RULES: Array<[string, RequestRule]> = Object.entries({ ...ENDPOINTS, ...FOREIGN_REQUESTS });

describe('the table of requests', () => {
  it('repeats every GET, and of the rest exactly what changes nothing', () => {
    const repeated = RULES.filter(([, rule]) => rule.repeat === 'always');
    expect(RULES.filter(([, { method }]) => method === 'GET').every(([, { repeat }]) => repeat === 'always')).toBe(
      true,
    );
    expect(repeated.filter(([, { method }]) => method !== 'GET').map(([name]) => name)).toEqual([
      'putFile',
      'checkByChecksum',
      'validationUpload',
      'datadogMapping',
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
    expect(lost).toEqual(['buildPwa', 'fuse', 'buildToTest']);
    expect(ruleOf('fuse').repeat).toBe('unsent');
  });
});
