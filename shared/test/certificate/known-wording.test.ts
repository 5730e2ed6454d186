import { describe, expect, it } from 'vitest';
import {
  BLOCK_TITLE,
  isFooterLine,
  isKnownHeading,
  isKnownMode,
  OTHER_TITLE,
  TITLE_FORM,
} from '../../src/certificate/known-wording.ts';

describe('known wording', () => {
  it.each([
    [BLOCK_TITLE, 'APPDOME MOBILE APP SECURITY In "X Y" FUSION SET', 'X Y'],
    [BLOCK_TITLE, 'APPDOME MOBILE APP SECURITY In "" FUSION SET', ''],
    [OTHER_TITLE, 'Other In "X" FUSION SET', 'X'],
    [TITLE_FORM, 'Anything In "X" FUSION SET', undefined],
  ])('%s is the whole of %j', (pattern, title, name) => {
    expect(pattern.exec(title)?.[1]).toBe(name);
    expect([pattern.test(title), pattern.test(`${title} off`)]).toEqual([true, false]);
    if (pattern !== TITLE_FORM) expect(pattern.test(`Not ${title}`)).toBe(false);
  });

  it.each([' In "X" FUSION SET', 'Other in "X" FUSION SET', 'Other In X FUSION SET', 'FUSION SET'])(
    '%j has not the form of a title',
    (text) => expect(TITLE_FORM.test(text)).toBe(false),
  );

  it('does not mind blanks around a heading or a mode', () => {
    expect([isKnownHeading('  OS \n Integrity '), isKnownMode(' In-App \n Detection ')]).toEqual([true, true]);
  });

  it.each([
    ['2026 Appdome - Confidential.', true],
    ['© 2026 Appdome - Confidential.', true],
    ['©', true],
    ['12026 Appdome - Confidential.', false],
    ['2026 Appdome - Confidential. Off', false],
    ['No ©', false],
    // Wherever the sentences wrap, but for a word or two of them.
    ['It is intended  for the recipient only. It cannot be', true],
    ['by any 3rd party. Void if modified, repro', true],
    ['by any 3rd party. Void if modified, repr', true],
    ['by any 3rd party. Void if modified, rep', false],
    ['Void if modified', false],
    ['It is not intended for the recipient only. It cannot be', false],
    // The last line may be short.
    ['distributed.', true],
    ['or distributed.', true],
    ['tributed.', false],
    ['Not distributed.', false],
    ['', false],
  ])('a line of the footer: %j is %s', (text, known) => expect(isFooterLine(text)).toBe(known));
});
