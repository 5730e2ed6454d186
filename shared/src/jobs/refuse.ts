/**
 * The end of a run whose inputs are wrong: nothing is sent, and a result that says so takes the place of what an earlier run left in the
 * folder, which is set aside (design, rule 15). Apart from `run`, because start-up must not load what talks to the network.
 */

import { lockFolder } from '../files/folder-lock.ts';
import { OutputFolder } from '../files/output-folder.ts';
import type { RefusedDraft } from '../intake/read-request.ts';
import type { Clock } from '../model/clock.ts';
import type { FusegateError } from '../model/errors.ts';
import type { Host, OutputName } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import type { Finding } from '../model/verdict.ts';
import { correction, problemLine } from '../options/problem.ts';
import { maskedResult } from '../report/masked-result.ts';
import { outputsOf } from '../report/outputs.ts';
import {
  buildResult,
  findingOf,
  type RunContext,
  type RunEnd,
  startOfRun,
  verdictWithoutJudgement,
} from './build-result.ts';
import { setAsideNotice } from './notices-of-run.ts';
import { writeResult } from './write-result.ts';

/**
 * @param draft the request as far as it could be built
 * @returns also the outputs to set; the log says where earlier outcomes lie now
 * @throws FusegateError output.unwritable
 */
export async function refuse(
  error: FusegateError,
  draft: RefusedDraft,
  host: Pick<Host, 'log'>,
  clock: Clock,
  context: RunContext,
): Promise<RunEnd & { outputs: Record<OutputName, string> }> {
  const start = startOfRun(draft.request, draft.plan, context, clock);
  const verdict = verdictWithoutJudgement(draft.plan, findingOf(error));
  const problems = error.problems.map(
    (problem): Finding => ({
      code: error.code,
      level: 'error',
      message: problemLine({ ...problem, allowed: '' }),
      hint: correction(problem) ?? error.hint,
    }),
  );
  const result = buildResult(start, {
    exitCode: error.exitCode,
    verdict: problems.length > 0 ? { ...verdict, findings: problems } : verdict,
    finishedAt: start.startedAt,
  });
  const masked = maskedResult(result, context.mask);
  const { request } = draft;
  const folderIn = (dir: string) => OutputFolder.of({ ...request, output: { ...request.output, dir } }, clock);
  for (const folder of [request.output.dir, ...draft.otherFolders].map(folderIn)) {
    await replaceOutcome(folder, masked, host, clock);
  }
  // No report was written, so none is named.
  const outputs = { ...outputsOf(masked, request.output), 'report-html': '' };
  return { exitCode: error.exitCode, result: masked, outputs };
}

/** What a run in progress has in the folder is its own. @throws FusegateError output.unwritable, output.in-use */
async function replaceOutcome(
  folder: OutputFolder,
  result: FusegateResult,
  host: Pick<Host, 'log'>,
  clock: Clock,
): Promise<void> {
  const unlock = await lockFolder({ dir: folder.dir, clock, log: (text) => host.log('notice', text) });
  try {
    const aside = await folder.setAside();
    if (aside !== undefined) host.log('notice', setAsideNotice(aside));
    await writeResult(folder, result);
  } finally {
    await unlock();
  }
}
