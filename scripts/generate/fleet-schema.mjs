/** Makes `docs/schemas/fusegate-fleet.schema.json` from the option table, as the definition that parses a fleet file is. */
import { loadTypeScript } from '../bundles.mjs';

/** @returns {Promise<import('../tasks/generate.mjs').Generated>} */
export async function generate() {
  const { fleetJsonSchema } = await loadTypeScript('shared/src/intake/fleet/fleet-schema.ts');
  const content = `${JSON.stringify(fleetJsonSchema(), null, 2)}\n`;
  return { files: [{ path: 'docs/schemas/fusegate-fleet.schema.json', content }] };
}
