/**
 * The frame of every job that writes files: a request in, the job done, a verdict out, and a result on disk in every case.
 *
 * The order is what makes it fail closed. The output folder is cleared and a result that says `error` is written before anything
 * else; the app is downloaded into `rejected/` and leaves it only when the run ends green; outputs are set before the job is failed.
 */
import { OutputFolder } from '../files/output-folder.ts';
import { withInputFiles } from '../intake/input-files/prepare-inputs.ts';
import type { OutputFile } from '../model/build-outcome.ts';
import type { Deps } from '../model/deps.ts';
import { asFusegateError, EXIT } from '../model/errors.ts';
import type { Host } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import type { RunRequest } from '../model/run-request.ts';
import type { Verdict } from '../model/verdict.ts';
import { Journal } from '../pipeline/journal.ts';
import type { PipelineIo } from '../pipeline/pipeline-io.ts';
import type { PolicyPlan } from '../policy/rules/rule.ts';
import {
  buildResult,
  findingOf,
  type RunContext,
  type RunEnd,
  type RunEnding,
  type RunStart,
  startOfRun,
  verdictWithoutJudgement,
} from '../report/build-result.ts';
import { overruledFindings, serverFinding } from '../report/notices-of-run.ts';
import { workflowLogText } from '../report/workflow-log-file.ts';
import { beginRun } from './begin-run.ts';
import { concludeRun } from './conclude-run.ts';
import { type JobIo, startJobIo } from './job-io.ts';

/** A verdict and what it leads to. `ids`: those that `io.ids` does not have. */
export type Judged = Pick<RunEnding, 'exitCode' | 'verdict' | 'ids'>;

/** What a job learnt. Ids, timings, messages and downloads are in its io as well, where they survive an error. */
export interface Learnt extends Judged, Pick<RunEnding, 'app' | 'evidence' | 'builds' | 'dryRun'> {
  /** Of the build. Apps among them leave `rejected/` when the run ends green. Absent = what was downloaded. */
  files?: OutputFile[];
  /** Files beside the reports. */
  writeMore?(folder: OutputFolder): Promise<void>;
  /** What the log says before the verdict. */
  tell?(host: Host): void;
  /** Where a green end has another result than the frame's own. */
  complete?(own: FusegateResult): FusegateResult;
}

/** A job's io, with a prepared folder. */
export type FolderIo = JobIo & Pick<PipelineIo, 'folder' | 'journal'>;

export type Job = (request: RunRequest, plan: PolicyPlan, io: FolderIo) => Promise<Learnt>;

/** An error becomes the verdict. */
export async function orError<T extends Judged>(plan: PolicyPlan, body: () => Promise<T>): Promise<T | Judged> {
  try {
    return await body();
  } catch (thrown) {
    const error = asFusegateError(thrown);
    return { exitCode: error.exitCode, verdict: verdictWithoutJudgement(plan, findingOf(error)), ids: error.ids };
  }
}

interface Surroundings {
  host: Host;
  deps: Deps;
  context: RunContext;
}

/** @throws FusegateError output.unwritable if there is nowhere to write a result; what the host throws */
export async function inFrame(job: Job, request: RunRequest, plan: PolicyPlan, around: Surroundings): Promise<RunEnd> {
  const { host, deps, context } = around;
  const start = startOfRun(request, plan, context, deps.clock);
  const folder = OutputFolder.of(request, deps.clock);
  await beginRun(folder, start, host);
  const journal = new Journal({ file: folder.journalFile, clock: deps.clock, runId: context.ci.runId });
  const io: FolderIo = { ...startJobIo(host, deps), folder, journal };
  const learnt = await orError(plan, () => withInputFiles(request, io, (ready) => job(ready, plan, io)));
  io.end();
  return conclude(start, learnt, io, around);
}

/** Releases or holds the app, writes the result and the reports, sets the outputs, and fails the job last. */
function conclude(start: RunStart, learnt: Learnt, io: FolderIo, around: Surroundings): Promise<RunEnd> {
  const { host, deps, context } = around;
  const { request, plan } = start;
  const { folder, messages } = io;
  const server = io.server();
  const notices = [server && serverFinding(server), ...overruledFindings(request.gate)];
  const withNotices = (verdict: Verdict): Verdict => ({
    ...verdict,
    findings: [...verdict.findings, ...notices.filter((notice) => notice !== undefined)],
  });
  const files = learnt.files ?? io.downloaded;
  const ending: RunEnding = {
    ...learnt,
    verdict: withNotices(learnt.verdict),
    server,
    ids: { ...io.ids, ...learnt.ids },
    files: files.map((file) => (file.role === 'protected-app' ? { ...file, role: 'rejected-app' } : file)),
    stages: io.stages.timings(),
    finishedAt: new Date(deps.clock.now()).toISOString(),
  };
  const released: OutputFile[] = [];
  return concludeRun({
    request,
    host,
    folder,
    context,
    async settle() {
      if (learnt.exitCode !== EXIT.pass) return buildResult(start, ending);
      // One after the other, so that those that have left `rejected/` are known when the next one cannot.
      for (const file of files) released.push(await folder.release(file, deps.signal));
      const own = buildResult(start, { ...ending, files: released });
      return learnt.complete?.(own) ?? own;
    },
    async writeMore() {
      const log = workflowLogText(messages, context.mask);
      if (log !== undefined) await folder.write('private/fusegate-workflow.log', log);
      await learnt.writeMore?.(folder);
    },
    tell: () => learnt.tell?.(host),
    /** An app that was released already goes back: a red exit leaves nothing to ship. */
    async turnRed(error) {
      await folder.holdBack(released);
      const verdict = withNotices(verdictWithoutJudgement(plan, findingOf(error)));
      return buildResult(start, { ...ending, exitCode: error.exitCode, verdict });
    },
  });
}
