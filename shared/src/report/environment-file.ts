import type { RunRequest } from '../options/run-request.ts';
import type { OutputFolder } from '../pipeline/output-folder.ts';
import { outputsOf } from './outputs.ts';
import type { FusegateResult } from './result.ts';

/**
 * `private/fusegate.env`: the outputs as `NAME=value` lines, for systems whose steps hand on variables by a file. Values stand as they
 * are up to the end of the line, as dotenv reports of CI systems read them, so a line break inside one becomes a blank.
 */
export function fusegateEnvironment(result: FusegateResult, folder: OutputFolder, request: RunRequest): string {
  const lines = Object.entries(outputsOf(result, folder, request)).map(
    ([name, value]) => `${name.replace(/-/g, '_').toUpperCase()}=${value.replace(/[\r\n]+/g, ' ')}`,
  );
  return `${lines.join('\n')}\n`;
}
