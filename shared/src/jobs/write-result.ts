/** `fusegate-result.json` on disk. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { OutputFolder } from '../files/output-folder.ts';
import { RESULT_FILE } from '../files/output-paths.ts';
import type { FusegateResult } from '../model/result.ts';

/** @throws FusegateError output.unwritable */
export async function writeResult(folder: OutputFolder, result: FusegateResult): Promise<void> {
  await folder.write(RESULT_FILE, `${JSON.stringify(result, null, 2)}\n`);
}

/** Removes a result that is no longer valid and cannot be replaced. Never throws. */
export async function withdrawResult(folder: OutputFolder): Promise<void> {
  await rm(path.join(folder.dir, RESULT_FILE), { force: true }).catch(() => {});
}
