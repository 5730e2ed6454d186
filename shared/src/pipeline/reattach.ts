/** Coming back to a build that exists, on a disk that may know nothing about it. */
import { isAnswerOfApi } from '../api/failure.ts';
import type { TaskStatus } from '../api/tasks.ts';
import { sleep } from '../model/clock.ts';
import { FusegateError } from '../model/errors.ts';
import { type BuildLimits, inBuildStage } from './build.ts';
import { hasPassed, type JournalStage } from './journal-record.ts';
import { unknownBuild } from './left-build.ts';
import type { PipelineRun } from './pipeline-io.ts';
import { buildFailed } from './poll.ts';
import type { Stage } from './stages.ts';
import { askStatus, awaitTask } from './task.ts';

const FAILED = buildFailed('The console shows the build with its log. Start a new build without build-id.');

interface FoundBuild {
  reached: JournalStage;
  status?: TaskStatus;
  failed?: true;
}

export interface GivenBuild {
  buildId: string;
  /** What a journal on this disk knows of it. */
  reached: JournalStage | undefined;
  toSign: boolean;
  /** The journal names the build, not the user. */
  fromJournal: boolean;
}

/**
 * Waits until the given build is idle and finds out what is left to do.
 *
 * The status says whether the build is idle, not which actions it has had (appdome-api.md §3.12). A certificate may be there before the
 * signing, and does not say with which key it was done. So what no journal on this disk knows is done again: context and signing may be
 * repeated and cost nothing.
 */
export function findBuild(given: GivenBuild, limits: BuildLimits, run: PipelineRun): Promise<FoundBuild> {
  const { io } = run;
  const { buildId, reached, toSign, fromJournal } = given;
  const body = async (stage: Stage): Promise<FoundBuild> => {
    const first = await firstStatus(buildId, run, stage, fromJournal);
    await io.journal.record(reached ?? 'building', io.record.ids);
    // An action of an earlier run is waited for by its own step, which knows whether it arrived.
    if (reached !== undefined && hasPassed(reached, 'built') && !hasPassed(reached, 'signed')) return { reached };
    let status = first;
    try {
      if (first.status !== 'completed')
        status = await awaitTask({ ...run, buildId }, stage, limits, { ...FAILED, begun: true });
    } catch (error) {
      const failed = error instanceof FusegateError && error.code === FAILED.code;
      if (!failed || !toSign) throw error;
      // A failed signing leaves the same state as a failed build. The build itself may be good, so signing is tried again; a service
      // that has no build to sign refuses.
      io.log('notice', `${error.message} Signing it again, in case only the signing failed.`);
      return { reached: 'built', failed: true };
    }
    if (reached !== undefined) return { reached: hasPassed(reached, 'signed') ? 'signed' : 'built', status };
    if (toSign) io.log('info', 'Nothing here proves that the build is signed as this run asks, so it is signed now.');
    return { reached: 'built', status };
  };
  return inBuildStage(limits, run, body, { attached: true });
}

/**
 * The first question about a build of an earlier run.
 * @throws FusegateError service.refused where the service does not know the build. If the API itself says so, the journal is closed: the
 * next run must not ask for the same build for ever
 */
export async function firstStatus(
  buildId: string,
  run: PipelineRun,
  stage: Stage,
  fromJournal: boolean,
): Promise<TaskStatus> {
  for (let asked = 0; ; asked += 1) {
    try {
      return await askStatus({ ...run, buildId }, stage);
    } catch (error) {
      if (!(error instanceof FusegateError) || error.status !== 404) throw error;
      const pause = NOT_FOUND_PAUSES_MS[asked];
      if (pause === undefined) {
        if (!isAnswerOfApi(error)) throw unknownBuild(buildId, error, 'not-api');
        if (fromJournal) await run.io.journal.finish('gone');
        throw unknownBuild(buildId, error, fromJournal ? 'journal' : 'user');
      }
      await stage.during({ category: 'wait', name: 'for the build' }, () =>
        sleep(run.io.deps.retryClock, pause, stage.signal),
      );
    }
  }
}

/** A gateway's page may be a 404 for a moment, and nobody should pay twice for that. */
const NOT_FOUND_PAUSES_MS = [2_000, 10_000];
