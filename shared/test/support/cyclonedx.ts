import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Ajv } from 'ajv';

const require = createRequire(import.meta.url);
const SCHEMAS = path.join(path.dirname(require.resolve('@cyclonedx/cyclonedx-library/package.json')), 'res/schema');
const BASE = 'http://cyclonedx.org/schema/';

interface Component {
  'bom-ref': string;
  name: string;
  group?: string;
  version?: string;
  purl?: string;
  licenses?: unknown[];
  hashes?: Array<{ alg: string; content: string }>;
  components?: Component[];
}

export interface Sbom {
  serialNumber?: string;
  metadata: { timestamp?: string; component: Component };
  components?: Component[];
  dependencies: Array<{ ref: string; dependsOn?: string[] }>;
}

/** @returns what the official schema of CycloneDX 1.6 says against it */
export function schemaErrors(sbom: Sbom): string[] {
  // Formats of dates and addresses are not checked.
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const schemas = readdirSync(SCHEMAS).filter((name) => /^(?:bom-1\.6|jsf|spdx|cryptography)\S*\.json$/.test(name));
  // They refer to each other by these names, and call themselves by others.
  for (const name of schemas) ajv.addSchema(JSON.parse(readFileSync(path.join(SCHEMAS, name), 'utf8')), BASE + name);
  const validate = ajv.getSchema(`${BASE}bom-1.6.SNAPSHOT.schema.json`);
  if (validate === undefined) throw new Error(`No schema of CycloneDX 1.6 in ${SCHEMAS}`);
  return validate(sbom) ? [] : (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message}`);
}
