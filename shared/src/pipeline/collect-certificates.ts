/** The certificates of a build that exists, for mode gate: nothing is started and nothing else is downloaded. */

import type { BuildOutcome } from '../model/build-outcome.ts';
import { defined } from '../model/defined.ts';
import { asFusegateError } from '../model/errors.ts';
import type { RunRequest } from '../model/run-request.ts';
import { inBuildStage } from './build.ts';
import { fetchCertificates } from './fetch-certificates.ts';
import type { PipelineIo } from './pipeline-io.ts';
import { withDeadline, withRootScope } from './scope.ts';
import { deadlineError } from './stages.ts';
import { awaitTask } from './task.ts';
import { WorkflowLog } from './workflow-log.ts';

const FAILED = {
  code: 'service.build-failed',
  what: 'The build failed',
  hint: 'A failed build has no certificate to judge. The console shows its log.',
} as const;

/**
 * Waits until the build is idle and fetches both certificates.
 * @throws FusegateError service.refused (unknown build), service.build-failed, timeout.*, auth.*, api.*, network.*, run.cancelled
 */
export async function collectCertificates(
  buildId: string,
  { limits, server, fusionSetId, sign }: Pick<RunRequest, 'limits' | 'server' | 'fusionSetId' | 'sign'>,
  io: PipelineIo,
): Promise<BuildOutcome> {
  const { clock, signal } = io.deps;
  Object.assign(io.ids, defined({ buildId, fusionSetId, teamId: server.teamId }));
  const expired = () => deadlineError('timeout.run', undefined, limits.run, io.ids);
  try {
    return await withRootScope(signal, io.ids, (root) =>
      withDeadline(root, clock, limits.run, expired, async (scope) => {
        const run = { io, scope, workflow: new WorkflowLog() };
        await inBuildStage(limits, run, (stage) => awaitTask({ ...run, buildId }, stage, limits, FAILED));
        const { certificates, files } = await io.stages.run(io, scope, { name: 'certify' }, (stage) =>
          fetchCertificates(buildId, limits, io, stage),
        );
        return { ids: { ...io.ids }, sign: sign?.method ?? 'none', files, certificates };
      }),
    );
  } catch (error) {
    throw asFusegateError(error).at('certify', io.ids);
  }
}
