/**
 * The policy file, as a definition: what parses it, what its types are inferred from, and what
 * `docs/schemas/fusegate-policy.schema.json` is generated from. Descriptions are for editors that show them at the cursor.
 *
 * What a shape cannot say (a name that nobody knows, a lock that is broken) is checked where it is used: `policy-rules.ts`,
 * `policy-chain.ts`, `waivers.ts`. Loads zod: import it by `await import()`, its types as types.
 */
import {
  array,
  boolean,
  globalRegistry,
  type infer as Infer,
  int,
  literal,
  maximum,
  maxLength,
  minimum,
  minLength,
  number,
  enum as oneOf,
  optional,
  record,
  regex,
  strictObject,
  string,
  union,
} from 'zod/mini';
import { BUILD_KEYS } from './build-keys.ts';

/** Longer names are no names, and a policy of more entries is no policy that anybody reads. */
const NAME_LENGTH = 200;
const MOST_ENTRIES = 500;

type Describable = { register(registry: typeof globalRegistry, meta: Record<string, unknown>): unknown };

/** A description, and what JSON Schema can say and the definition cannot, for editors. */
function described<T extends Describable>(schema: T, description: string, more: Record<string, unknown> = {}): T {
  schema.register(globalRegistry, { description, ...more });
  return schema;
}

const text = () => string().check(minLength(1), maxLength(NAME_LENGTH));
const list = <T extends Parameters<typeof array>[0]>(item: T) => array(item).check(maxLength(MOST_ENTRIES));

const severity = () =>
  described(
    oneOf(['error', 'warning']),
    '`error` (the default) stops the pipeline; `warning` only says it. Warnings alone are not a policy: something must be able to fail.',
  );

const mode = () =>
  described(
    oneOf(['in-app-detection', 'in-app-defense', 'any']),
    'How the protection must act. `any` still needs a document that shows a mode; a mode that no document shows cannot pass.',
  );

const name = () =>
  described(text(), 'A display name, an internal key or a Threat-Event name; `fusegate features` finds them.');

const key = () => described(text(), 'A name exactly as the certificate prints it; the catalogue is not asked.');

const named = { feature: optional(name()), key: optional(key()), 'threat-events': optional(mode()) };
const ONE_NAME = { oneOf: [{ required: ['feature'] }, { required: ['key'] }] };

const namedEntry = described(strictObject(named), 'One protection, by `feature` or by `key`.', ONE_NAME);
const member = union([name(), namedEntry]);

const innerGroup = described(
  strictObject({
    ...named,
    'any-of': optional(list(member).check(minLength(1))),
    'all-of': optional(list(member).check(minLength(1))),
  }),
  'One protection, or a group inside a group.',
  { oneOf: ['feature', 'key', 'any-of', 'all-of'].map((one) => ({ required: [one] })) },
);
const groupMember = union([name(), innerGroup]);
const group = () => list(groupMember).check(minLength(1));

const requireEntry = union([
  name(),
  described(
    strictObject({
      ...named,
      'any-of': optional(described(group(), 'At least one of these must be proven.')),
      'all-of': optional(described(group(), 'Every one of these must be proven.')),
      severity: optional(severity()),
    }),
    'One requirement: `feature`, `key`, `any-of` or `all-of`.',
    { oneOf: ['feature', 'key', 'any-of', 'all-of'].map((one) => ({ required: [one] })) },
  ),
]);

const forbidEntry = union([
  name(),
  described(
    strictObject({ feature: optional(name()), key: optional(key()), severity: optional(severity()) }),
    'One protection that must not be there, by `feature` or by `key`.',
    ONE_NAME,
  ),
]);

const scalar = () =>
  described(
    union([text(), number(), boolean()]),
    'The value that the certificate must state (case does not matter), or `">=24"`, `"<=35"`, `">1.2"`, `"<2"` for versions and numbers.',
  );

const buildValue = () => union([scalar(), strictObject({ value: scalar(), severity: optional(severity()) })]);

