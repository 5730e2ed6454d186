/** Starting the build, which costs money, and waiting for it. */
import { FusegateError } from '../errors.ts';
import type { RunRequest } from '../options/run-request.ts';
import type { PipelineIo } from './pipeline-io.ts';
import type { Scope } from './scope.ts';
import { awaitTask } from './task.ts';
import type { WorkflowLog } from './workflow-log.ts';

/** The overrides of the build: the user's own, and Diagnostic Logs where they are asked for (`extended_logs`, documented). */
export function buildOverrides(request: Pick<RunRequest, 'buildLogs' | 'buildOverrides'>): Record<string, unknown> {
  return { ...request.buildOverrides, ...(request.buildLogs ? { extended_logs: true } : {}) };
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
 * @returns the build id
 * @throws FusegateError build.may-exist, service.refused, service.build-failed, timeout.build, auth.*, api.*, network.*
 */
export async function buildApp(
  request: RunRequest,
  start: BuildStart,
  io: PipelineIo,
  scope: Scope,
  workflow: WorkflowLog,
): Promise<string> {
  const deadline = { ms: request.limits.build, code: 'timeout.build' } as const;
  return io.stages.run(io, scope, { name: 'build', deadline }, async (stage) => {
    let buildId: string;
    if ('buildId' in start) {
      buildId = start.buildId;
    } else {
      await io.journal.record('build-intent', io.ids);
      try {
        buildId = await io.client.fuse({ ...start, overrides: buildOverrides(request) }, stage);
      } catch (error) {
        if (certainlyNotStarted(error, stage.signal)) await io.journal.record('uploaded', io.ids);
        throw error;
      }
    }
    io.ids.buildId = buildId;
    await io.journal.record('building', io.ids);
    try {
      await awaitTask({ request, io, stage, buildId, workflow, failed: BUILD_FAILED });
    } catch (error) {
      // There is nothing to go on with: the next run starts a new build.
      if (error instanceof FusegateError && error.code === BUILD_FAILED.code)
        await io.journal.record('finished', io.ids);
      throw error;
    }
    await io.journal.record('built', io.ids);
    return buildId;
  });
}

/** An abort that hit the request on its way says so in an error of its own; one that came before it is the signal's reason as it is. */
function certainlyNotStarted(error: unknown, signal: AbortSignal): boolean {
  if (!(error instanceof FusegateError) || error.code === 'build.may-exist') return false;
  return error.code !== 'run.cancelled' || error === signal.reason;
}
