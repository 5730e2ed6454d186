import { describe, expect, it } from 'vitest';
import { buildSentence, closed } from '../../src/report/describe.ts';
import { resultOf } from './synthetic-result.ts';

describe('a sentence that another one follows', () => {
  it.each([
    ['The certificate lacks it', 'The certificate lacks it.'],
    ['It lacks it. ', 'It lacks it.'],
    ['Is it there?', 'Is it there?'],
    ['a list …', 'a list …'],
    ['(It is there.)', '(It is there.)'],
    ['missing: not found [policy.yml:3]', 'missing: not found [policy.yml:3].'],
  ])('%s', (text, expected) => expect(closed(text)).toBe(expected));
});

describe('the build of a judgement', () => {
  it('says that any Fusion Set was accepted where none was named', () => {
    const { certificate, ...rest } = resultOf();
    const result = { ...rest, certificate: { ...certificate, facts: {} } };
    expect(buildSentence({ ...result, ids: { buildId: 'b-1' } })).toBe('b-1; Fusion Set: any (none was named)');
    expect(buildSentence({ ...result, ids: { buildId: 'b-1', fusionSetId: 'f-1' } })).toBe('b-1; Fusion Set: f-1');
  });

  it('is that of the certificate where none was asked for', () => {
    const { certificate, ...rest } = resultOf();
    const facts = { build_id: 'c-1', fusion_set_id: 's-1' };
    const result = { ...rest, certificate: { ...certificate, facts } };
    expect(buildSentence({ ...result, ids: {} })).toBe(
      'c-1 (by the certificate); Fusion Set: s-1 (by the certificate)',
    );
    expect(buildSentence({ ...result, ids: { buildId: 'b-1' } })).toMatch(/^b-1; /u);
  });
});
