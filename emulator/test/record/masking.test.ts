import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskField, maskHeaders, maskJson, maskQuery } from '../../src/record/masking.ts';

const SECRET = 'T0p-s3cret-value';

describe('masking', () => {
  it('hides the key, cookies and signatures, and keeps the rest', () => {
    expect(
      maskHeaders({
        authorization: SECRET,
        cookie: SECRET,
        'x-appdome-client': 'A/1',
        via: ['a', 'b'],
        gone: undefined,
      }),
    ).toEqual({
      authorization: '***',
      cookie: '***',
      'x-appdome-client': 'A/1',
      via: 'a, b',
    });
    expect(maskQuery(new URLSearchParams(`X-Amz-Signature=${SECRET}&team_id=t`))).toEqual({
      'X-Amz-Signature': '***',
      team_id: 't',
    });
  });

  it('hides passwords at any depth of overrides', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'signing_keystore_password',
          'signing_p12_password',
          'KEY_PASSWORD',
          'api_key',
          'token',
          'clientSecret',
        ),
        fc.array(fc.constantFrom('a', 'b', 'list'), { maxLength: 4 }),
        (key, path) => {
          const value = path.reduceRight<unknown>((inner, step) => (step === 'list' ? [inner] : { [step]: inner }), {
            [key]: SECRET,
          });
          expect(JSON.stringify(maskJson(value))).not.toContain(SECRET);
          expect(JSON.stringify(maskField('overrides', JSON.stringify(value)))).not.toContain(SECRET);
        },
      ),
    );
  });

  it('shows nothing of overrides that it cannot parse', () => {
    expect(maskField('overrides', `{"signing_keystore_password":"${SECRET}`)).toBe('***');
    expect(maskField('action', 'fuse')).toBe('fuse');
    expect(maskField('password', SECRET)).toBe('***');
  });

  it('keeps what is not secret', () => {
    expect(maskJson({ signing_keystore_alias: 'key0', extended_logs: true, n: null })).toEqual({
      signing_keystore_alias: 'key0',
      extended_logs: true,
      n: null,
    });
  });
});
