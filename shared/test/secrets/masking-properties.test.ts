/**
 * What holds for every secret of one byte to 1 MiB in every text: it comes out masked, by the rule that the masker states for short and
 * ordinary ones, and what is ours comes out as it went in.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derivedForms } from '../../src/secrets/derived-forms.ts';
import { guardHost } from '../../src/secrets/guarded-host.ts';
import { maskerOf } from '../../src/secrets/masker.ts';
import { isOwnWord, isPublicPassword } from '../../src/secrets/own-word.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { RecordingHost } from '../support/recording-host.ts';
import { AROUND, anySecret, manyBytes, strongSecret, WRITINGS } from './secret-arbitraries.ts';

const RUNS = propertyRuns(150);
/** No asterisk, since masking writes those, and none of the letters that secrets here begin with. */
const text = fc.string({ unit: fc.constantFrom(...'bcdefgh ,.:;/\\\n\t"\'<>=ü€'), maxLength: 60 });
const writing = fc.constantFrom(...Object.keys(WRITINGS));
/** What is the secret's alone. */
const coreOf = (form: string) => (form.length > 3 * AROUND ? form.slice(AROUND, -AROUND) : form);
const written = (name: string, secret: string) => WRITINGS[name]?.(secret) ?? secret;

describe('every secret that does not occur by chance', () => {
  it('is masked in every form, in every text', () => {
    fc.assert(
      fc.property(strongSecret, writing, text, text, (secret, name, before, after) => {
        const form = written(name, secret);
        const masker = maskerOf([secret]);
        for (const masked of [masker.mask(before + form + after), masker.maskForeign(before + form + after)]) {
          expect(masked).toContain('***');
          expect(masked).not.toContain(form);
          expect(masked).not.toContain(secret);
          expect(masked).not.toContain(coreOf(form));
          // What is left of it is what stood around it.
          expect(masked.replaceAll('***', '').length).toBeLessThanOrEqual(before.length + after.length + 2 * AROUND);
        }
      }),
      RUNS,
    );
  });

  it('is masked on its way to the log, wherever the log is cut into lines and calls', () => {
    fc.assert(
      fc.property(strongSecret, writing, text, text, (secret, name, before, after) => {
        const host = new RecordingHost();
        const guard = guardHost(host, maskerOf([secret]));
        const form = written(name, secret);
        const said = before + form + after;
        guard.log('info', said);
        guard.annotate({ level: 'error', title: said, message: said });
        guard.setOutput('missing-features', said);
        guard.fail(said, 6);
        expect(JSON.stringify(host)).not.toContain(JSON.stringify(coreOf(form)).slice(1, -1));
      }),
      RUNS,
    );
  });
});

describe('every secret at all', () => {
  /** The rule, as the masker states it. */
  function mayStay(form: string, secret: string): boolean {
    if (isPublicPassword(secret) || form.trim().length < 3 || isOwnWord(form)) return true;
    return form.length < 6 && form !== secret && form !== secret.trim();
  }

  it('is masked in each form that may not stay, where it stands alone', () => {
    fc.assert(
      fc.property(anySecret, text, text, (secret, before, after) => {
        const masker = maskerOf([secret]);
        const forms = derivedForms(secret).filter((form) => !mayStay(form, secret));
        for (const form of forms) {
          if (form.includes('*')) continue;
          expect(masker.mask(`${before} (${form}) ${after}`)).not.toContain(`(${form})`);
        }
        if (!mayStay(secret, secret)) expect(forms).toContain(secret);
      }),
      RUNS,
    );
  });

  it('of one or two characters changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 2 }), fc.string(), (secret, around) => {
        fc.pre(secret.trim().length > 0);
        const masker = maskerOf([secret]);
        const said = `${around}${secret}${around}`;
        // Six letters of hex or base64 are enough to tell, so a form of that length is looked for.
        fc.pre(derivedForms(secret).every((form) => !said.includes(form)));
        expect(masker.maskForeign(said)).toBe(said);
      }),
      RUNS,
    );
  });

  it('of three to five characters is masked as a whole word, and in no longer one', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[jkpqvwxz]{3,5}$/), (secret) => {
        fc.pre(!isOwnWord(secret));
        const masker = maskerOf([secret]);
        expect(masker.mask(`(${secret}) ${secret}, ${secret}`)).toBe('(***) ***, ***');
        const longer = `a${secret} ${secret}a ü${secret}1`;
        expect(masker.mask(longer)).toBe(longer);
      }),
      RUNS,
    );
  });
});

describe('what is ours', () => {
  const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
  const part = fc.stringMatching(/^[a-z][a-z0-9_-]{0,9}$/);
  const ours = fc.oneof(
    fc.uuid(),
    hex(64),
    hex(40),
    fc.array(part, { minLength: 2, maxLength: 5 }).map((parts) => `/${parts.join('/')}`),
    fc.array(part, { minLength: 3, maxLength: 5 }).map((parts) => `com.${parts.join('.')}`),
    part.map((name) => `${name}.apk`),
  );

  /** By chance: some letters of it, a word of ours, a number. */
  const byChance = (value: string) =>
    fc.oneof(
      fc.constantFrom('pass', 'password', 'android', 'apk', 'com', 'build', '1234', 'orange'),
      fc
        .tuple(fc.nat(value.length - 1), fc.integer({ min: 1, max: 11 }))
        .map(([start, length]) => value.slice(start, start + length))
        .filter((each) => /^(?:[a-z]+|\d+|[0-9a-f]+)$/.test(each)),
    );

  it('does not change, whatever word or number is a secret', () => {
    const cases = ours.chain((value) => fc.tuple(fc.constant(value), fc.array(byChance(value), { maxLength: 4 })));
    fc.assert(
      fc.property(cases, ([value, secrets]) => {
        const masker = maskerOf(secrets.filter((secret) => secret !== value));
        expect(masker.mask(value)).toBe(value);
        expect(masker.mask(`see ${value} now`)).toContain(` ${value} `);
      }),
      RUNS,
    );
  });
});

it.each(['pass', 'fail', 'satisfied', 'not-evaluated', 'build.may-exist', 'on-appdome', 'verdict'])(
  'a word of ours does not change in a text of ours, though it be the secret: %s',
  (word) => expect(maskerOf([word]).mask(`${word}: ${word}`)).toBe(`${word}: ${word}`),
);

// Few, since each takes seconds: any characters, one line, many lines (masker.test.ts has a MiB of them).
it.each([
  ['bytes', 2 ** 17, (bytes: Buffer) => bytes.toString('latin1')],
  ['base64', 2 ** 20, (bytes: Buffer) => bytes.toString('base64')],
  ['lines', 2 ** 16, (bytes: Buffer) => (bytes.toString('base64').match(/.{1,64}/g) ?? []).join('\n')],
])('%s, many of them', (_, length, secretOf) => {
  const secret = secretOf(manyBytes(length, 1)).slice(0, 2 ** 20);
  const masker = maskerOf([secret]);
  for (const name of ['as it is', 'base64 at offset 1', 'in JSON', 'in a URL']) {
    const left = masker.mask(`before ${written(name, secret)} after`);
    expect(left.startsWith('before ') && left.endsWith(' after'), name).toBe(true);
    expect(left.replaceAll('***', '').length, name).toBeLessThan(100);
  }
});