const build = () =>
  described(
    strictObject(
      Object.fromEntries(
        BUILD_KEYS.map(({ key: id, meaning }) => [id, optional(described(buildValue(), meaning))]),
      ) as Record<(typeof BUILD_KEYS)[number]['key'], ReturnType<typeof optional<ReturnType<typeof buildValue>>>>,
    ),
    'Conditions on build facts that the certificate states.',
  );

const sectionKeys = () => ({
  require: optional(described(list(requireEntry), 'What the certificate must prove.')),
  forbid: optional(
    described(
      list(forbidEntry),
      'What must not be there; absence must be proven too. `Diagnostic Logs` is the fact extended_logs.',
    ),
  ),
  build: optional(build()),
});

const section = (platform: string) =>
  described(strictObject(sectionKeys()), `Rules that hold for ${platform} apps only.`);

const waiver = described(
  strictObject({
    feature: described(
      text(),
      'The one protection whose rule is lifted, spelt as in the rule; `key: NAME` for a rule that is written so.',
    ),
    reason: described(string().check(minLength(1), maxLength(1000)), 'Why. It stands in every report.'),
    owner: described(text(), 'Who answers for it: a team, not a person.'),
    expires: described(
      string().check(regex(/^\d{4}-\d{2}-\d{2}$/u)),
      'The last day on which it holds, YYYY-MM-DD, to the end of that day in UTC.',
      { format: 'date' },
    ),
    scope: optional(
      described(
        strictObject({
          'bundle-id': optional(described(text(), 'Bundle id as the certificate states it.')),
          'fusion-set-id': optional(described(text(), 'Fusion Set ID as the certificate states it.')),
          platform: optional(described(oneOf(['android', 'ios']), 'Platform as the certificate states it.')),
        }),
        'Holds only for builds of which the certificate states all of these.',
      ),
    ),
  }),
  'Lifts one rule for a while.',
);

export const policySchema = described(
  strictObject({
    version: described(literal(1), 'Of the policy format.'),
    extends: optional(
      described(
        text(),
        'Another policy file, relative to this one. Its rules hold too. No URL, at most 5 files in a row.',
      ),
    ),
    locked: optional(
      described(boolean(), 'Whoever extends this file may only tighten it: no waivers, no aliases, nothing weaker.'),
    ),
    server: optional(
      described(text(), 'The only build service that may be asked, as an origin.', {
        examples: ['https://fusion.appdome.com'],
      }),
    ),
    evidence: optional(
      described(
        oneOf(['any', 'pdf', 'json', 'both']),
        'Which documents must prove it; of this and the option the stricter one holds.',
      ),
    ),
    ...sectionKeys(),
    'missing-threat-event-listeners': optional(
      described(
        oneOf(['fail', 'warn', 'ignore']),
        '`fail`: any listener that the certificate lists as missing fails. Absent: only those of required protections fail, the others warn. `warn`: all of them only warn. `ignore`: none is mentioned.',
      ),
    ),
    android: optional(section('Android')),
    ios: optional(section('iOS')),
    aliases: optional(
      described(
        record(text(), list(text()).check(minLength(1))),
        'Printed names that prove a protection for this policy: `{ Rate-Limit Connections: [rate_limit_connections] }`.',
      ),
    ),
    'max-waiver-days': optional(
      described(int().check(minimum(1), maximum(3660)), 'How far ahead of today a waiver may reach.'),
    ),
    waivers: optional(list(waiver)),
  }),
  'What a team requires of every build.',
  { title: 'Fusegate policy' },
);

export type PolicyDocument = Infer<typeof policySchema>;
export type RequireEntry = NonNullable<PolicyDocument['require']>[number];
export type ForbidEntry = NonNullable<PolicyDocument['forbid']>[number];
export type BuildEntries = NonNullable<PolicyDocument['build']>;
export type WaiverEntry = NonNullable<PolicyDocument['waivers']>[number];
