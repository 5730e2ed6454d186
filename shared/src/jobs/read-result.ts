/** The result of an earlier run, from its file. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { MAX_RESULT_BYTES } from '../files/file-on-disk.ts';
import { FusegateError } from '../model/errors.ts';
import type { FusegateResult } from '../model/result.ts';

const HINT = 'Give the fusegate-result.json of the run that made the app, as that run wrote it.';

/**
 * @returns the result, and the lower-case hex SHA-256 of its file
 * @throws FusegateError result.refused where the file is not a result; result.version where it is one of another schema version
 */
export async function readResultFile(file: string): Promise<{ result: FusegateResult; sha256: string }> {
  const name = path.basename(file);
  let bytes: Buffer;
  try {
    const { size } = await stat(file);
    if (size > MAX_RESULT_BYTES) throw new RangeError(`it has ${size} bytes`);
    bytes = await readFile(file);
  } catch (cause) {
    throw new FusegateError('result.refused', `The result ${name} cannot be read.`, { hint: HINT, cause });
  }
  const { parseResult } = await import('../model/result-json-schema.ts');
  const parsed = parseResult(bytes.toString('utf8'));
  if (!parsed.ok && parsed.otherVersion !== undefined) {
    const { hint } = parsed.otherVersion;
    throw new FusegateError('result.version', `The result ${name} ${parsed.problems[0]}.`, { hint });
  }
  if (!parsed.ok) {
    throw new FusegateError('result.refused', `${name} is not a result: ${parsed.problems[0] ?? 'it is empty'}.`, {
      hint: HINT,
    });
  }
  return { result: parsed.result, sha256: createHash('sha256').update(bytes).digest('hex') };
}
