import type { OutputFolder } from '../files/output-folder.ts';
import type { FusegateResult } from '../model/result.ts';
import type { RunRequest } from '../model/run-request.ts';
import { withoutLineBreaks } from '../text/white-space.ts';
import { outputsOf } from './outputs.ts';

/**
 * `private/fusegate.env`: the outputs as `NAME=value` lines, for systems whose steps pass on variables in a file. Values are unquoted up to
 * the end of the line, as CI systems read dotenv reports, so a line break inside one becomes a blank.
 */
export function fusegateEnvironment(result: FusegateResult, folder: OutputFolder, request: RunRequest): string {
  const lines = Object.entries(outputsOf(result, folder, request)).map(
    ([name, value]) => `${name.replace(/-/g, '_').toUpperCase()}=${withoutLineBreaks(value)}`,
  );
  return `${lines.join('\n')}\n`;
}
