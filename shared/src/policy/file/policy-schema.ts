/**
 * The definition of the policy file: it parses the file, its types are inferred from it, and `docs/schemas/fusegate-policy.schema.json` is
 * generated from it. Editors show the descriptions at the cursor.
 *
 * What a schema cannot express (an unknown name, a broken lock) is checked elsewhere: `policy-rules.ts`, `policy-chain.ts`, `waivers.ts`.
 * Loads zod: import it by `await import()`, its types as types.
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

/** Longer than any name, and more entries than people read. */
const NAME_LENGTH = 200;
const SENTENCE_LENGTH = 1000;
const MOST_ENTRIES = 500;

type Describable = { register(registry: typeof globalRegistry, meta: Record<string, unknown>): unknown };

/** A description for editors, plus what JSON Schema can express and the definition cannot. */
function described<T extends Describable>(schema: T, description: string, more: Record<string, unknown> = {}): T {
  schema.register(globalRegistry, { description, ...more });
  return schema;
}

/** What is wrong and, after the arrow, what to write; `policy-issues.ts` takes them apart. */
const filled = (example: string, length: number) =>
  string().check(maxLength(length), regex(/\S/u, { error: `is empty -> ${example}` }));
const text = (example = 'a name, such as Root Detection') => filled(example, NAME_LENGTH);
const sentence = () => filled('a sentence, or leave the key out', SENTENCE_LENGTH);
const formed = (form: RegExp, error: string | ((issue: { input?: unknown }) => string)) =>
  string({ error }).check(maxLength(SENTENCE_LENGTH), regex(form, { error }));
const list = <T extends Parameters<typeof array>[0]>(item: T) => array(item).check(maxLength(MOST_ENTRIES));
const filledList = <T extends Parameters<typeof array>[0]>(item: T, example: string) =>
  list(item).check(minLength(1, { error: `is empty -> ${example}` }));

const severity = described(
  oneOf(['error', 'warning']),
  '`error` (the default) stops the pipeline; `warning` only says it. Warnings alone are not a policy: something must be able to fail.',
);

const mode = described(
  oneOf(['in-app-detection', 'in-app-defense', 'any']),
  'How the protection must act. `any` still needs a document that shows a mode; a mode that no document shows cannot pass.',
);

const name = described(
  text(),
  'A display name, an internal key or a Threat-Event name; `fusegate features` finds them.',
);

const key = described(
  text('a name as the certificate prints it, such as smali_obfuscation'),
  'A name exactly as the certificate prints it; the catalogue is not used.',
);

const duration = () =>
  formed(/^(?=.*[1-9])(?:\d{1,5}d)?(?:\d{1,5}h)?(?:\d{1,5}m)?(?:\d{1,5}s)?$/u, ({ input }) => {
    const isNothing = typeof input === 'string' && /^(?:0+[dhms])+$/u.test(input);
    return `${isNothing ? 'must be more than 0' : 'is not a duration'} -> a number with its unit, such as 30d or 12h`;
  });

const named = { feature: optional(name), key: optional(key), 'threat-events': optional(mode) };

/** What the author says about a rule. It does not change a verdict and appears in every report. */
const reference = {
  id: optional(
    described(
      formed(
        /^[A-Za-z0-9][\w.:/-]{0,99}$/u,
        'is not an id -> letters, digits and . _ : / -, such as MASVS-RESILIENCE-1',
      ),
      'A name of your own for the rule, such as a MASVS control. No two rules of a policy may share one.',
    ),
  ),
  reason: optional(described(sentence(), 'Why the rule is there. It appears in every report.')),
  link: optional(
    described(
      formed(/^https?:\/\/\S+$/u, 'is not a link -> https://…'),
      'Where to read more. It appears in every report.',
    ),
  ),
};
const ONE_NAME = { oneOf: [{ required: ['feature'] }, { required: ['key'] }] };

/** What an entry of `require` can be; `policy-file.ts` checks that it is exactly one of them. */
const FORMS = { oneOf: ['feature', 'key', 'any-of', 'all-of', 'at-least'].map((one) => ({ required: [one] })) };
const COUNTED = { ...FORMS, dependentRequired: { 'at-least': ['of'], of: ['at-least'] } };

const groups = <T extends Parameters<typeof array>[0]>(item: T) => {
  const members = () => filledList(item, 'the protections that count, such as [Root Detection, Anti-Debugging]');
  return {
    'any-of': optional(described(members(), 'At least one of these must be proven.')),
    'all-of': optional(described(members(), 'Every one of these must be proven.')),
    'at-least': optional(described(int().check(minimum(1), maximum(MOST_ENTRIES)), 'How many of `of` must be proven.')),
    of: optional(
      described(members(), 'The number in `at-least` says how many of these must be proven; each counts once.'),
    ),
  };
};

