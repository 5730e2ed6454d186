/** Makes the JSON Schema of `fusegate-result.json` from the definition that the code uses to read and write it. */
import { loadTypeScript } from '../bundles.mjs';

const TARGET = 'docs/schemas/fusegate-result.schema.json';

/** @returns {Promise<import('../tasks/generate.mjs').Generated>} */
export async function generate() {
  const { resultJsonSchema } = await loadTypeScript('shared/src/model/result-json-schema.ts');
  return { files: [{ path: TARGET, content: `${JSON.stringify(resultJsonSchema(), null, 2)}\n` }] };
}
