/**
 * Recognises files that Fusegate writes beside certificates by their content. A pattern for all JSON files matches them too, and a result
 * names protections and build ids much like a certificate.
 */
import { JsonObject, type JsonValue } from './json-tree.ts';

/** @returns what the file is, as a noun; undefined = not a Fusegate file */
export function ownFileName(root: JsonObject): string | undefined {
  const has = (...keys: string[]) => keys.every((key) => memberOf(root, key) !== undefined);
  if (has('schemaVersion', 'verdict')) return 'a result, such as fusegate-result.json';
  if (has('runs') && (has('$schema') || has('version'))) return 'a SARIF report';
  if (has('_type', 'predicateType') || has('verifier', 'verificationResult')) return 'an in-toto statement';
  if (has('layoutReport', 'documents')) return 'a layout report (explain --anonymise)';
  if (has('fingerprint', 'stage', 'ids')) return 'the journal of a run';
  return undefined;
}

function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return value instanceof JsonObject ? value.members.find((member) => member.key === key)?.value : undefined;
}
