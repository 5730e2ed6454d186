/** The certificates of a build that exists, for `gate` and `explain`: nothing is started and nothing else is downloaded. */

import type { BuildOutcome } from '../model/build-outcome.ts';
import type { RunRequest } from '../model/run-request.ts';
import { inBuildStage } from './build.ts';
import { type CertificateIo, fetchCertificates } from './fetch-certificates.ts';
import { MessageCursor } from './message-cursor.ts';
import { buildFailed } from './poll.ts';
import { withinRun } from './stages.ts';
import { awaitTask } from './task.ts';

const FAILED = buildFailed('A failed build has no certificate to judge. The console shows its log.');

/**
 * Waits until the build is idle and fetches both certificates.
 * @throws FusegateError service.refused (unknown build), service.build-failed, timeout.*, auth.*, api.*, network.*, run.cancelled
 */
export async function collectCertificates(
  buildId: string,
  { limits, server, fusionSetId, sign }: Pick<RunRequest, 'limits' | 'server' | 'fusionSetId' | 'sign'>,
  io: CertificateIo,
): Promise<BuildOutcome> {
  io.record.addIds({ buildId, fusionSetId, teamId: server.teamId });
  return withinRun({ ms: limits.run, stage: 'certify', ids: io.record.ids }, io, async (scope) => {
    const run = { io, scope, workflow: new MessageCursor() };
    await inBuildStage(
      limits,
      run,
      (stage) => awaitTask({ ...run, buildId }, stage, limits, { ...FAILED, begun: true }),
      {
        attached: true,
      },
    );
    const { certificates, files } = await io.stages.run(io, scope, { name: 'certify' }, (stage) =>
      fetchCertificates(buildId, limits, io, stage),
    );
    return { ids: { ...io.record.ids }, sign: sign?.method ?? 'none', files, certificates };
  });
}
