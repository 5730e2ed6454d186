import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../../src/files/hash-file.ts';
import type { FusegateResult } from '../../src/model/result.ts';
import { resultOf } from '../report/synthetic-result.ts';
import { PROTECTED_APK } from './zip.ts';

/** An app, and a result that is bound to it, in a folder: what `verify` looks at. */
export async function appWithResult(
  folder: string,
  change: Partial<FusegateResult> = {},
): Promise<{ app: string; result: string }> {
  const app = path.join(folder, 'app.apk');
  await writeFile(app, PROTECTED_APK);
  const sha256 = await hashFile(app, new AbortController().signal);
  const result = path.join(folder, 'fusegate-result.json');
  const bound = resultOf({}, { binding: { level: 'file', message: 'bound', sha256 }, ...change });
  await writeFile(result, JSON.stringify(bound));
  return { app, result };
}