const namedEntry = described(strictObject(named), 'One protection, by `feature` or by `key`.', ONE_NAME);
const member = union([name, namedEntry]);

const innerGroup = described(
  strictObject({ ...named, ...groups(member) }),
  'One protection, or a group inside a group.',
  COUNTED,
);
const groupMember = union([name, innerGroup]);

const requireEntry = union([
  name,
  described(
    strictObject({ ...named, ...groups(groupMember), severity: optional(severity), ...reference }),
    'One requirement: `feature`, `key`, `any-of`, `all-of`, or `at-least` with `of`.',
    COUNTED,
  ),
]);

const forbidEntry = union([
  name,
  described(
    strictObject({ feature: optional(name), key: optional(key), severity: optional(severity), ...reference }),
    'One protection that must not be there, by `feature` or by `key`.',
    ONE_NAME,
  ),
]);

const scalar = described(
  union([text(), number(), boolean()]),
  'The value that the certificate must state (case does not matter), or `">=24"`, `"<=35"`, `">1.2"`, `"<2"` for versions and numbers.',
);

const values = described(
  filledList(scalar, 'the allowed values, such as ["5.16", "5.17"]'),
  'The certificate must state one of these values; no comparisons.',
);

const buildValue = union([
  scalar,
  values,
  described(
    strictObject({ value: union([scalar, values]), severity: optional(severity), ...reference }),
    'The value, with a severity and what you want to say about it.',
  ),
]);

const validity = described(
  union([duration(), strictObject({ value: duration(), severity: optional(severity), ...reference })]),
  "How long the app's signature must still hold on the day of the judgement, by the PDF certificate: `365d`.",
);

const build = () =>
  described(
    strictObject({
      ...(Object.fromEntries(
        BUILD_KEYS.map(({ key: id, meaning }) => [id, described(optional(buildValue), meaning)]),
      ) as Record<(typeof BUILD_KEYS)[number]['key'], ReturnType<typeof optional<typeof buildValue>>>),
      'signature-valid-for': optional(validity),
    }),
    'Conditions on build facts that the certificate states.',
  );

const platform = () => oneOf(['android', 'ios']);

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

const protection = described(
  text(),
  'A protection whose rule is lifted, spelt as in the rule; `key: NAME` for a rule that is written so.',
);

/**
 * A sentence is several words, or letters of a script without blanks. There is no list of meaningless words (`tbd`, `because`,
 * `temporary`), since it could never be complete.
 */
const REASON =
  /^\s*(?:(?=(?:[^\p{L}]*\p{L}){5})\S*\p{L}\S*\s+(?:[^\p{L}\s]+\s+)*\S*\p{L}|.*[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]{6})/u;
const OWNER = /^(?:(?:[^\p{L}]*\p{L}){5}|.*[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]{2})/u;

const waiver = described(
  strictObject({
    feature: optional(protection),
    features: optional(
      described(
        filledList(protection, 'the protections, such as [Root Detection]'),
        'Several protections, for one reason.',
      ),
    ),
    reason: described(
      formed(
        REASON,
        'says too little -> a sentence of two words or more, such as "QA lab needs a proxy until 3.2 ships"',
      ),
      'Why, in two words or more. It appears in every report.',
    ),
    owner: described(
      formed(OWNER, 'says too little -> a team that can be asked, in five letters or more, such as mobile-security'),
      'Who answers for it: a team, not a person. Five letters or more.',
    ),
    ticket: optional(
      described(text('a ticket, such as SEC-1412, or leave the key out'), 'Where the work to remove it is tracked.'),
    ),
    expires: described(
      formed(/^\d{4}-\d{2}-\d{2}$/u, 'is not a date -> YYYY-MM-DD'),
      'The last day on which it applies, YYYY-MM-DD, to the end of that day in UTC.',
      { format: 'date' },
    ),
    scope: optional(
      described(
        strictObject({
          'bundle-id': optional(
            described(
              formed(
                /^[\w.*-]+$/u,
                'is not a bundle id -> letters, digits and . _ - only, and * for any characters, such as com.example.qa.*',
              ),
              'Bundle id as the certificate states it; `*` stands for any characters; there are no other patterns.',
              { examples: ['com.example.qa.*'] },
            ),
          ),
          'fusion-set-id': optional(
            described(
              formed(/^[\w-]+$/u, 'is not a Fusion Set ID -> the whole id as the certificate states it; no patterns'),
              'Fusion Set ID as the certificate states it, whole.',
            ),
          ),
          platform: optional(described(platform(), 'Platform as the certificate states it.')),
        }),
        'Applies only to builds whose certificate states all of these.',
      ),
    ),
  }),
  'Lifts rules for a limited time.',
  { oneOf: [{ required: ['feature'] }, { required: ['features'] }] },
);

