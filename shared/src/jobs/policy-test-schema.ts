/** A file of `fusegate policy test`: certificates, and what a policy must say of each. Loads zod: import it by `await import()`. */
import {
  array,
  type infer as Infer,
  literal,
  maxLength,
  minLength,
  enum as oneOf,
  optional,
  regex,
  strictObject,
  string,
  union,
} from 'zod/mini';

const text = () => string().check(minLength(1), maxLength(1000));
const list = () => array(text()).check(minLength(1), maxLength(500));
const date = () => string().check(regex(/^\d{4}-\d{2}-\d{2}$/u, { error: 'is not a date -> YYYY-MM-DD' }));

const testCase = strictObject({
  name: optional(text()),
  /** One build's: a PDF, a JSON, or one of each. Relative to this file. */
  certificate: union([text(), list()]),
  expect: oneOf(['pass', 'fail', 'error']),
  /** Exactly the protections that must not be proven, as `missingFeatures` of a result has them. */
  missing: optional(array(text()).check(maxLength(500))),
  options: optional(
    strictObject({
      evidence: optional(oneOf(['pdf', 'both', 'any', 'json'])),
      platform: optional(oneOf(['android', 'ios'])),
      'required-features': optional(list()),
    }),
  ),
  now: optional(date()),
});

export const policyTestSchema = strictObject({
  version: literal(1),
  /** Relative to this file. */
  policy: text(),
  /** The day on which every case is judged, to its end in UTC; absent = today. Waivers and ages depend on it. */
  now: optional(date()),
  cases: array(testCase).check(minLength(1), maxLength(500)),
});

export type PolicyTestDocument = Infer<typeof policyTestSchema>;
export type PolicyTestCase = PolicyTestDocument['cases'][number];
