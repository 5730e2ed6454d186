/** The result's schema as JSON Schema, and the way back from a file to a result. Loads zod: import it where it is needed only. */
import { safeParse, toJSONSchema } from 'zod/mini';
import { type FusegateResult, resultSchema } from './result.ts';

/** A name, not an address: nothing is to be fetched. The number is `schemaVersion`. */
const SCHEMA_ID = 'urn:fusegate:schema:result:1';

/**
 * @returns JSON Schema, draft 2020-12, of `fusegate-result.json`. Unknown properties are allowed: within one `schemaVersion` later
 * versions may add some.
 */
export function resultJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = toJSONSchema(resultSchema, { target: 'draft-2020-12', io: 'input' });
  return {
    $schema,
    $id: SCHEMA_ID,
    title: 'Fusegate result',
    description:
      "The end of one run: verdict, every rule with its evidence, findings, ids, files and stages. It holds no secret and no account user's name.",
    ...schema,
  };
}

export type ParsedResult = { ok: true; result: FusegateResult } | { ok: false; problems: string[] };

/** More problems than these say nothing more about a file that is not a result. */
const MOST_PROBLEMS = 10;

/** Reads the text of a result file. Never throws; a file of another `schemaVersion` is not a result. */
export function parseResult(json: string): ParsedResult {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { ok: false, problems: [`is not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const parsed = safeParse(resultSchema, value);
  if (parsed.success) return { ok: true, result: parsed.data };
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  return { ok: false, problems: problems.slice(0, MOST_PROBLEMS) };
}
