import { parseTrustedFingerprints } from '@fusegate/shared/intake/trusted-fingerprints';
import { describe, expect, it } from 'vitest';

const SHA1 = 'A1B2C3D4E5F60718293A4B5C6D7E8F9001122334';
const SHA256 = 'C1'.repeat(32);

describe('the list of trusted fingerprints (appdome-api.md §3.9)', () => {
  it.each([
    ['one', [{ SHA: SHA1 }], [{ sha: SHA1, trustedStoreSigning: false }]],
    [
      'colons and small letters',
      [{ SHA: SHA1.toLowerCase().replaceAll(/..(?=.)/g, '$&:') }],
      [{ sha: SHA1, trustedStoreSigning: false }],
    ],
    [
      'both flags',
      [
        { SHA: SHA1, TrustedStoreSigning: true },
        { SHA: SHA256, TrustedStoreSigning: false },
      ],
      [
        { sha: SHA1, trustedStoreSigning: true },
        { sha: SHA256, trustedStoreSigning: false },
      ],
    ],
    ['as keytool prints it', [{ SHA: `SHA256: ${SHA256}` }], [{ sha: SHA256, trustedStoreSigning: false }]],
    ['flags in words', [{ SHA: SHA1, TrustedStoreSigning: 'True' }], [{ sha: SHA1, trustedStoreSigning: true }]],
  ])('reads %s', (_, list, value) => {
    expect(parseTrustedFingerprints(`\uFEFF${JSON.stringify(list)}`)).toEqual({ ok: true, value });
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', 'SHA', /not valid JSON/],
    ['an object', `{"SHA":"${SHA1}"}`, /not a list/],
    ['a number', '1', /not a list/],
    ['nothing', '[]', /empty list/],
    ['texts', JSON.stringify([SHA1]), /no object as its entry 1/],
    ['null', '[null]', /no object as its entry 1/],
    ['no SHA', '[{"TrustedStoreSigning":true}]', /no SHA in entry 1/],
    ['a SHA that is a number', '[{"SHA":1}]', /no SHA in entry 1/],
    ['a SHA that is too short', '[{"SHA":"AB"}]', /has 2 hexadecimal digits/],
    ['a SHA that is not hexadecimal', `[{"SHA":"${'G'.repeat(40)}"}]`, /not hexadecimal/],
    ['all zeros', `[{"SHA":"${'0'.repeat(64)}"}]`, /all zeros/],
    ['another key', `[{"SHA":"${SHA1}","Comment":"x"}]`, /unknown key.*: Comment/],
    ['a flag that is none', `[{"SHA":"${SHA1}","TrustedStoreSigning":1}]`, /not a boolean/],
    ['the same twice', `[{"SHA":"${SHA1}"},{"SHA":"${SHA1}"}]`, /twice, again in entry 2/],
  ])('refuses %s', (_, text, message) => {
    expect(parseTrustedFingerprints(text)).toMatchObject({
      ok: false,
      message: expect.stringMatching(message),
      allowed: expect.stringContaining('SHA'),
    });
  });
});
