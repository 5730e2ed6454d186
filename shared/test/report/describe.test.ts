import { describe, expect, it } from 'vitest';
import { appPlaceSentence, buildSentence, closed } from '../../src/report/describe.ts';
import { FINAL, OTHER_HASH, pdf, unreadable } from '../policy/synthetic-evidence.ts';
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

describe('the app of mode gate', () => {
  const unsigned = pdf({ facts: { final_sha256: [] }, signing: 'none' });
  it.each([
    ['none was given', {}, undefined, /not part of/u],
    ['it is the printed one', {}, FINAL, new RegExp(FINAL, 'u')],
    ['it is another one', {}, OTHER_HASH, /not bound/u],
    ['no hash is printed', { pdf: pdf({ facts: { original_sha256: [], final_sha256: [] } }) }, FINAL, /not bound/u],
    ['nothing ties the SDK to it', { pdf: unsigned }, FINAL, /not bound/u],
    ['the SDK has the printed hash', {}, FINAL, /not bound/u],
  ])('%s', (what, documents, finalSha256, said) => {
    const kind = what.includes('SDK') ? ('aar' as const) : ('apk' as const);
    const expected = { mode: 'gate' as const, sign: undefined, originalSha256: undefined, finalSha256, kind };
    const json = unreadable('json', 'not-given');
    const result = resultOf({ json, ...documents, expect: expected }, { files: [] });
    expect(appPlaceSentence(result)).toMatch(said);
  });
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
