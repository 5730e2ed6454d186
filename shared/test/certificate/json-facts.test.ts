import { describe, expect, it } from 'vitest';
import { JSON_FACT_NAMES } from '../../src/certificate/identity.ts';
import { FREE_TEXTS, freeTextOf, isKnownFact } from '../../src/certificate/json-facts.ts';
import { readJsonCertificate } from '../../src/certificate/json-reader.ts';
import { type JsonValue, parseJsonTree } from '../../src/certificate/json-tree.ts';
import { type CertificateDocument, FACT_NAMES } from '../../src/model/certificate.ts';
import { judge, unreadable } from '../policy/synthetic-evidence.ts';

const ID = '2c6d8f10-c6f1-11f1-9a3e-0242ac120002';
const isFact = (key: string, value: JsonValue) => isKnownFact({ key, value, path: '$' });

/** Each fact with values of its form, and others. */
const VALUES: Record<string, { known: JsonValue[]; unknown: JsonValue[] }> = {
  build_id: { known: [ID, ID.toUpperCase()], unknown: ['b-1', `${ID} `, `no ${ID}`, 1, true, ''] },
  app_id: { known: [ID], unknown: ['revoked', ''] },
  app_type: { known: ['aab', 'apk', 'aar', 'ipa', 'zip', 'AAB'], unknown: ['none', 'not aab', 1] },
  bundle_id: { known: ['com.example.app_1'], unknown: ['com', 'com.example app', 'no:com.example', true] },
  fusion_set_id: { known: [ID], unknown: ['none'] },
  fusion_set_name: { known: ['Anything at all', 'Root Detection', ''], unknown: [] },
  team_id: { known: [ID, 'personal'], unknown: ['Personal plan', 'none'] },
  extended_logs: { known: [true, false, 'true', 'false', 0, 1, '1'], unknown: ['off', 2, 'no logs', ''] },
  sign_type: {
    known: ['OnAppdome', 'PrivateSigning', 'AutoDevPrivateSigning'],
    unknown: ['Sealed', 'not OnAppdome', 'onappdome', true],
  },
  min_sdk_version: { known: [24, '24', '13.0', '15.1.2'], unknown: ['none', '24+', 'below 24', -1, true] },
  release_type: { known: ['rehearsal'], unknown: ['revoked', 'none', false] },
  build_external_api_plugin_name: { known: ['AppdomeCliPython', 'a.b-1'], unknown: ['two words', 'a: b', ''] },
  is_context_api_call: { known: [true, 'false'], unknown: ['never'] },
};

describe('a fact of the JSON', () => {
  it('is one of those that are known there', () => {
    expect(Object.keys(VALUES)).toEqual([...JSON_FACT_NAMES]);
    for (const name of FACT_NAMES) expect(isFact(name, null)).toBe(name in VALUES);
    expect(isFact('constructor', null)).toBe(false);
    expect(isKnownFact({ key: undefined, value: ID, path: '$' })).toBe(false);
  });

  it.each(Object.entries(VALUES))('%s has its form', (name, { known, unknown }) => {
    for (const value of known) expect([value, isFact(name, value)]).toEqual([value, true]);
    for (const value of unknown) expect([value, isFact(name, value)]).toEqual([value, false]);
    for (const value of ['{}', '[]', '{"x":1}', `["${String(known[0])}"]`])
      expect(isFact(name, parseJsonTree(value))).toBe(false);
  });

  it('may be chosen by people, and says something then that is more than a name', () => {
    for (const name of JSON_FACT_NAMES) {
      const text = freeTextOf({ key: name, value: 'no.root.detection', path: '$' });
      expect(text).toBe(FREE_TEXTS.includes(name) ? 'no.root.detection' : undefined);
    }
    expect(freeTextOf({ key: 'fusion_set_name', value: 'Root Detection', path: '$' })).toBeUndefined();
    expect(freeTextOf({ key: 'fusion_set_name', value: null, path: '$' })).toBeUndefined();
  });
});

