import { expect, it } from 'vitest';
import { overruledFindings } from '../../src/jobs/notices-of-run.ts';

it('everything that did not count is a warning of its own', () => {
  expect(overruledFindings({})).toEqual([]);
  expect(overruledFindings({ overruled: ['gate', 'evidence'] })).toMatchObject([
    { code: 'gate.weakened', level: 'warning', message: 'gate' },
    { code: 'gate.weakened', level: 'warning', message: 'evidence' },
  ]);
});
