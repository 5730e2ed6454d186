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
    const result = resultOf();
    expect(buildSentence({ ...result, ids: { buildId: 'b-1' } })).toBe('b-1; Fusion Set: any (none was named)');
    expect(buildSentence({ ...result, ids: { buildId: 'b-1', fusionSetId: 'f-1' } })).toBe('b-1; Fusion Set: f-1');
  });
});
