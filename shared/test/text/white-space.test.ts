import { foldWhiteSpace, withoutLineBreaks } from '@fusegate/shared/text/white-space';
import { describe, expect, it } from 'vitest';

describe('white space', () => {
  it.each([
    ['  a \t b\r\nc\u2028d\u00a0e ', 'a b c d e'],
    ['', ''],
    [' \n ', ''],
    ['a\u200bb', 'a\u200bb'],
  ])('folds %j to %j', (text, expected) => {
    expect(foldWhiteSpace(text)).toBe(expected);
  });

  it.each([
    ['a\r\n\r\nb', 'a b'],
    [' a  b\t', ' a  b\t'],
    ['a\nNAME=b', 'a NAME=b'],
  ])('keeps %j on one line, as %j', (text, expected) => {
    expect(withoutLineBreaks(text)).toBe(expected);
  });
});
