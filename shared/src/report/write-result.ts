import type { OutputFolder } from '../pipeline/output-folder.ts';
import type { FusegateResult } from './result.ts';

/** @throws FusegateError output.unwritable */
export async function writeResult(folder: OutputFolder, result: FusegateResult): Promise<void> {
  await folder.write('fusegate-result.json', `${JSON.stringify(result, null, 2)}\n`);
}
