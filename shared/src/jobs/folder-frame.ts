/**
 * The frame of a job that writes files: there is a result on disk in every case.
 *
 * The order is what makes it fail closed. The output folder is cleared and a result that says `error` is written before anything
 * else; the app is downloaded into `rejected/` and leaves it only when the run ends green.
 */
import { lockFolder } from '../files/folder-lock.ts';
import { OutputFolder } from '../files/output-folder.ts';
import { sweepTemporary } from '../files/own-temporary.ts';
import type { OutputFile } from '../model/build-outcome.ts';
import { defined } from '../model/defined.ts';
import { EXIT } from '../model/errors.ts';
import type { Host } from '../model/host.ts';
import type { RunRequest } from '../model/run-request.ts';
import { Journal } from '../pipeline/journal.ts';
import { type ExpectedWaits, expectedWaits } from '../pipeline/past-waits.ts';
import type { PipelineIo } from '../pipeline/pipeline-io.ts';
import type { PolicyPlan } from '../policy/rules/rule.ts';
import { workflowLogText } from '../report/workflow-log-file.ts';
import { afterSending } from './after-sending.ts';
import { beginRun } from './begin-run.ts';
import {
  buildResult,
  findingOf,
  type RunEnd,
  type RunEnding,
  type RunStart,
  startOfRun,
  verdictWithoutJudgement,
} from './build-result.ts';
import { concludeRun } from './conclude-run.ts';
import { endingOf, type Job, type JobRuntime, type Learnt, orError, resultOf } from './frame.ts';
import { type JobIo, startJobIo } from './job-io.ts';
import { inputFindings } from './notices-of-run.ts';
import { keepDurations, pastRunFrom, readDurations, runsInFolder } from './past-runs.ts';
import { withInputFiles } from './with-input-files.ts';
import type { Reporting } from './write-reports.ts';
import { writeTrace } from './write-trace.ts';

/** A job's io, with a prepared folder. */
export type FolderIo = JobIo & Pick<PipelineIo, 'folder' | 'journal'>;

export interface FolderLearnt extends Learnt {
  /** Of the build. Apps among them leave `rejected/` when the run ends green. Absent = what was downloaded. */
  files?: OutputFile[];
  /** A build was fetched and judged: once that is on disk, the next run starts a new one. `not-shown`: see `Journal.finish`. */
  concluded?: 'outcome' | 'not-shown';
  /** Files beside the reports. */
  writeMore?(folder: OutputFolder): Promise<void>;
  /** What the log says before the verdict. */
  tell?(host: Host): void;
}

export type FolderJob = Job<FolderIo, FolderLearnt>;

/**
 * @throws FusegateError output.unwritable if there is nowhere to write a result, output.in-use if another run writes its own there; what the
 * host throws
 */
export async function inFolderFrame(
  job: FolderJob,
  request: RunRequest,
  plan: PolicyPlan,
  around: JobRuntime,
): Promise<RunEnd> {
  const { host, deps } = around;
  await sweepTemporary();
  const folder = OutputFolder.of(request, deps.clock);
  const log = (text: string) => host.log('notice', text);
  const unlock = await lockFolder({ dir: folder.dir, clock: deps.clock, log, signal: deps.signal });
  try {
    return await inLockedFolder(folder, job, request, plan, around);
  } finally {
    await unlock();
  }
}

async function inLockedFolder(
  folder: OutputFolder,
  job: FolderJob,
  request: RunRequest,
  plan: PolicyPlan,
  around: JobRuntime,
): Promise<RunEnd> {
  const { host, deps, context } = around;
  const start = startOfRun(request, plan, context, deps.clock);
  const expected = await expectedOf(request, folder, host);
  await beginRun(folder, start, request, host);
  const journal = new Journal({ file: folder.journalFile, clock: deps.clock, runId: context.ci.runId });
  const io: FolderIo = { ...startJobIo(host, deps), folder, journal };
  io.stages.expect(expected);
  // What could be said about the inputs once they were all there.
  let inputs = request;
  const judged: FolderLearnt = await orError(plan, () =>
    withInputFiles(request, io, (ready) => {
      inputs = ready;
      return job(ready, plan, io);
    }).catch((thrown) => {
      throw afterSending(thrown, request, io);
    }),
  );
  io.end();
  const { verdict } = judged;
  const learnt = { ...judged, verdict: { ...verdict, findings: [...verdict.findings, ...inputFindings(inputs)] } };
  try {
    return await conclude({ start, learnt, io }, request, around);
  } finally {
    if (request.trace !== undefined) await writeTrace(request.trace, io.stages.trace.contents(), request.mode, around);
  }
}

/** What earlier runs tell, from before this one clears the folder. */
async function expectedOf(
  { mode, fusionSetId, app, durations }: RunRequest,
  folder: OutputFolder,
  host: Host,
): Promise<ExpectedWaits> {
  if (mode !== 'run' || fusionSetId === undefined) return {};
  const kept = durations === undefined ? undefined : await readDurations(durations);
  if (kept?.state === 'foreign') {
    host.log(
      'warning',
      `${durations} holds something other than durations, so it is neither read nor written. Name another file.`,
    );
  }
  const runs = [...(kept?.state === 'ours' ? kept.runs : []), ...(await runsInFolder(folder.dir))];
  return expectedWaits(runs, { fusionSetId, ...defined({ app: app?.name }) });
}

/** Releases or holds the app, writes the result and the reports, sets the outputs, and fails the job last. */
function conclude(
  { start, learnt, io }: { start: RunStart; learnt: FolderLearnt; io: FolderIo },
  request: Reporting & Pick<RunRequest, 'mode' | 'durations'>,
  around: JobRuntime,
): Promise<RunEnd> {
  const { host, deps, context } = around;
  const { plan } = start;
  const { folder, record } = io;
  const files = learnt.files ?? record.downloads;
  const held: NonNullable<RunEnding['files']> = files.map((file) =>
    file.role === 'protected-app' ? { ...file, role: 'rejected-app' } : file,
  );
  const ending = endingOf(learnt, start, io, deps.clock);
  const released: OutputFile[] = [];
  return concludeRun({
    request,
    host,
    folder,
    context,
    async settle() {
      const green = learnt.exitCode === EXIT.pass;
      // One after the other, so that those that have left `rejected/` are known when the next one cannot.
      if (green) {
        const reading = { category: 'read', name: 'release' } as const;
        const release = (file: OutputFile) =>
          io.stages.trace.during(
            reading,
            () => folder.release(file, deps.signal),
            ({ role }) => ({ role }),
          );
        for (const file of files) released.push(await release(file));
      }
      return resultOf(start, learnt, { ...ending, files: green ? released : held });
    },
    async writeMore() {
      const log = workflowLogText(record.messages, context.mask);
      if (log !== undefined) await folder.write('private/fusegate-workflow.log', log);
      await learnt.writeMore?.(folder);
    },
    async committed() {
      if (learnt.concluded) await io.journal.finish(learnt.concluded);
      const run = pastRunFrom(start.request, io.stages.timings());
      if (request.durations !== undefined && run !== undefined)
        await keepDurations(request.durations, run, { host, clock: deps.clock });
    },
    tell: () => learnt.tell?.(host),
    /** An app that was released already goes back: a red exit leaves nothing to ship. */
    async turnRed(thrown) {
      await folder.holdBack(released);
      const error = afterSending(thrown, request, io);
      const red = { ...learnt, exitCode: error.exitCode, verdict: verdictWithoutJudgement(plan, findingOf(error)) };
      return buildResult(start, { ...endingOf(red, start, io, deps.clock), files: held });
    },
  });
}
