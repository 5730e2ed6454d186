import { expect, it } from 'vitest';
import { inputFindings, overruledFindings, tlsFindings } from '../../src/jobs/notices-of-run.ts';

it('everything that did not count is a warning of its own', () => {
  expect(overruledFindings({})).toEqual([]);
  expect(overruledFindings({ overruled: ['gate', 'evidence'] })).toMatchObject([
    { code: 'gate.weakened', level: 'warning', message: 'gate' },
    { code: 'gate.weakened', level: 'warning', message: 'evidence' },
  ]);
});

it('what looks wrong about the inputs, or was not looked at, is a warning', () => {
  expect(inputFindings({})).toEqual([]);
  expect(inputFindings({ notChecked: ['Not a word.'], doubts: ['Two words.'] })).toMatchObject([
    { code: 'input.not-checked', level: 'warning', message: 'Not a word' },
    { code: 'input.doubtful', level: 'warning', message: 'Two words' },
  ]);
  expect(inputFindings({ fusedAlready: 'It has marks.' })).toMatchObject([
    { code: 'input.fused-already', level: 'warning', message: 'It has marks' },
  ]);
});

it('a setting against verification is a warning that names it', () => {
  expect(tlsFindings(undefined)).toEqual([]);
  const [finding] = tlsFindings(['NODE_TLS_REJECT_UNAUTHORIZED=0']);
  expect(finding).toMatchObject({ code: 'server.tls-setting', level: 'warning' });
  expect(finding?.message).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0');
});
