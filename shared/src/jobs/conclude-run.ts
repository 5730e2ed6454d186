/**
 * The end of a run that writes files: reports, then the result, then the host's outputs. If any of these fails, the run ends red, and the
 * files on disk say so too (design, rule 15).
 */

import type { OutputFolder } from '../files/output-folder.ts';
import { asFusegateError, type FusegateError } from '../model/errors.ts';
import type { Host } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import { maskedResult } from '../report/masked-result.ts';
import type { RunContext, RunEnd } from './build-result.ts';
import { publishOutputs } from './publish-outputs.ts';
import { type Reporting, rewriteReports, writeReports } from './write-reports.ts';
import { withdrawResult, writeResult } from './write-result.ts';

export interface Conclusion {
  request: Reporting;
  host: Host;
  folder: OutputFolder;
  context: RunContext;
  /** What comes before the reports, such as releasing the app; gives the result as it stands then. */
  settle(): FusegateResult | Promise<FusegateResult>;
  /** Files of this mode beside the reports. */
  writeMore?(): Promise<void>;
  /** The result is on disk. */
  committed?(): Promise<void> | undefined;
  /** What the log says before the verdict. */
  tell?(): void;
  /** The result of an end that could not be written or announced; takes back what was released. Never throws. */
  turnRed(error: FusegateError): FusegateResult | Promise<FusegateResult>;
}

/** @throws what the host throws, once nothing on disk says that the run was green */
export async function concludeRun(end: Conclusion): Promise<RunEnd> {
  const { request, host, folder, context } = end;
  let result: FusegateResult;
  let committed = false;
  try {
    result = maskedResult(await end.settle(), context.mask);
    await writeReports(folder, result, request, context);
    await end.writeMore?.();
    // The commit point: until here the result on disk says that the run is incomplete.
    await writeResult(folder, result);
    committed = true;
    await end.committed?.();
  } catch (thrown) {
    result = await redEnd(end, thrown, committed);
  }
  try {
    end.tell?.();
    await publishOutputs(host, folder, result, request);
  } catch (thrown) {
    // The job ends red because the CI system could not be notified; the files on disk must not say otherwise.
    await redEnd(end, thrown, committed);
    throw thrown;
  }
  return { exitCode: result.exitCode as RunEnd['exitCode'], result };
}

/** @param committed whether the result on disk may be that of a green end */
async function redEnd(
  { folder, context, request, turnRed }: Conclusion,
  thrown: unknown,
  committed: boolean,
): Promise<FusegateResult> {
  const red = maskedResult(await turnRed(asFusegateError(thrown)), context.mask);
  // Best effort: if this cannot be written, the exit code still says it. Before the commit point the result on disk says `error`; after
  // it, on a full disk, no result is better than one that says `pass`.
  await rewriteReports(folder, red, request, context);
  await writeResult(folder, red).catch(() => (committed ? withdrawResult(folder) : undefined));
  return red;
}
