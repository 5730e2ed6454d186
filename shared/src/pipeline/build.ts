/** Starting the build, which costs money, and waiting for it. */
import { fileParts, pinnedCertificatePart } from '../api/file-parts.ts';
import type { MultipartFile } from '../api/multipart.ts';
import { buildOverrides } from '../api/sign-overrides.ts';
import type { TaskStatus } from '../api/tasks.ts';
import { defined } from '../model/defined.ts';
import { FusegateError } from '../model/errors.ts';
import type { BuildFiles, Limits, RunRequest } from '../model/run-request.ts';
import { awaitSession } from './await-session.ts';
import type { PipelineIo, PipelineRun, ServiceIo } from './pipeline-io.ts';
import { buildFailed } from './poll.ts';
import type { PollPace } from './poll-pace.ts';
import type { Stage, StageSpec } from './stages.ts';
import { awaitTask } from './task.ts';

/** What a build is made from. */
export type BuildOrder = Pick<RunRequest, 'buildLogs' | 'buildOverrides' | 'buildFiles' | 'buildToTest' | 'fleet'> & {
  appId: string;
  fusionSetId: string;
};

export type BuildLimits = PollPace & Pick<Limits, 'build'>;

/** The files of the build, in a fixed order. */
function buildParts(files: BuildFiles): MultipartFile[] {
  const { baselineProfile, startupProfile, inputMapping, certPinningZip, pinnedCertificates } = files;
  if (certPinningZip !== undefined && pinnedCertificates === undefined)
    throw new Error('the pinning ZIP was not expanded');
  return [
    ...fileParts('baselineProfile', baselineProfile),
    ...fileParts('startupProfile', startupProfile),
    ...fileParts('inputMapping', inputMapping),
    ...(pinnedCertificates ?? []).map(({ host, file }) => pinnedCertificatePart(host, file)),
  ];
}

/** Sends the build request; one for a device cloud has its own endpoint. */
function postBuild(order: BuildOrder, io: PipelineIo, stage: Stage): Promise<string> {
  const { appId, fusionSetId, buildFiles = {}, buildToTest: vendor } = order;
  const build = { appId, fusionSetId, overrides: buildOverrides(order), files: buildParts(buildFiles) };
  if (vendor === undefined) return io.client.fuse(build, stage);
  const { build_to_test_message: said } = build.overrides;
  const message = typeof said === 'string' ? said : undefined;
  return io.client.buildToTest({ ...build, vendor, ...defined({ message }) }, stage);
}

const FAILED = buildFailed('The console shows the build with its log. Fix the app or the Fusion Set and run again.');

/**
 * Starts the build and waits until it is done.
 *
 * The intent is in the journal before the request is sent, and is taken back only when the build was certainly not started.
 * @returns the build id, and the last that the service said of it
 * @throws FusegateError build.may-exist, service.refused, service.build-failed, timeout.build, auth.*, api.*, network.*
 */
export function startBuild(order: BuildOrder, limits: BuildLimits, run: PipelineRun): Promise<FinishedBuild> {
  const { io } = run;
  return inBuildStage(limits, run, async (stage) => {
    if (order.fleet !== undefined) await awaitSession(io, stage);
    await io.journal.record('build-intent', io.record.ids);
    let buildId: string;
    try {
      buildId = await postBuild(order, io, stage);
    } catch (error) {
      if (certainlyNotStarted(error, stage.signal)) await io.journal.record('uploaded', io.record.ids);
      throw error;
    }
    return finishBuild(buildId, { begun: false, pace: limits }, run, stage);
  });
}

/**
 * Goes on with a build that an earlier run started.
 * @param known asks whether the service still knows it. `isBuilt`: what is done to it since is waited for by its own step
 * @throws FusegateError as `startBuild`
 */
export function continueBuild(
  buildId: string,
  { known, isBuilt }: { known(stage: Stage): Promise<TaskStatus>; isBuilt: boolean },
  limits: BuildLimits,
  run: PipelineRun,
): Promise<FinishedBuild> {
  const body = async (stage: Stage) => {
    const status = await known(stage);
    return isBuilt ? { buildId, status } : finishBuild(buildId, { begun: true, pace: limits }, run, stage);
  };
  return inBuildStage(limits, run, body, { attached: true });
}

type FinishedBuild = { buildId: string; status: TaskStatus };

export function inBuildStage<T>(
  limits: BuildLimits,
  run: PipelineRun<ServiceIo>,
  body: (stage: Stage) => Promise<T>,
  { attached }: Pick<StageSpec, 'attached'> = {},
): Promise<T> {
  const spec: StageSpec = {
    name: 'build',
    ...defined({ attached }),
    deadline: { ms: limits.build, code: 'timeout.build' },
  };
  return run.io.stages.run(run.io, run.scope, spec, body);
}

async function finishBuild(
  buildId: string,
  { pace, begun }: { pace: PollPace; begun: boolean },
  run: PipelineRun,
  stage: Stage,
): Promise<FinishedBuild> {
  const { io } = run;
  io.record.addIds({ buildId });
  await io.journal.record('building', io.record.ids);
  try {
    const status = await awaitTask({ ...run, buildId }, stage, pace, { ...FAILED, begun });
    await io.journal.record('built', io.record.ids);
    return { buildId, status };
  } catch (error) {
    // There is nothing to go on with: the next run starts a new build.
    if (error instanceof FusegateError && error.code === FAILED.code)
      await io.journal.record('finished', io.record.ids);
    throw error;
  }
}

/** An abort that hit the request on its way has an error of its own; one that came before it is the signal's reason as it is. */
function certainlyNotStarted(error: unknown, signal: AbortSignal): boolean {
  if (!(error instanceof FusegateError) || error.code === 'build.may-exist') return false;
  return error.code !== 'run.cancelled' || error === signal.reason;
}
