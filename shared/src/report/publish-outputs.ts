/** The end of a run on its host: outputs first, then what people see, and the failure last. */

import type { OutputFolder } from '../files/output-folder.ts';
import type { Host } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import type { RunRequest } from '../model/run-request.ts';
import { headline, isRed } from './describe.ts';
import { renderMarkdown } from './markdown.ts';
import { outputsOf } from './outputs.ts';
import { renderVerdictBlock } from './red-block.ts';
import { shownTo } from './withhold-names.ts';
import { refusedStatement, reportFiles } from './write-reports.ts';

export async function publishOutputs(
  host: Host,
  folder: OutputFolder,
  result: FusegateResult,
  request: RunRequest,
): Promise<void> {
  for (const [name, value] of Object.entries(outputsOf(result, folder, request))) {
    host.setOutput(name as keyof ReturnType<typeof outputsOf>, value);
  }
  const shown = shownTo(result, request.gate);
  const block = renderVerdictBlock(shown).join('\n');
  const red = isRed(result);
  const goesOn = result.verdict === 'pass' ? 'notice' : 'warning';
  host.log(red ? 'error' : goesOn, block);
  if (red || result.verdict !== 'pass') {
    host.annotate({ level: red ? 'error' : 'warning', title: `Fusegate ${headline(shown)}`, message: block });
  }
  await host.summary(renderMarkdown(result, request.gate));
  const refused = refusedStatement(result, request);
  if (refused) host.log('info', refused);
  for (const report of await reportFiles(folder, request)) await host.attachReport(report);
  if (red) host.fail(headline(shown), result.exitCode as Parameters<Host['fail']>[1]);
}
