/** The end of a run on its host: outputs first, then what people see, and the failure last. */

import type { OutputFolder } from '../files/output-folder.ts';
import { defined } from '../model/defined.ts';
import type { Annotation, Host } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import type { RunRequest } from '../model/run-request.ts';
import { closed, headline, isRed, outcomeWord, requirementSentence, unmetRequirements } from './describe.ts';
import { renderMarkdown } from './markdown.ts';
import { outputsOf } from './outputs.ts';
import { renderVerdictBlock } from './red-block.ts';
import { placeOf } from './sarif-location.ts';
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
    const level = red ? 'error' : 'warning';
    host.annotate({ level, title: `Fusegate ${headline(shown)}`, message: block });
    for (const annotation of ruleAnnotations(shown)) host.annotate({ level, ...annotation });
  }
  await host.summary(renderMarkdown(result, request.gate));
  const refused = refusedStatement(result, request);
  if (refused) host.log('info', refused);
  for (const report of await reportFiles(folder, request)) await host.attachReport(report);
  if (red) host.fail(headline(shown), result.exitCode as Parameters<Host['fail']>[1]);
}

/** GitHub shows ten of each level, and the first one has the summary. */
const MOST_ANNOTATIONS = 9;

/** One annotation for each unmet rule, on its line of the policy. The first annotation already covers a single rule without a line. */
function ruleAnnotations(result: FusegateResult): Array<Omit<Annotation, 'level'>> {
  const unmet = unmetRequirements(result).filter(({ outcome }) => outcome !== 'not-evaluated');
  if (unmet.length === 1 && placeOf(unmet[0]?.source ?? '') === undefined) return [];
  return unmet.slice(0, MOST_ANNOTATIONS).map((rule) => ({
    title: `Fusegate: ${rule.requirement} ${outcomeWord(rule)}`,
    message: [closed(requirementSentence(rule)), rule.hint].filter((line) => line !== undefined).join('\n'),
    ...defined({ ...placeOf(rule.source) }),
  }));
}
