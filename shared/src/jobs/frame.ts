/**
 * The frame of every job: a request in, the job done, a verdict out. An error is a verdict too, and outputs are set before the job is
 * failed. `inFrame` is for a job that writes no file; one that does has more around it (folder-frame.ts).
 */
import { isRehearsal } from '../certificate/identity.ts';
import type { Clock } from '../model/clock.ts';
import type { Deps } from '../model/deps.ts';
import { asFusegateError } from '../model/errors.ts';
import type { Host } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import type { RunRequest } from '../model/run-request.ts';
import type { PolicyPlan } from '../policy/rules/rule.ts';
import { maskedResult } from '../report/masked-result.ts';
import { type Announcement, announce } from './announce.ts';
import {
  buildResult,
  findingOf,
  type RunContext,
  type RunEnd,
  type RunEnding,
  type RunStart,
  startOfRun,
  verdictWithoutJudgement,
} from './build-result.ts';
import { type JobIo, startJobIo } from './job-io.ts';
import { overruledFindings, serverFinding, tlsFindings } from './notices-of-run.ts';

/** A verdict and what it leads to. `ids`: those that `io.record.ids` does not have. */
export type Judged = Pick<RunEnding, 'exitCode' | 'verdict' | 'ids'>;

/** What a job learnt. Ids, timings, messages and downloads are in its io as well, where they survive an error. */
export interface Learnt
  extends Judged,
    Pick<RunEnding, 'app' | 'evidence' | 'rehearsal' | 'builds' | 'dryRun' | 'listening'> {
  /** Where the job has another result than the frame's own. */
  complete?(own: FusegateResult): FusegateResult;
}

export type Job<Io extends JobIo = JobIo, T extends Learnt = Learnt> = (
  request: RunRequest,
  plan: PolicyPlan,
  io: Io,
) => Promise<T>;

export interface JobRuntime {
  host: Host;
  deps: Deps;
  context: RunContext;
}

/** An error becomes the verdict. */
export async function orError<T extends Judged>(plan: PolicyPlan, body: () => Promise<T>): Promise<T | Judged> {
  try {
    return await body();
  } catch (thrown) {
    const error = asFusegateError(thrown);
    return { exitCode: error.exitCode, verdict: verdictWithoutJudgement(plan, findingOf(error)), ids: error.ids };
  }
}

/**
 * Does the job and announces its result; nothing is written.
 * @throws what the host throws
 */
export async function inFrame(
  job: Job,
  request: RunRequest,
  plan: PolicyPlan,
  { host, deps, context }: JobRuntime,
  announcementOf: (result: FusegateResult) => Announcement,
): Promise<RunEnd> {
  const start = startOfRun(request, plan, context, deps.clock);
  const io = startJobIo(host, deps);
  const learnt: Learnt = await orError(plan, () => job(request, plan, io));
  io.end();
  const result = maskedResult(resultOf(start, learnt, endingOf(learnt, start, io, deps.clock)), context.mask);
  await announce(host, announcementOf(result));
  return { exitCode: learnt.exitCode, result };
}

/** What a job learnt, with what its io kept and what every run announces. */
export function endingOf(
  learnt: Learnt,
  { request }: Pick<RunStart, 'request'>,
  io: Pick<JobIo, 'server' | 'record' | 'stages'>,
  clock: Clock,
): RunEnding {
  const server = io.server();
  const { rehearsal = learnt.evidence !== undefined && isRehearsal(learnt.evidence) } = learnt;
  const notices = [
    serverFinding(server, rehearsal),
    ...tlsFindings(server?.ignoredSettings),
    ...overruledFindings(request.gate),
    ...io.record.findings,
  ];
  return {
    ...learnt,
    verdict: {
      ...learnt.verdict,
      findings: [...learnt.verdict.findings, ...notices.filter((notice) => notice !== undefined)],
    },
    server,
    rehearsal,
    ids: { ...io.record.ids, ...learnt.ids },
    stages: io.stages.timings(),
    finishedAt: new Date(clock.now()).toISOString(),
  };
}

export function resultOf(start: RunStart, { complete }: Learnt, ending: RunEnding): FusegateResult {
  const own = buildResult(start, ending);
  return complete?.(own) ?? own;
}
