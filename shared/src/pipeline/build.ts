/** Starting the build, which costs money, and waiting for it. */
import { type FilePartKind, filePart, pinnedCertificatePart } from '../api/file-parts.ts';
import type { MultipartFile } from '../api/multipart.ts';
import type { TaskStatus } from '../api/tasks.ts';
import { FusegateError } from '../model/errors.ts';
import type { RunRequest } from '../model/run-request.ts';
import type { PipelineIo } from './pipeline-io.ts';
import type { Scope } from './scope.ts';
import type { Stage } from './stages.ts';
import { awaitTask } from './task.ts';
import type { WorkflowLog } from './workflow-log.ts';

/** The overrides of the build: the user's own, and Diagnostic Logs where they are asked for (`extended_logs`, documented). */
export function buildOverrides(request: Pick<RunRequest, 'buildLogs' | 'buildOverrides'>): Record<string, unknown> {
  return { ...request.buildOverrides, ...(request.buildLogs ? { extended_logs: true } : {}) };
}

/** The files of the build, in a fixed order. */
function buildParts({ buildFiles = {} }: RunRequest): MultipartFile[] {
  const { baselineProfile, startupProfile, inputMapping, certPinningZip, pinnedCertificates } = buildFiles;
  if (certPinningZip !== undefined && pinnedCertificates === undefined)
    throw new Error('the pinning archive was not expanded');
  const part = (kind: FilePartKind, file: string | undefined) => (file === undefined ? [] : [filePart(kind, file)]);
  return [
    ...part('baselineProfile', baselineProfile),
    ...part('startupProfile', startupProfile),
    ...part('inputMapping', inputMapping),
    ...(pinnedCertificates ?? []).map(({ host, file }) => pinnedCertificatePart(host, file)),
  ];
}

/** Sends the build request; one for a device cloud goes to an endpoint of its own. */
function startBuild(
  request: RunRequest,
  start: { appId: string; fusionSetId: string },
  io: PipelineIo,
  stage: Stage,
): Promise<string> {
  const build = { ...start, overrides: buildOverrides(request), files: buildParts(request) };
  if (request.buildToTest === undefined) return io.client.fuse(build, stage);
  const { build_to_test_message: message } = build.overrides;
  return io.client.buildToTest(
    { ...build, vendor: request.buildToTest, ...(typeof message === 'string' ? { message } : {}) },
    stage,
  );
}

const BUILD_FAILED = {
  code: 'service.build-failed',
  what: 'The build failed',
  hint: 'The console shows the build with its log. Mend the app or the Fusion Set and run again.',
} as const;

/** The build that exists already, or what to start one with. */
export type BuildStart = { buildId: string } | { appId: string; fusionSetId: string };

/**
 * Starts the build, unless it exists, and waits until it is done.
 *
 * The intent is in the journal before the request is sent, and is taken back only when the build was certainly not started.
 * @returns the build id, and what the service said last of it
 * @throws FusegateError build.may-exist, service.refused, service.build-failed, timeout.build, auth.*, api.*, network.*
 */
export async function buildApp(
  request: RunRequest,
  start: BuildStart,
  io: PipelineIo,
  scope: Scope,
  workflow: WorkflowLog,
): Promise<{ buildId: string; status: TaskStatus }> {
  const deadline = { ms: request.limits.build, code: 'timeout.build' } as const;
  return io.stages.run(io, scope, { name: 'build', deadline }, async (stage) => {
    let buildId: string;
    if ('buildId' in start) {
      buildId = start.buildId;
    } else {
      await io.journal.record('build-intent', io.ids);
      try {
        buildId = await startBuild(request, start, io, stage);
      } catch (error) {
        if (certainlyNotStarted(error, stage.signal)) await io.journal.record('uploaded', io.ids);
        throw error;
      }
    }
    io.ids.buildId = buildId;
    await io.journal.record('building', io.ids);
    let status: TaskStatus;
    try {
      status = await awaitTask({ request, io, stage, buildId, workflow, failed: BUILD_FAILED });
    } catch (error) {
      // There is nothing to go on with: the next run starts a new build.
      if (error instanceof FusegateError && error.code === BUILD_FAILED.code)
        await io.journal.record('finished', io.ids);
      throw error;
    }
    await io.journal.record('built', io.ids);
    return { buildId, status };
  });
}

/** An abort that hit the request on its way says so in an error of its own; one that came before it is the signal's reason as it is. */
function certainlyNotStarted(error: unknown, signal: AbortSignal): boolean {
  if (!(error instanceof FusegateError) || error.code === 'build.may-exist') return false;
  return error.code !== 'run.cancelled' || error === signal.reason;
}
