/**
 * The definition of the fleet file, made from the option table: it parses the file, and `docs/schemas/fusegate-fleet.schema.json` is
 * generated from it. The value of an option is checked by the parser of that option (fleet-values.ts). Loads zod: import it by
 * `await import()`.
 */
import {
  array,
  boolean,
  globalRegistry,
  int,
  literal,
  maxLength,
  minLength,
  enum as oneOf,
  optional,
  record,
  regex,
  strictObject,
  string,
  toJSONSchema,
  union,
  unknown,
  type ZodMiniType,
} from 'zod/mini';
import type { Option } from '../../options/table.ts';
import { FLEET_OPTIONS, isSecret, takesVariable } from './fleet-options.ts';

/** More apps than any fleet has. */
export const MOST_APPS = 5000;
const LONGEST_VALUE = 10_000;
const LONGEST_NAME = 80;

type Describable = { register(registry: typeof globalRegistry, meta: Record<string, unknown>): unknown };

function described<T extends Describable>(schema: T, description: string): T {
  schema.register(globalRegistry, { description });
  return schema;
}

/** What is wrong and, after the arrow, what to write; `policy-issues.ts` takes them apart. */
const text = () =>
  string().check(maxLength(LONGEST_VALUE), regex(/\S/u, { error: 'is empty -> a value, or leave it out' }));

const VARIABLE = 'is not the name of a variable -> letters, digits and _, such as ACME_KEYSTORE_PASSWORD';
const variable = (error: string | undefined) =>
  strictObject(
    { env: string({ error: VARIABLE }).check(maxLength(200), regex(/^[A-Za-z_][A-Za-z0-9_]*$/u, { error: VARIABLE })) },
    error === undefined ? undefined : { error },
  );

function formOfValue(option: Option): ZodMiniType {
  const { type, id } = option;
  if (isSecret(option)) {
    const own = `FUSEGATE_${id.replaceAll('-', '_').toUpperCase()}`;
    return variable(
      `is a secret and does not belong in a file -> { env: NAME } with the name of a variable that holds it, or leave it out and set ${own}`,
    );
  }
  if (takesVariable(option)) return union([text(), variable(undefined)]);
  switch (type.kind) {
    case 'boolean':
      return boolean();
    case 'integer':
      return int();
    case 'choice':
      return oneOf(type.choices.map(({ value }) => value) as [string, ...string[]]);
    case 'choice-list':
      return array(oneOf(type.choices.map(({ value }) => value) as [string, ...string[]])).check(minLength(1));
    case 'list':
    case 'path-list':
    case 'file-list':
      return union([array(text()).check(minLength(1)), text()]);
    case 'json':
      return union([record(string(), unknown()), text()]);
    default:
      return text();
  }
}

const options = Object.fromEntries(
  FLEET_OPTIONS.map((option) => [option.id, optional(described(formOfValue(option), `${option.summary}.`))]),
);

const platformOf = (title: string) =>
  optional(described(strictObject(options), `Options for ${title} apps only. They win over those beside them.`));
const settings = { ...options, android: platformOf('Android'), ios: platformOf('iOS') };

const NAME =
  'is not a name -> letters, digits, ., - and _, beginning with a letter or digit and ending in neither . nor -';

export const fleetSchema = described(
  strictObject({
    version: described(literal(1), 'The version of this format.'),
    defaults: optional(described(strictObject(settings), 'Options for every app. What an app has itself wins.')),
    apps: described(
      array(
        strictObject({
          app: described(
            text(),
            'The app, relative to this file: a path, or a pattern that makes one entry of every file that it matches, named after the file.',
          ),
          name: optional(
            described(
              string({ error: NAME }).check(
                maxLength(LONGEST_NAME),
                regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/u, { error: NAME }),
              ),
              'The name of the job and of the output folder. Default: the file name of the app without its extension.',
            ),
          ),
          ...settings,
        }),
        { error: 'is not a list of apps -> apps: [{ app: PATH }, …]' },
      ).check(minLength(1, { error: 'is empty -> at least one app' }), maxLength(MOST_APPS)),
      'The apps, each an entry of its own or a pattern for several.',
    ),
  }),
  'A fleet of apps for `fusegate plan`, `fusegate run --fleet` and `fusegate report --fleet`.',
);

/** A name, not an address: nothing is fetched from it. The number is `version`. */
const SCHEMA_ID = 'urn:fusegate:schema:fleet:1';

/** @returns JSON Schema, draft 2020-12, of a fleet file. Unknown keys are not allowed, as in the parser. */
export function fleetJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = toJSONSchema(fleetSchema, { target: 'draft-2020-12', io: 'input', reused: 'ref' });
  return { $schema, $id: SCHEMA_ID, title: 'Fusegate fleet', ...schema };
}
