/** Whether a text is an owner's name and nothing more: what is not a name may take back the sentence before it. */
import { describe, expect, it } from 'vitest';
import { isDistinguishedName } from '../../src/policy/binding/distinguished-name.ts';

describe('a distinguished name', () => {
  it.each([
    // Blanks around the parts of a name, as other tools print them.
    'CN=Example , C=US',
    'CN = Example ,C = US',
    'CN=" Example "',
    // A comma, a quotation mark and a letter may be escaped.
    'O=Example\\, Inc.',
    'O="Example\\, Inc."',
    'CN=Ex\\ample',
    // A country may be a code, or whole words.
    'C=US',
    'c=us',
    'C=Germany',
    'C=United States',
    'C=United Arab Emirates',
    'C=Papua New Guinea',
    'c=United Arab Emirates',
    // A name may have two lower-case words.
    'L=Villingen an der Lippe',
    'L=San francisco',
  ])('%j', (text) => {
    expect(isDistinguishedName(text)).toBe(true);
  });
});

describe('not a distinguished name', () => {
  it.each([
    '',
    ' ',
    ',',
    'CN=',
    'CN=Example,',
    'CN=Example, ',
    'Example',
    // A country is no place for words about the signature, however few and in whatever case.
    'CN=Example, C=US modified',
    'CN=Example, c=US modified',
    'CN=Example, C=not trusted',
    'C=US1',
    'C=U-S',
    'C=US Not trusted',
    'C=United  States',
    // An escaped sign is still that sign.
    'CN=Example\\: rejected',
    'CN=Example\\; rejected',
    'CN=Example\\= rejected',
    'CN="Example\\: rejected"',
    'CN=Example\\. Rejected',
    'CN=Example \\(rejected\\)',
    'CN=Example \\- rejected',
    // What cannot be read as a part ends the name.
    'CN=Example; C=US',
    'CN=Example, no',
    'no, CN=Example',
    'STATE=Example',
    'CN=Example, STATE=Rejected',
    // Three lower-case words are a sentence.
    'CN=Example of the lost',
    'CN=Example was not accepted',
  ])('%j', (text) => {
    expect(isDistinguishedName(text)).toBe(false);
  });
});
