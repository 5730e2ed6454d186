import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ValidationStatus } from '../../src/api/validation.ts';
import { FusegateError } from '../../src/model/errors.ts';
import { judgeValidation } from '../../src/policy/binding/validation-verdict.ts';
import { BUILD_ID, OTHER_ID } from './synthetic-evidence.ts';

const SIGNED = 'This app is signed correctly';

function status(change: Partial<ValidationStatus> = {}): ValidationStatus {
  return { state: 'completed', messages: [SIGNED], buildId: BUILD_ID, ...change };
}

function codeOf(given: ValidationStatus): string {
  try {
    judgeValidation(given, BUILD_ID);
    return 'proven';
  } catch (error) {
    return error instanceof FusegateError ? error.code : 'thrown';
  }
}

describe('what proves a signed app', () => {
  it.each([
    [[SIGNED]],
    [['This app is signed correctly by owner CN=Example']],
    [['THIS APP IS SIGNED CORRECTLY']],
    [['This app is signed correctly.']],
    [[' This  app is signed correctly ']],
    [[SIGNED, 'This app is signed correctly by owner CN=Example']],
  ])('%o of this very build', (messages) => {
    expect(judgeValidation(status({ messages }), BUILD_ID)).toBe(
      messages.find((each) => /signed correctly/i.test(each)),
    );
  });

  it.each([
    'CN=Test Signer, OU=Appdome Testing, O=Appdome, L=Redwood City, ST=CA, C=US',
    'CN=Example,O=Example,C=DE',
    'cn=example, c=de',
    'CN = Example, O = "Example, Inc.", C = US',
    'O=Example\\, Inc., C=US',
    'O=Example Inc.',
    'O="Example (Shanghai) Co., Ltd.", L=Shanghai, C=CN',
    'O=Example Pvt. Ltd., C=IN',
    'O=Example (UK) Limited, C=GB',
    'CN=Unknown, OU=Unknown, O=Unknown, L=Unknown, ST=Unknown, C=Unknown',
    'CN=Example, C=United States',
    'CN=Android Debug, O=Android, C=US',
    'CN=com.example.app, EMAILADDRESS=mobile-team@example.com, O=Example S.A., C=FR',
    'CN=my-upload-key, L=San francisco, ST=ca, C=us',
    'CN=Universit\u00e9 de l\u2019\u00c9tat, L=Gen\u00e8ve, C=CH',
    'CN=\u4f8b\u5b50, C=CN',
    'OID.2.5.4.97=VATDE-123456789, CN=AT&T Mobility, C=US',
    'UID=ABCDE12345, CN=Apple Distribution: Example Inc. (ABCDE12345), OU=ABCDE12345, O=Example Inc., C=US',
    'CN=iPhone Developer: Jane Doe (ABCDE12345)',
  ])('by owner %s', (owner) => {
    for (const end of ['', '.']) {
      expect(codeOf(status({ messages: [`${SIGNED} by owner ${owner}${end}`] }))).toBe('proven');
    }
  });

  it('a build id in another case is the same', () => {
    expect(codeOf(status({ buildId: BUILD_ID.toUpperCase() }))).toBe('proven');
  });
});