function read(text: string): CertificateDocument {
  const reading = readJsonCertificate({ state: 'present', bytes: new TextEncoder().encode(text), sha256: 'digest' });
  if (!reading.ok) throw new Error(reading.message);
  return reading.document;
}

const IDS = {
  build_id: '11111111-1111-11f0-8111-111111111111',
  fusion_set_id: '22222222-2222-11f0-8222-222222222222',
  app_id: '33333333-3333-11f0-8333-333333333333',
};
const members = JSON.stringify(IDS).slice(1, -1);

/** The outcome of the rule for Anti-Debugging on the JSON alone, and beside a PDF that shows it. */
function outcomes(rest: string): Array<string | undefined> {
  const json = { ok: true as const, document: read(`{${members},${rest}}`) };
  return [{ pdf: unreadable('pdf') }, {}].map(
    ({ pdf }) => judge({ ...(pdf ? { pdf } : {}), json, require: ['Anti-Debugging'] }).requirements[0]?.outcome,
  );
}

describe('what a fact says', () => {
  const LIST = '"features":["Anti-Debugging"]';

  it.each([
    ['"extended_logs":false', 'satisfied', 'satisfied'],
    ['"fusion_set_name":"Anti-Debugging"', 'satisfied', 'satisfied'],
    ['"fusion_set_name":"All of it"', 'satisfied', 'satisfied'],
    ['"details":{}', 'satisfied', 'satisfied'],
    ['"details":{"app_type":"aab"}', 'satisfied', 'satisfied'],
    ['"app_secured":false,"security_inside":"none"', 'unproven', 'satisfied'],
    ['"annotation":"Anti-Debugging was removed from this build"', 'unproven', 'unproven'],
    ['"security_inside":"Anti-Debugging: not in this build"', 'unproven', 'unproven'],
    ['"release_type":"Anti-Debugging: not in this build"', 'unproven', 'unproven'],
    ['"fusion_set_name":"All but Anti-Debugging"', 'unproven', 'unproven'],
    ['"bundle_id":"no.anti.debugging"', 'unproven', 'unproven'],
    ['"details":{"sign_type":"none"}', 'unproven', 'satisfied'],
    ['"details":{"annotation":"Anti-Debugging: no"}', 'unproven', 'unproven'],
    ['"details":{"app":{"fusion_set_name":"no Anti-Debugging"}}', 'unproven', 'unproven'],
  ])('%s', (member, alone, besidePdf) => {
    for (const text of [`${LIST},${member}`, `${member},${LIST}`]) expect(outcomes(text)).toEqual([alone, besidePdf]);
  });
});

describe('what stands beside a name that the JSON lists', () => {
  it.each([
    // On the way to it: a heading, or a word in its own list.
    ['a heading', '"features":{"Revoked":{"plugins":["Anti-Debugging"]}}', 'unproven', 'unproven'],
    ['a sentence in its list', '"features":["The following were removed:","Anti-Debugging"]', 'unproven', 'unproven'],
    ['a word in its list', '"features":["Removed","Anti-Debugging"]', 'unproven', 'unproven'],
    ['an answer for the list', '"features":{"enabled":false,"Anti-Debugging":true}', 'unproven', 'unproven'],
    [
      'a word in another category',
      '"features":{"OS Integrity":{"plugins":["removed"]},"Secure Communication":{"plugins":["Anti-Debugging"]}}',
      'unproven',
      'unproven',
    ],
    // In another part of the document: that takes its proof away, but does not deny what a PDF shows.
    ['a word in another list', '"features":["Anti-Debugging"],"plugins":["removed"]', 'unproven', 'satisfied'],
    ['an answer in another list', '"features":["Anti-Debugging"],"protections":{"all":false}', 'unproven', 'satisfied'],
    [
      'a value in another list',
      '"features":["Anti-Debugging"],"parameters":{"all":"revoked"}',
      'unproven',
      'satisfied',
    ],
    ['an empty category', '"features":["Anti-Debugging"],"Not in this build":{"plugins":[]}', 'unproven', 'satisfied'],
    [
      'a known name in another list',
      '"features":["Anti-Debugging"],"plugins":["root_detection"]',
      'satisfied',
      'satisfied',
    ],
  ])('%s', (_, text, alone, besidePdf) => expect(outcomes(text)).toEqual([alone, besidePdf]));
});

