/** Makes `docs/schemas/fusegate-policy.schema.json` from the definition that parses a policy. */
import { loadTypeScript } from '../bundles.mjs';

/** @returns {Promise<import('../tasks/generate.mjs').Generated>} */
export async function generate() {
  const { policyJsonSchema } = await loadTypeScript('shared/src/policy/file/policy-json-schema.ts');
  const content = `${JSON.stringify(policyJsonSchema(), null, 2)}\n`;
  return { files: [{ path: 'docs/schemas/fusegate-policy.schema.json', content }] };
}
