import { describe, expect, it } from 'vitest';
import {
  booleanOf,
  checkIdentity,
  contradictions,
  disagreements,
  factValues,
  JSON_FACT_NAMES,
  platformOf,
  sameId,
} from '../../src/certificate/identity.ts';
import type { FactName } from '../../src/model/certificate.ts';
import { documentOf, evidenceOf, type Values } from './documents.ts';

const TEAM = '0a4b6df0-c6f0-11f1-9a3e-0242ac120002';
const OTHER = '99999999-c6f0-11f1-9a3e-0242ac120002';

describe('small comparisons', () => {
  it.each([
    ['ABC', 'abc', true],
    [' abc ', 'abc', true],
    ['abc', ' abc ', true],
    ['abc', 'abd', false],
    ['', 'abc', false],
  ])('ids %j and %j', (a, b, same) => {
    expect(sameId(a, b)).toBe(same);
  });

  it.each<[string, boolean | undefined]>([
    ['true', true],
    ['True', true],
    [' true ', true],
    ['1', true],
    ['false', false],
    ['0', false],
    ['yes', undefined],
    ['', undefined],
  ])('the boolean %j', (text, value) => {
    expect(booleanOf(text)).toBe(value);
  });

  it.each([
    ['aab', 'android'],
    ['APK', 'android'],
    [' aab ', 'android'],
    ['aar', 'android'],
    ['Android', 'android'],
    ['ipa', 'ios'],
    ['iOS', 'ios'],
    ['zip', undefined],
    ['', undefined],
  ])('the platform of %j', (text, platform) => {
    expect(platformOf(text)).toBe(platform);
  });

  it('the proven JSON keys are the first thirteen', () => {
    expect(JSON_FACT_NAMES).toHaveLength(13);
    expect([JSON_FACT_NAMES[0], JSON_FACT_NAMES[12]]).toEqual(['build_id', 'is_context_api_call']);
  });

  it('a fact that is not there has no values', () => {
    expect(factValues(documentOf('json'), 'build_id')).toEqual([]);
  });
});

describe('contradictions inside a document', () => {
  const inside = (kind: 'pdf' | 'json', values: Values) =>
    contradictions(documentOf(kind, values)).map(({ name }) => name);

  it.each<[FactName]>([
    ['build_id'],
    ['app_id'],
    ['fusion_set_id'],
    ['final_sha256'],
    ['original_sha256'],
    ['signer_certificate_sha256'],
    ['platform'],
  ])('two values of %s on the PDF', (name) => {
    expect(inside('pdf', { [name]: ['one', 'two'] })).toEqual([name]);
  });

  it.each(JSON_FACT_NAMES.map((name) => [name]))('two values of %s in the JSON', (name) => {
    expect(inside('json', { [name]: ['one', 'two'] })).toEqual([name]);
  });

  it('are not made by case, repetition, or another spelling of a boolean', () => {
    expect(
      inside('json', { build_id: ['AB', 'ab', 'ab '], extended_logs: ['true', '1'], bundle_id: ['a', 'a'] }),
    ).toEqual([]);
    expect(inside('json', { is_context_api_call: ['TRUE', '1'], app_type: ['AAB', 'aab'] })).toEqual([]);
    expect(inside('pdf', { final_sha256: ['AB', 'ab'], platform: ['Android', 'ANDROID'] })).toEqual([]);
  });

  it('are made by case where case counts', () => {
    expect(inside('json', { fusion_set_name: ['Set', 'set'], bundle_id: ['com.a', 'com.b'] })).toEqual([
      'bundle_id',
      'fusion_set_name',
    ]);
  });

  it('show every fact', () => {
    expect(contradictions(documentOf('json', { build_id: ['a', 'b', 'a'] }))[0]?.facts).toHaveLength(3);
  });
});