describe('a key that an object has twice', () => {
  it.each([
    '"features":["Anti-Debugging"],"features":[]',
    '"features":[],"features":["Anti-Debugging"]',
    '"features":["Anti-Debugging"],"features":["Anti-Debugging"]',
    '"features":["Anti-Debugging"],"app_type":"aab","app_type":"aab"',
    '"features":["Anti-Debugging"],"details":{},"details":{}',
    '"features":["Anti-Debugging"],"details":{"app_type":"aab"},"details":{"app_type":"aab"}',
    '"features":["Anti-Debugging"],"build":{"app":{"app_type":"aab"},"app":{"app_type":"aab"}}',
    '"features":["Anti-Debugging"],"details":{"app_type":"aab","app_type":"aab"}',
    '"features":["Anti-Debugging"],"details":{"app":{"app_type":"aab","app_type":"aab"}}',
    '"features":{"OS Integrity":{"plugins":["Anti-Debugging"],"plugins":[]}}',
    '"features":{"OS Integrity":{"plugins":["Anti-Debugging"]},"OS Integrity":{"plugins":[]}}',
    '"features":{"anti_debugging":true,"anti_debugging":true}',
    '"features":[{"name":"anti_debugging","enabled":true},{"name":"root_detection","enabled":true,"enabled":false}]',
    '"anti_debugging":{"enabled":true},"anti_debugging":{"enabled":true}',
    '"anti_debugging.enabled":true,"anti_debugging.enabled":true',
    '"certificate":{"features":["Anti-Debugging"]},"certificate":{}',
    '"certificate":{"features":["Anti-Debugging"],"features":[]}',
  ])('proves nothing: %s', (text) => {
    expect(outcomes(text)[0]).not.toBe('satisfied');
  });

  it('is searched for names', () => {
    expect(outcomes('"features":["Anti-Debugging"],"features":[]')).toEqual(['not-evaluated', 'unproven']);
  });
});

describe('where a fact stands', () => {
  const doubted = (text: string) =>
    (read(text).facts.sign_type ?? []).map(({ unread = [] }) => unread.map(({ where }) => where));

  it.each([
    ['the record', '{"sign_type":"OnAppdome"}', [[]]],
    ['a part of it', '{"build":{"signing":{"sign_type":"OnAppdome"}}}', [[]]],
    ['any other place', '{"removed":{"sign_type":"OnAppdome"}}', [['$.removed.sign_type']]],
    ['a part of any other place', '{"removed":{"build":{"sign_type":"OnAppdome"}}}', [['$.removed.build.sign_type']]],
    ['a list', '{"builds":[{"sign_type":"OnAppdome"}]}', [['$.builds[0].sign_type']]],
    [
      'the record, beside an object',
      '{"sign_type":"OnAppdome","x":{"sign_type":{"revoked":true}}}',
      [['$.x.sign_type']],
    ],
    ['the record, beside a list', '{"build":{"sign_type":["no"]},"sign_type":"OnAppdome"}', [['$.build.sign_type']]],
    ['the record, beside nothing', '{"sign_type":"OnAppdome","build":{"sign_type":null}}', [[]]],
    ['the record, twice', '{"sign_type":"OnAppdome","sign_type":"OnAppdome"}', [['$.sign_type'], ['$.sign_type (2)']]],
  ])('is %s', (_, text, expected) => expect(doubted(text)).toEqual(expected));
});
