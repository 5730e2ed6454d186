/** How a job that writes files ends on its host. */

import type { OutputFolder } from '../files/output-folder.ts';
import { defined } from '../model/defined.ts';
import type { ExitCode } from '../model/errors.ts';
import type { Annotation, Host } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import { closed, headline, isRed, outcomeWord, requirementSentence, unmetRequirements } from '../report/describe.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { outputsOf } from '../report/outputs.ts';
import { renderVerdictBlock } from '../report/red-block.ts';
import { refusedStatement } from '../report/report-files.ts';
import { fileAndLineOf } from '../report/sarif-location.ts';
import { shownTo } from '../report/withhold-names.ts';
import { announce } from './announce.ts';
import { type Reporting, reportFiles } from './write-reports.ts';

/** @throws what the host throws */
export async function publishOutputs(
  host: Host,
  folder: OutputFolder,
  result: FusegateResult,
  { gate, output }: Reporting,
): Promise<void> {
  const shown = shownTo(result, gate);
  const block = renderVerdictBlock(shown).join('\n');
  const red = isRed(result);
  const title = headline(shown);
  const refused = refusedStatement(result, output.reports);
  await announce(host, {
    outputs: outputsOf(result, { dir: folder.dir, reports: output.reports }),
    log: [
      { level: red ? 'error' : result.verdict === 'pass' ? 'notice' : 'warning', text: block },
      ...(refused === undefined ? [] : [{ level: 'info' as const, text: refused }]),
    ],
    annotations: annotationsOf(shown, title, block),
    summary: renderMarkdown(result, gate),
    reports: await reportFiles(folder, output),
    ...(red && { failure: { message: title, exitCode: result.exitCode as ExitCode } }),
  });
}

/** For a pass only what looks wrong about its inputs: a green job has nothing else that somebody must look at. */
function annotationsOf(result: FusegateResult, title: string, block: string): Annotation[] {
  const red = isRed(result);
  if (!red && result.verdict === 'pass') {
    const doubts = result.findings.filter(({ code }) => code.startsWith('input.'));
    const message = doubts.map((each) => `${closed(each.message)} ${each.hint}`).join('\n');
    return doubts.length === 0 ? [] : [{ level: 'warning', title: 'Fusegate: look at the inputs', message }];
  }
  const level = red ? 'error' : 'warning';
  return [
    { level, title: `Fusegate ${title}`, message: block },
    ...ruleAnnotations(result).map((annotation) => ({ level, ...annotation }) as const),
  ];
}

/** GitHub shows ten of each level, and the first one has the summary. */
const MOST_ANNOTATIONS = 9;

/** One annotation for each unmet rule, on its line of the policy. The first annotation already covers a single rule without a line. */
function ruleAnnotations(result: FusegateResult): Array<Omit<Annotation, 'level'>> {
  const unmet = unmetRequirements(result).filter(({ outcome }) => outcome !== 'not-evaluated');
  if (unmet.length === 1 && fileAndLineOf(unmet[0]?.source ?? '') === undefined) return [];
  return unmet.slice(0, MOST_ANNOTATIONS).map((rule) => ({
    title: `Fusegate: ${rule.requirement} ${outcomeWord(rule)}`,
    message: [closed(requirementSentence(rule)), rule.hint].filter((line) => line !== undefined).join('\n'),
    ...defined({ ...fileAndLineOf(rule.source) }),
  }));
}