describe('what does not', () => {
  const noBuild = (({ buildId: _, ...rest }) => rest)(status());
  it.each<[string, ValidationStatus, string]>([
    ['another build', status({ buildId: OTHER_ID }), 'validation.rejected'],
    ['no build', noBuild, 'validation.unproven'],
    ['not built by Appdome', status({ messages: ['This app is not built by Appdome'] }), 'validation.rejected'],
    [
      'not built by Appdome, no build',
      { ...noBuild, messages: ['This app is not built by Appdome'] },
      'validation.rejected',
    ],
    ['both sentences', status({ messages: [SIGNED, 'This app is not built by Appdome'] }), 'validation.rejected'],
    ['not signed correctly', status({ messages: ['This app is not signed correctly'] }), 'validation.rejected'],
    [
      'not signed correctly, beside the good one',
      status({ messages: [SIGNED, 'This app is not signed correctly'] }),
      'validation.rejected',
    ],
    [
      'a sentence that takes itself back',
      status({ messages: ['This app is signed correctly, but it was not built by Appdome'] }),
      'validation.unproven',
    ],
    [
      'an owner without a name',
      status({ messages: ['This app is signed correctly by owner '] }),
      'validation.unproven',
    ],
    [
      'a sentence that nobody knows, of another build',
      status({ messages: ['All good'], buildId: OTHER_ID }),
      'validation.rejected',
    ],
    ['a sentence that nobody knows', status({ messages: ['All good'] }), 'validation.unproven'],
    ['no sentence', status({ messages: [] }), 'validation.unproven'],
    [
      'the sentence inside another one',
      status({ messages: ['Somebody says: This app is signed correctly'] }),
      'validation.unproven',
    ],
    ['a longer word', status({ messages: ['This app is signed correctlyish'] }), 'validation.unproven'],
    ['an empty build id', status({ buildId: '' }), 'validation.rejected'],
  ])('%s', (_, given, code) => {
    expect(codeOf(given)).toBe(code);
  });

  const OWNERS = ['CN=X', 'CN=Test Signer, O=Appdome, C=US', 'O="Example, Inc."', 'O=Example\\, Inc.'];
  it.each([
    ': no',
    ':no',
    '. Signature mismatch: the key is another one',
    '. Signature mismatch',
    ', but it was modified after signing',
    ' but it was modified after signing',
    ' - not trusted',
    ' \u2014 not trusted',
    '; the signature has expired',
    '! Not trusted',
    '? No',
    ' (not trusted)',
    ' (Expired)',
    '\nSignature mismatch',
    '\r\nSignature mismatch',
    '\u2028Signature mismatch',
    '. Expected owner CN=Y',
    '. Expected owner CN=Y, C=US',
    ', STATUS=failed',
    ', =X',
    ', C=',
    ', "no"',
    ',',
    ', ,',
    ',, C=US',
    ' "no"',
  ])('an owner and %j', (tail) => {
    for (const owner of OWNERS) {
      expect([owner, codeOf(status({ messages: [`${SIGNED} by owner ${owner}${tail}`] }))]).toEqual([
        owner,
        'validation.unproven',
      ]);
    }
  });

  it.each(['X', 'X, C=US', '=X', 'CN', 'CN=', 'CN="X', 'CN=X"', 'CN=X\\', 'nobody: CN=X', 'CN=not built by Appdome'])(
    'the owner %j, which is not a distinguished name',
    (owner) => {
      expect(codeOf(status({ messages: [`${SIGNED} by owner ${owner}`] }))).toBe('validation.unproven');
    },
  );

  it('a distinguished name and a sentence behind it, whatever they are', () => {
    const sentence = fc
      .array(fc.stringMatching(/^[a-z]{1,9}$/u), { minLength: 3, maxLength: 12 })
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(
        fc.constantFrom(...OWNERS),
        fc.constantFrom('. ', ': ', ', ', '; ', ' - ', '\n', ' '),
        sentence,
        (owner, by, text) => {
          expect(codeOf(status({ messages: [`${SIGNED} by owner ${owner}${by}${text}`] }))).toBe('validation.unproven');
        },
      ),
    );
  });

  it('a name without end, and in no time', () => {
    const began = performance.now();
    for (const text of ['a-', 'a.', '( ', 'CN=', '\\"', 'a, ', '" '])
      expect(codeOf(status({ messages: [`${SIGNED} by owner CN=${text.repeat(20_000)}!`] }))).toBe(
        'validation.unproven',
      );
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('anything that does not begin with the sentence', () => {
    const other = fc.string().filter((text) => !/^this app is signed correctly/i.test(text));
    fc.assert(
      fc.property(fc.array(other, { maxLength: 4 }), (messages) => {
        expect(codeOf(status({ messages }))).not.toBe('proven');
      }),
    );
  });
});

describe('what a refusal tells', () => {
  const refusalOf = (given: ValidationStatus): FusegateError => {
    try {
      judgeValidation(given, BUILD_ID);
    } catch (error) {
      if (error instanceof FusegateError) return error;
    }
    throw new Error('nothing was refused');
  };

  it.each<[string, Partial<ValidationStatus>, RegExp, RegExp]>([
    [
      'not built',
      { messages: ['This app is not built by Appdome.'] },
      /did not build this app/u,
      /^Sign the app that the run/u,
    ],
    [
      'denied',
      { messages: ['This app is not signed correctly'] },
      /: This app is not signed correctly$/u,
      /fingerprint/u,
    ],
    [
      'half',
      { messages: [SIGNED, 'The signature is wrong'] },
      /but it says "The signature is wrong"/u,
      /in the console/u,
    ],
    [
      'another build',
      { buildId: OTHER_ID },
      new RegExp(`another build: ${OTHER_ID}, not ${BUILD_ID}`, 'u'),
      /of this build/u,
    ],
    ['silent', { messages: [] }, /does not say .*: it says nothing\.$/u, /in the console/u],
    ['vague', { messages: ['Fine.'] }, /does not say .*: it says "Fine\."/u, /in the console/u],
  ])('%s', (_, change, message, hint) => {
    const error = refusalOf(status(change));
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ hint: expect.stringMatching(hint), stage: 'validation', ids: { buildId: BUILD_ID } });
  });

  it('not which build made it', () => {
    const { buildId: _, ...nameless } = status();
    expect(() => judgeValidation(nameless, BUILD_ID)).toThrow(/not which build made it/u);
    expect(refusalOf(nameless)).toMatchObject({
      hint: expect.stringMatching(/^Compare the build/u),
      stage: 'validation',
      ids: { buildId: BUILD_ID },
    });
    expect(codeOf({ ...nameless, messages: ['Fine.'] })).toBe('validation.unproven');
    expect(() => judgeValidation({ ...nameless, messages: ['Fine.'] }, BUILD_ID)).toThrow(/it says "Fine\."/u);
  });

  it.each([
    'Signature mismatch: the app was signed with another key',
    'This app is signed correctly: no',
    'Validation completed',
    'All is well',
    'It is not signed',
    'It cannot be read',
    'The signature is incorrect',
    'It was signed in correctly',
    'It was signed incorrectly',
    'The app is invalid',
    'It will fail',
    'Validation failed',
    'Validation failure',
    'Somebody would tamper with it',
    'It was tampered with',
    'It is unsigned',
    'The key is wrong',
    'It was wrongly signed',
    'error',
    "It isn't signed",
    'It isn\u2019t signed',
    // Its own sentence, with what is not an owner's name.
    `${SIGNED} by owner X`,
    `${SIGNED} by owner CN=X, but it was modified`,
    `${SIGNED} by owner CN=X, C=US modified`,
  ])('%j beside the good sentence proves nothing, in any order', (message) => {
    expect(codeOf(status({ messages: [SIGNED, message] }))).toBe('validation.unproven');
    expect(codeOf(status({ messages: [message, SIGNED] }))).toBe('validation.unproven');
  });

  it('no other sentence whatever beside it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.boolean(), (text, first) => {
        fc.pre(!/^\s*this app is signed correctly/iu.test(text));
        const messages = first ? [text, SIGNED] : [SIGNED, text];
        expect(codeOf(status({ messages }))).not.toBe('proven');
      }),
    );
  });
});
