/** The beginning of a run that writes files: nothing that an earlier one left may pass for its outcome (design, rule 15). */

import type { OutputFolder } from '../files/output-folder.ts';
import { FusegateError } from '../model/errors.ts';
import type { Host } from '../model/host.ts';
import type { RunRequest } from '../model/run-request.ts';
import { buildResult, findingOf, incompleteResult, type RunStart, verdictWithoutJudgement } from './build-result.ts';
import { setAsideNotice } from './notices-of-run.ts';
import { writeResult } from './write-result.ts';

/**
 * Clears the folder and leaves a result that says `error`. A dry run destroys nothing: it sets the earlier outcome aside. So does a run that
 * cannot begin.
 * @throws FusegateError output.unwritable; also then the earlier result is gone as far as the disk allows, and one that says why is there
 */
export async function beginRun(
  folder: OutputFolder,
  start: RunStart,
  { dryRun }: Pick<RunRequest, 'dryRun'>,
  host: Pick<Host, 'log'>,
): Promise<void> {
  const setAside = async () => {
    const aside = await folder.setAside();
    if (aside !== undefined) host.log('notice', setAsideNotice(aside));
  };
  try {
    if (dryRun) await setAside();
    await folder.prepare();
    await writeResult(folder, incompleteResult(start));
  } catch (error) {
    if (error instanceof FusegateError) {
      // What is thrown is why it cannot begin; a second failure adds nothing.
      await setAside().catch(() => {});
      await writeResult(folder, neverBegan(start, error)).catch(() => {});
    }
    throw error;
  }
}

function neverBegan(start: RunStart, error: FusegateError) {
  return buildResult(start, {
    exitCode: error.exitCode,
    verdict: verdictWithoutJudgement(start.plan, findingOf(error)),
    finishedAt: start.startedAt,
  });
}