const wording = (what: string, item = text('the words as the certificate prints them')) =>
  optional(described(list(item), what));
const accept = described(
  strictObject({
    titles: wording('Titles of blocks.'),
    headings: wording('Headings of categories.'),
    labels: wording('Labels of rows, such as `Plugins:`.'),
    modes: wording(
      'Words after the colon of a line under APPLICATION THREAT INTELLIGENCE. They count as In-App Detection.',
    ),
    texts: wording(
      'Any other text, a printed name that contains the name of a protection, or a place in the JSON certificate with its value: `$.notes[*]: some words`.',
      sentence(),
    ),
  }),
  'Wording that certificates print, that Fusegate does not know, and that a person has read. It counts as understood; a protection must still be printed by its name. `policy init` and every unproven rule print the line.',
);

export const policySchema = described(
  strictObject({
    version: described(literal(1), 'Of the policy format.'),
    extends: optional(
      described(
        text('the path of another policy, such as ../base.yml'),
        'Another policy file, relative to this one. Its rules apply too. No URLs, at most 5 files in a chain.',
      ),
    ),
    locked: optional(
      described(
        boolean(),
        'Files that extend this one may only tighten it: no waivers, no aliases, no accepted wording, nothing weaker.',
      ),
    ),
    server: optional(
      described(
        text('an origin, such as https://fusion.appdome.com'),
        'The only build service that may be used, as an origin.',
        {
          examples: ['https://fusion.appdome.com'],
        },
      ),
    ),
    gate: optional(
      described(
        oneOf(['enforce', 'warn']),
        'What a red verdict does. No option and no variable can weaken it. `warn` is for the first weeks: the pipeline continues, and the verdict stays what it is.',
      ),
    ),
    'max-certificate-age': optional(
      described(duration(), 'How old a certificate may be when it is judged: `30d`, `12h`.', { examples: ['30d'] }),
    ),
    platform: optional(described(platform(), 'The platform that the app must be for.')),
    evidence: optional(
      described(
        oneOf(['any', 'pdf', 'json', 'both']),
        'Which documents must prove it; absent: the PDF. If an option is set too, the stricter one applies.',
      ),
    ),
    ...sectionKeys(),
    'missing-threat-event-listeners': optional(
      described(
        oneOf(['fail', 'warn', 'ignore']),
        '`fail`: any listener that the certificate lists as missing fails. Absent: only those of required protections fail, the others warn. `warn`: all of them only warn. `ignore`: none is mentioned.',
      ),
    ),
    'threat-event-listeners': optional(
      described(
        oneOf(['registered', 'named']),
        'What the check of the app before the upload (option `listeners`) must find for each Threat-Event that required protections need. `registered`: a registration tied to its name, in the own code of the app. `named`: at least the name, which is all that the check of the certificate asks for.',
      ),
    ),
    android: optional(section('Android')),
    ios: optional(section('iOS')),
    aliases: optional(
      described(
        record(text(), filledList(text(), 'the names as printed, such as [rate_limit_connections]')),
        'Printed names that prove a protection for this policy: `{ Rate-Limit Connections: [rate_limit_connections] }`.',
      ),
    ),
    accept: optional(accept),
    'max-waiver-days': optional(
      described(
        int().check(minimum(1), maximum(3660)),
        'How many days ahead of today a waiver may reach. Absent: 365.',
      ),
    ),
    waivers: optional(list(waiver)),
  }),
  'What your team requires of every build.',
  { title: 'Fusegate policy' },
);

export type PolicyDocument = Infer<typeof policySchema>;
export type RequireEntry = NonNullable<PolicyDocument['require']>[number];
export type ForbidEntry = NonNullable<PolicyDocument['forbid']>[number];
export type BuildEntries = NonNullable<PolicyDocument['build']>;
export type WaiverEntry = NonNullable<PolicyDocument['waivers']>[number];
export type BuildEntry = NonNullable<BuildEntries[keyof BuildEntries]>;