describe('disagreements between the documents', () => {
  const between = (pdf?: Values, json?: Values) => disagreements(evidenceOf(pdf, json)).map(({ name }) => name);

  it.each<[FactName]>([['build_id'], ['app_id'], ['fusion_set_id'], ['bundle_id']])('another %s', (name) => {
    expect(between({ [name]: 'one' }, { [name]: 'two' })).toEqual([name]);
  });

  it('case does not matter in ids', () => {
    expect(between({ build_id: 'ABC' }, { build_id: 'abc' })).toEqual([]);
  });

  it('one value in common is enough here: that there is another one is a contradiction inside the document', () => {
    expect(between({ build_id: 'a' }, { build_id: ['b', 'a'] })).toEqual([]);
    expect(between({ build_id: ['b', 'a'] }, { build_id: 'a' })).toEqual([]);
    expect(between({ build_id: ['b', 'c'] }, { build_id: 'a' })).toEqual(['build_id']);
  });

  it('what only one shows is none', () => {
    expect(between({ build_id: 'a' }, { app_id: 'b' })).toEqual([]);
    expect(between({ build_id: 'a' }, undefined)).toEqual([]);
    expect(between(undefined, { build_id: 'a' })).toEqual([]);
  });

  it('a printed platform and a file type', () => {
    expect(between({ platform: 'Android' }, { app_type: 'aab' })).toEqual([]);
    expect(between({ platform: 'iOS' }, { app_type: 'ipa' })).toEqual([]);
    expect(between({ platform: 'Android' }, { app_type: 'ipa' })).toEqual(['platform']);
    expect(between({ platform: 'iOS' }, { app_type: 'zip' })).toEqual([]);
    expect(between({ platform: 'Android' }, { app_type: 'new-kind' })).toEqual([]);
    expect(between({ platform: 'Another' }, { app_type: 'ipa' })).toEqual([]);
    expect(between({}, { app_type: 'ipa' })).toEqual([]);
  });

  it('names of people are not compared: they wrap on the page and are printed with other capitals', () => {
    expect(between({ fusion_set_name: 'A set' }, { fusion_set_name: 'A Set' })).toEqual([]);
  });
});

describe('what was asked for', () => {
  const asked = { buildId: 'B', appId: 'A', fusionSetId: 'F', teamId: TEAM };
  const outcomes = (pdf?: Values, json?: Values, ids: object = asked) =>
    Object.fromEntries(checkIdentity(ids, evidenceOf(pdf, json)).map(({ name, outcome }) => [name, outcome]));

  it('matches ignoring case, from either document', () => {
    expect(outcomes({ build_id: 'b', app_id: 'a', fusion_set_id: 'f' }, { team_id: TEAM.toUpperCase() })).toEqual({
      build_id: 'match',
      app_id: 'match',
      fusion_set_id: 'match',
      team_id: 'match',
    });
  });

  it('one other value anywhere is a mismatch', () => {
    expect(outcomes({ build_id: 'B' }, { build_id: 'other' })).toMatchObject({ build_id: 'mismatch' });
    expect(outcomes({ build_id: ['B', 'other'] })).toMatchObject({ build_id: 'mismatch' });
    expect(outcomes(undefined, { fusion_set_id: 'other' })).toMatchObject({ fusion_set_id: 'mismatch' });
  });

  it('what nobody shows is unproven', () => {
    expect(outcomes({}, undefined)).toEqual({ build_id: 'unproven', app_id: 'unproven', fusion_set_id: 'unproven' });
    expect(outcomes(undefined, undefined)).toMatchObject({ build_id: 'unproven' });
  });

  it('what was not asked is not checked', () => {
    expect(outcomes({ build_id: 'B', app_id: 'x' }, undefined, { buildId: 'B' })).toEqual({ build_id: 'match' });
    expect(checkIdentity({}, evidenceOf({ build_id: 'B', app_id: 'x' }))).toEqual([]);
  });

  it.each<[string, string, string, string | undefined]>([
    ['another team', TEAM, OTHER, 'mismatch'],
    ['the personal workspace in the certificate', TEAM, 'personal', undefined],
    ['the personal workspace asked for', 'personal', TEAM, undefined],
    ['a number in the certificate', TEAM, '12', undefined],
  ])('the team is compared by UUID only: %s', (_, teamId, shown, outcome) => {
    const checks = checkIdentity({ teamId }, evidenceOf(undefined, { team_id: shown }));
    expect(checks.map((check) => [check.name, check.outcome])).toEqual(outcome ? [['team_id', outcome]] : []);
  });

  it('gives the facts that were compared', () => {
    const [check] = checkIdentity({ buildId: 'B' }, evidenceOf({ build_id: 'B' }, { build_id: 'C' }));
    expect(check?.facts.map(({ value, document }) => [value, document])).toEqual([
      ['B', 'pdf'],
      ['C', 'json'],
    ]);
  });
});
