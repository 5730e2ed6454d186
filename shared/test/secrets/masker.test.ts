import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { derivedForms, hostForms } from '../../src/secrets/derived-forms.ts';
import { Masker, maskerOf } from '../../src/secrets/masker.ts';

const CANARY = 'cAn4ry/+ "quoted" & <b>\'ü~';
const PEM = [
  '-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0B',
  'AQEFAASCBKcwggSjAgEAAoIB',
  '-----END PRIVATE KEY-----',
  '',
].join('\n');

const ENCODINGS: Array<[string, (secret: string) => string]> = [
  ['as it is', (s) => s],
  ['base64', (s) => Buffer.from(s).toString('base64')],
  ['base64url', (s) => Buffer.from(s).toString('base64url')],
  ['inside Basic credentials', (s) => Buffer.from(`user:${s}@host`).toString('base64')],
  ['inside base64 at offset 1', (s) => Buffer.from(`x${s}yz`).toString('base64')],
  ['inside base64 at offset 2', (s) => Buffer.from(`xx${s}y`).toString('base64url')],
  ['hex', (s) => Buffer.from(s).toString('hex')],
  ['upper-case hex', (s) => Buffer.from(s).toString('hex').toUpperCase()],
  ['URL component', (s) => encodeURIComponent(s)],
  ['URL, lower-case escapes', (s) => encodeURIComponent(s).replace(/%../g, (octet) => octet.toLowerCase())],
  ['form', (s) => new URLSearchParams({ s }).toString().slice(2)],
  ['JSON', (s) => JSON.stringify(s).slice(1, -1)],
  ['JSON in JSON', (s) => JSON.stringify(JSON.stringify(s)).slice(3, -3)],
  ['XML', (s) => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')],
];

/** A secret that nobody guesses and that no marker can spell. */
const secretText = fc
  .array(fc.constantFrom(...'abcXYZ0189+/=?&"\\<>\' ü€😀.$^()[]{}|-_~!%'), { minLength: 8, maxLength: 40 })
  .map((letters) => `q7${letters.join('')}Z9`)
  .filter((text) => text.trim() === text);

describe('masking', () => {
  it.each(ENCODINGS)('finds a secret %s', (_, encode) => {
    const masked = maskerOf([CANARY]).mask(`before ${encode(CANARY)} after`);
    expect(masked).toMatch(/^before .*\*\*\*.* after$/);
    expect(masked).not.toContain(encode(CANARY));
    // What is left of a base64 text around the secret is at most two characters at each end of it.
    expect(masked).not.toContain(encode(CANARY).slice(4, -4));
  });

  it('leaves nothing of any secret in any form and surroundings', () => {
    fc.assert(
      fc.property(
        secretText,
        fc.constantFrom(...ENCODINGS),
        fc.string(),
        fc.string(),
        (secret, [, encode], before, after) => {
          const masked = maskerOf([new Secret(secret)]).mask(`${before}${encode(secret)}${after}`);
          expect(masked).not.toContain(encode(secret));
          expect(masked).not.toContain(secret);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('changes nothing of a text that holds no secret', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(maskerOf(['a-Very-L0ng-secret-that-is-not-there']).mask(text)).toBe(text);
      }),
    );
  });

  it('masks each line of a secret of several lines, but not the frame that every key has', () => {
    const masker = maskerOf([PEM]);
    expect(masker.mask('line AQEFAASCBKcwggSjAgEAAoIB here')).toBe('line *** here');
    expect(masker.mask(PEM)).not.toContain('MIIEvQ');
    expect(masker.mask(PEM.replaceAll('\n', '\r\n'))).not.toContain('MIIEvQ');
    expect(masker.mask(JSON.stringify({ key: PEM }))).not.toContain('MIIEvQ');
    expect(masker.mask('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----');
  });

  it('takes the longer of two secrets first', () => {
    expect(maskerOf(['secret-1', 'secret-1-and-more']).mask('secret-1-and-more')).toBe('***');
  });

  it('knows a secret from when it is added', () => {
    const masker = new Masker();
    expect(masker.mask('late-Secret-1')).toBe('late-Secret-1');
    masker.add('late-Secret-1');
    expect(masker.mask('late-Secret-1')).toBe('***');
  });
});

describe('short and ordinary secrets', () => {
  it.each([
    ['sun', 'the password sun is short', 'the password *** is short'],
    ['sun', 'sunny, sun-id, unsung', 'sunny, ***-id, unsung'],
    ['1234', 'pin 1234, 12345 bytes', 'pin ***, 12345 bytes'],
    ['p$w', 'x p$w, p$wx', 'x ***, p$wx'],
    ['H/AA', 'x H/AA, z/H/AA', 'x ***, z/H/AA'],
  ])('%j only as a whole word: %j', (secret, text, masked) => {
    expect(maskerOf([secret]).mask(text)).toBe(masked);
  });

  it.each(['a', 'ab', '', ' ', '\n'])('%j is too short to mask', (secret) => {
    expect(maskerOf([secret]).mask('a ab abc')).toBe('a ab abc');
  });

  const SPARED = [
    'fusegate-output/orange-app/app.apk',
    '/builds/orange/orange.apk',
    'C:\\orange\\app.apk',
    './orange/x',
    'com.example.orange',
    'orange-release.aab',
  ];
  it.each(SPARED)('an ordinary word stays in %s', (text) => {
    expect(maskerOf(['orange']).mask(`see ${text} now`)).toBe(`see ${text} now`);
  });

  it.each([
    ['password orange refused', 'password *** refused'],
    ['keystorepass=orange&x=1', 'keystorepass=***&x=1'],
    ['xorangex', 'x***x'],
    ['https://host/path?pw=orange', 'https://host/path?pw=***'],
    ['b3Jhbmdl', '***'],
  ])('an ordinary word is masked in %s', (text, masked) => {
    expect(maskerOf(['orange']).mask(text)).toBe(masked);
  });

  it.each(['Password', 'keystore\n', 'pass', 'service', 'Certificate', 'not-evaluated', 'magisk', 'root_detection'])(
    '%j is a word of our own: masked in foreign text only',
    (word) => {
      const text = 'The service says that the password of the keystore is wrong. Magisk: not-evaluated (certificate).';
      const masker = maskerOf([word]);
      expect(masker.mask(text)).toBe(text);
      expect(masker.maskForeign(`Refused: ${word.trim()}!`)).toBe('Refused: ***!');
      expect(masker.mask(Buffer.from(word).toString('base64'))).toBe('***');
      expect(maskerOf([`${word.trim()}1x`]).mask(`x ${word.trim()}1x`)).toBe('x ***');
    },
  );

  it.each(['android', 'changeit'])('%j is documented as a default, and is not a secret', (word) => {
    expect(maskerOf([word]).maskForeign(`the password ${word}`)).toBe(`the password ${word}`);
  });

  it.each([12, 200, 1024])('a secret of %i KiB is masked, whole and in lines', (kibibytes) => {
    const secret = Array.from({ length: kibibytes * 16 }, (_, line) =>
      `${line}-${'Zx9+/'.repeat(12)}`.slice(0, 63),
    ).join('\n');
    const masker = maskerOf([secret]);
    const lines = [secret, secret.split('\n').slice(10, 14).join('\n'), Buffer.from(secret).toString('base64')];
    for (const text of lines)
      expect(masker.mask(`before ${text} after`)).not.toContain('Zx9+/Zx9+/Zx9+/Zx9+/Zx9+/Zx9+/Zx9+/Zx9+/Zx9+/Zx9+/');
    expect(masker.mask(`before ${secret} after`)).toBe('before *** after');
  });

  it('ids and hashes stay whole when a secret of few digits stands in them by chance', () => {
    const id = '2f470e80-631e-11f0-811d-012fa289ddab';
    const sha = '49a8971811d012fa289ddab0049a8971811d012fa289ddab0049a8971811d012';
    const masker = maskerOf(['012fa289', '470e80', '811']);
    expect(masker.mask(`${id} ${sha}`)).toBe(`${id} ${sha}`);
    expect(masker.mask('code 012fa289 and 811')).toBe('code *** and ***');
  });

  it('a key that has the form of an id is masked', () => {
    const key = '9d2c1a54-aaaa-4bbb-8ccc-0123456789ab';
    expect(maskerOf([key]).mask(`key ${key} in /tmp/${key}/x`)).toBe('key *** in /tmp/***/x');
  });
});

describe('derived forms', () => {
  it('come longest first, and none is shorter than six but the value itself', () => {
    const forms = derivedForms('p$w1');
    expect(forms).toContain('p$w1');
    expect(forms.filter((form) => form.length < 6)).toEqual(['p$w1']);
    expect([...forms].sort((a, b) => b.length - a.length)).toEqual(forms);
  });

  it('for a system are single lines', () => {
    for (const form of hostForms(PEM)) expect(form).not.toMatch(/[\r\n]/);
    expect(hostForms(PEM)).toContain('MIIEvQIBADANBgkqhkiG9w0B');
    expect(hostForms(PEM)).toContain(Buffer.from(PEM).toString('base64'));
  });
});
