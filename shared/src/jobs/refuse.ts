/**
 * The end of a run whose inputs are wrong: nothing is sent, and a result that says so takes the place of what an earlier run left in the
 * folder, which is set aside (design, rule 15). Apart from `run`, because start-up must not load what talks to the network.
 */

import { OutputFolder } from '../files/output-folder.ts';
import type { RefusedDraft } from '../intake/read-request.ts';
import type { Clock } from '../model/clock.ts';
import type { FusegateError } from '../model/errors.ts';
import type { Finding } from '../model/verdict.ts';
import {
  buildResult,
  findingOf,
  type RunContext,
  type RunEnd,
  startOfRun,
  verdictWithoutJudgement,
} from '../report/build-result.ts';
import { maskedResult } from '../report/masked-result.ts';
import { writeResult } from '../report/write-result.ts';

/**
 * @param draft the request as far as it could be built
 * @returns also where earlier outcomes lie now
 * @throws FusegateError output.unwritable
 */
export async function refuse(
  error: FusegateError,
  draft: RefusedDraft,
  clock: Clock,
  context: RunContext,
): Promise<RunEnd & { setAside: string[] }> {
  const start = startOfRun(draft.request, draft.plan, context, clock);
  const verdict = verdictWithoutJudgement(draft.plan, findingOf(error));
  const problems = problemFindings(error);
  const result = buildResult(start, {
    exitCode: error.exitCode,
    verdict: problems.length > 0 ? { ...verdict, findings: problems } : verdict,
    ids: {},
    files: [],
    stages: [],
    finishedAt: start.startedAt,
  });
  const masked = maskedResult(result, context.mask);
  const { output } = draft.request;
  const setAside: string[] = [];
  for (const dir of [output.dir, ...draft.otherFolders]) {
    const folder = OutputFolder.of({ ...draft.request, output: { ...output, dir } }, clock);
    const target = await folder.setAside();
    if (target !== undefined) setAside.push(target);
    await writeResult(folder, masked);
  }
  return { exitCode: error.exitCode, result: masked, setAside };
}

function problemFindings(error: FusegateError): Finding[] {
  return error.problems.map(({ option, value, message, allowed }) => ({
    code: error.code,
    level: 'error',
    message: `${option}${value === undefined ? '' : ` "${value}"`} ${message}`,
    hint: allowed === undefined ? error.hint : `Allowed: ${allowed}.`,
  }));
}
