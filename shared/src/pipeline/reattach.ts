/** Coming back to a build by its id, on a disk that may know nothing about it. */
import type { CallContext } from '../api/call.ts';
import type { TaskStatus } from '../api/tasks.ts';
import { FusegateError } from '../model/errors.ts';
import { type BuildLimits, inBuildStage } from './build.ts';
import { hasPassed, type JournalStage } from './journal-record.ts';
import type { PipelineIo, PipelineRun } from './pipeline-io.ts';
import { buildFailed } from './poll.ts';
import type { Stage } from './stages.ts';
import { awaitTask } from './task.ts';

const FAILED = buildFailed('The console shows the build with its log. Start a new build without build-id.');

/**
 * Waits until the given build is idle and finds out what is left to do.
 *
 * The API does not say whether a build has been signed. The journal on this disk does. Without one, this asks for the certificate, which
 * is made at the end of signing and is (inferred, appdome-api.md §3.15) not there before. So a build without a certificate gets the
 * context and signing that this run asks for, and one with a certificate is downloaded as it is. Should the inference be wrong, the
 * gate finds a certificate that does not prove the signing, and the run is red.
 * @param build `reached`: what a journal on this disk knows of it. `toSign`: this run has a signing method
 */
export function findBuild(
  { buildId, reached, toSign }: { buildId: string; reached: JournalStage | undefined; toSign: boolean },
  limits: BuildLimits,
  run: PipelineRun,
): Promise<{ reached: JournalStage; status?: TaskStatus }> {
  const { io } = run;
  const body = async (stage: Stage): Promise<{ reached: JournalStage; status?: TaskStatus }> => {
    // An action of an earlier run is waited for by its own step, which knows whether it arrived.
    if (reached !== undefined && hasPassed(reached, 'built') && !hasPassed(reached, 'signed')) return { reached };
    let status: TaskStatus;
    try {
      status = await awaitTask({ ...run, buildId }, stage, limits, FAILED);
    } catch (error) {
      const failed = error instanceof FusegateError && error.code === FAILED.code;
      if (!failed || !toSign) throw error;
      // A failed signing leaves the same state as a failed build. The build itself may be good, so signing is tried again; a service
      // that has no build to sign refuses.
      io.log('notice', `${error.message} Signing it again, in case only the signing failed.`);
      return { reached: 'built' };
    }
    if (!toSign) return { reached: 'signed', status };
    if (reached !== undefined) return { reached: hasPassed(reached, 'signed') ? 'signed' : 'built', status };
    if (await hasCertificate(io, buildId, stage)) return { reached: 'signed', status };
    io.log('info', 'The build has no certificate yet, so it is signed now.');
    return { reached: 'built', status };
  };
  return inBuildStage(limits, run, body, { attached: true });
}

/** @throws FusegateError any other than that the service refused */
async function hasCertificate(io: PipelineIo, buildId: string, context: CallContext): Promise<boolean> {
  try {
    return (await io.client.certificateJson(buildId, context)).length > 0;
  } catch (error) {
    if (error instanceof FusegateError && error.code === 'service.refused') return false;
    throw error;
  }
}
