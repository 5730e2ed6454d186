import fc from 'fast-check';

const SURROGATES = { from: 0xd800, count: 0x800 };
const character = fc
  .nat({ max: 0x10ffff - SURROGATES.count })
  .map((code) => String.fromCodePoint(code < SURROGATES.from ? code : code + SURROGATES.count));

/**
 * Text of any characters at all, or of those that a keyboard has. fast-check's own unit `binary` draws the same, but first makes a table of
 * all 1.1 million characters: two seconds and 120 MB in every worker.
 */
export function anyText(length: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.string({ ...length, unit: character }) },
    // With names in it that objects have by themselves, such as __proto__.
    { weight: 1, arbitrary: fc.string(length) },
  );
}
