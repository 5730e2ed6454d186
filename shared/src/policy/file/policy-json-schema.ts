/** The policy's definition as JSON Schema, for editors. Loads zod, so import it only where it is needed. */
import { toJSONSchema } from 'zod/mini';
import { policySchema } from './policy-schema.ts';

/** A name, not an address: nothing is fetched from it. The number is `version`. */
const SCHEMA_ID = 'urn:fusegate:schema:policy:1';

/** @returns JSON Schema, draft 2020-12, of a policy file. Unknown keys are not allowed, as in the parser. */
export function policyJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = toJSONSchema(policySchema, { target: 'draft-2020-12', io: 'input', reused: 'ref' });
  return { $schema, $id: SCHEMA_ID, ...schema };
}
