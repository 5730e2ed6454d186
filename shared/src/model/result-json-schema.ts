/** The result's schema as JSON Schema, and the reader of result files. Loads zod, so import it only where it is needed. */
import { safeParse, toJSONSchema } from 'zod/mini';
import { type FusegateResult, resultSchema } from './result.ts';
import { SCHEMA_VERSION } from './schema-version.ts';

/** A name, not an address: nothing is fetched from it. */
const SCHEMA_ID = `urn:fusegate:schema:result:${SCHEMA_VERSION}`;

/**
 * @returns JSON Schema, draft 2020-12, of `fusegate-result.json`. Unknown properties are allowed, because later releases may add some
 * within one `schemaVersion`.
 */
export function resultJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = toJSONSchema(resultSchema, { target: 'draft-2020-12', io: 'input' });
  return {
    $schema,
    $id: SCHEMA_ID,
    title: 'Fusegate result',
    description:
      "The end of one run: verdict, every rule with its evidence, findings, ids, files and stages. It contains no secret and no account user's name.",
    ...schema,
  };
}

export type ParsedResult =
  | { ok: true; result: FusegateResult }
  /** `otherVersion`: the file is a result in another schema version; says what to do about it. */
  | { ok: false; problems: string[]; otherVersion?: { hint: string } };

/** If a file is not a result, listing more problems than this would not help. */
const MOST_PROBLEMS = 10;

/** Reads the text of a result file. Never throws. */
export function parseResult(json: string): ParsedResult {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { ok: false, problems: [`is not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const other = otherVersion(value);
  if (other !== undefined) return other;
  const parsed = checked(value);
  if (parsed === undefined) return { ok: false, problems: ['the file: has more wrong values than can be listed'] };
  if (parsed.success) return { ok: true, result: parsed.data };
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  return { ok: false, problems: problems.slice(0, MOST_PROBLEMS) };
}

/** undefined where the schema's library has more to list than its stack can hold. */
function checked(value: unknown) {
  try {
    return safeParse(resultSchema, value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Checked before the schema, which would only list fields and not say what to do. */
function otherVersion(value: unknown): (ParsedResult & { ok: false }) | undefined {
  const { schemaVersion, tool } = (value ?? {}) as {
    schemaVersion?: unknown;
    tool?: { name?: unknown; version?: unknown };
  };
  if (tool?.name !== 'fusegate' || !Number.isInteger(schemaVersion) || schemaVersion === SCHEMA_VERSION)
    return undefined;
  const older = (schemaVersion as number) < SCHEMA_VERSION;
  const by = isVersion(tool.version) ? `Fusegate ${tool.version}` : 'another Fusegate';
  return {
    ok: false,
    problems: [`was written by ${by} in schema version ${schemaVersion}, and this version reads ${SCHEMA_VERSION}`],
    otherVersion: {
      hint: older
        ? 'Judge the build again with this version, which starts no build: `fusegate gate --build-id ID --app FILE`. Use the result of that.'
        : 'Update Fusegate in this job to at least the version that wrote the result.',
    },
  };
}

/** The file is untrusted, so nothing else of it is quoted. */
function isVersion(value: unknown): value is string {
  return typeof value === 'string' && /^\d+\.\d+\.\d+[\w.+-]{0,30}$/.test(value);
}
