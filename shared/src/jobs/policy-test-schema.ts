/** A file of `fusegate policy test`: certificates, and what a policy must say of each. Loads zod: import it by `await import()`. */
import {
  array,
  type infer as Infer,
  literal,
  maxLength,
  minLength,
  enum as oneOf,
  optional,
  strictObject,
  string,
  union,
} from 'zod/mini';

const text = () => string().check(minLength(1), maxLength(1000));
const list = () => array(text()).check(minLength(1), maxLength(500));
/** Whether it is a valid day is checked apart from the schema, so that a wrong one hides no other problem. */
const date = text;

const testCase = strictObject({
  name: optional(text()),
  /** One build's: a PDF, a JSON, or one of each. Relative to this file. */
  certificate: union([text(), list()]),
  expect: oneOf(['pass', 'fail', 'error']),
  /** Exactly what must not be proven: any name of it, or the requirement as reports show it. */
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
