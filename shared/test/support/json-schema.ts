import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** @returns what is wrong with a document, by its schema */
export function schemaProblems(schema: object): (document: unknown) => unknown[] {
  const isNew = '$schema' in schema && String(schema.$schema).includes('2020-12');
  const validate = new (isNew ? Ajv2020 : Ajv)({ strict: false, allErrors: true, formats: { uri: true } }).compile(
    schema,
  );
  return (document) => (validate(document) ? [] : [...(validate.errors ?? [])]);
}

/** A published schema that is too large for the repository; undefined, with a line, where there is no copy of it. */
export function publishedSchema(name: string): object | undefined {
  const shared = process.env.FUSEGATE_SHARED_DIR ?? path.join(import.meta.dirname, '../../../../shared');
  const file = path.join(shared, 'reference/schemas', name);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  console.log(`skipped: the check by a published schema (${name} is not here)`);
  return undefined;
}
