import { describe, expect, it } from 'vitest';
import { isOwnWord } from '../../src/secrets/own-word.ts';

describe('isOwnWord', () => {
  it.each([
    'pass',
    'Warning',
    ' satisfied ',
    'not-evaluated',
    'Root Detection',
    'In-App Detection',
    'Anti-Debugging',
    'App Shielding',
  ])('is one: %s', (text) => expect(isOwnWord(text)).toBe(true));

  it.each(['', '-', 'zebra42', 'Root zebra', 'root1 detection', 'to be', 'correct horse'])('is none: %s', (text) =>
    expect(isOwnWord(text)).toBe(false),
  );
});
