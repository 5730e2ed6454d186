/** The certificates of a build that exists, for mode gate: nothing is started and nothing else is downloaded. */

import type { BuildOutcome } from '../model/build-outcome.ts';
import type { RunRequest } from '../model/run-request.ts';
import { fetchCertificates } from './fetch-certificates.ts';
import type { PipelineIo } from './pipeline-io.ts';
import { withDeadline, withRootScope } from './scope.ts';
import { asFusegateError, deadlineError } from './stages.ts';
import { awaitTask } from './task.ts';
import { WorkflowLog } from './workflow-log.ts';

/**
 * Waits until the build is idle and fetches both certificates.
 * @throws FusegateError service.refused (unknown build), service.build-failed, timeout.*, auth.*, api.*, network.*, run.cancelled
 */
export async function collectCertificates(buildId: string, request: RunRequest, io: PipelineIo): Promise<BuildOutcome> {
  const { clock, signal } = io.deps;
  const { limits, server, fusionSetId } = request;
  io.ids.buildId = buildId;
  if (fusionSetId !== undefined) io.ids.fusionSetId = fusionSetId;
  if (server.teamId !== undefined) io.ids.teamId = server.teamId;
  const expired = () => deadlineError('timeout.run', undefined, limits.run, io.ids);
  try {
    return await withRootScope(signal, io.ids, (root) =>
      withDeadline(root, clock, limits.run, expired, async (scope) => {
        await io.stages.run(
          io,
          scope,
          { name: 'build', deadline: { ms: limits.build, code: 'timeout.build' } },
          (stage) =>
            awaitTask({
              request,
              io,
              stage,
              buildId,
              workflow: new WorkflowLog(),
              failed: {
                code: 'service.build-failed',
                what: 'The build failed',
                hint: 'A build that failed has no certificate to judge. The console shows its log.',
              },
            }),
        );
        const { certificates, files } = await io.stages.run(io, scope, { name: 'certify' }, (stage) =>
          fetchCertificates(request, buildId, io, stage),
        );
        return { ids: { ...io.ids }, sign: request.sign?.method ?? 'none', files, certificates };
      }),
    );
  } catch (error) {
    throw asFusegateError(error).at('certify', io.ids);
  }
}
