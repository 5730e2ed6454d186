/** From where the run begins to a finished build: one function for each beginning. */

import { isAnswerOfApi } from '../api/failure.ts';
import type { TaskStatus } from '../api/tasks.ts';
import { FusegateError } from '../model/errors.ts';
import type { Limits, RunRequest } from '../model/run-request.ts';
import { type BuildLimits, continueBuild, startBuild } from './build.ts';
import { hasPassed, type JournalStage } from './journal-record.ts';
import type { PipelineRun } from './pipeline-io.ts';
import { findBuild, firstStatus } from './reattach.ts';
import type { Stage } from './stages.ts';
import type { StartingPoint } from './starting-point.ts';
import { awaitAnalysis, uploadApp } from './upload.ts';

export interface ReachedBuild {
  buildId: string;
  /** How far the build has come already. */
  reached: JournalStage;
  /** Of the original app, where we have it. */
  sha256: string | undefined;
  status?: TaskStatus;
  /** Its last step failed, and the service may refuse every other one. */
  failed?: true;
}

/** What a build is made from, but the app. */
type Ingredients = Pick<
  RunRequest,
  'fusionSetId' | 'buildLogs' | 'buildOverrides' | 'buildFiles' | 'buildToTest' | 'fleet'
> & {
  limits: Limits;
};
type Beginning<K extends StartingPoint['kind']> = Extract<StartingPoint, { kind: K }>;

/** A finished build: a new one, that of an earlier run, or the one that is given. */
export function reachBuild(
  request: Ingredients & Pick<RunRequest, 'app' | 'reuseUpload' | 'sign'>,
  start: StartingPoint,
  run: PipelineRun,
): Promise<ReachedBuild> {
  switch (start.kind) {
    case 'app':
      return buildFromApp(start, request.reuseUpload, request, run);
    case 'app-id':
      return buildFromAppId(start, request, run);
    case 'uploaded':
      return buildFromUpload(start, request, run);
    case 'started':
      return goOnWithBuild(start, request.limits, run);
    case 'build-id':
      return attachToBuild(start, request.sign !== undefined && request.sign.method !== 'none', request.limits, run);
  }
}

async function buildFromApp(
  { app, sha256: known, beginJournal }: Beginning<'app'>,
  reuse: boolean,
  from: Ingredients,
  run: PipelineRun,
): Promise<ReachedBuild> {
  const { io, scope } = run;
  const {
    appId,
    sha256,
    known: begun = false,
  } = await uploadApp(app, { reuse, knownSha256: known, ms: from.limits.upload }, io, scope);
  io.record.addIds({ appId });
  beginJournal(sha256);
  await io.journal.record('uploaded', io.record.ids);
  await analysed({ appId, begun }, from.limits, run);
  return newBuild(appId, sha256, from, run);
}

/** An app that is only named by its id is taken as it is. */
function buildFromAppId(
  { appId, beginJournal }: Beginning<'app-id'>,
  from: Ingredients,
  run: PipelineRun,
): Promise<ReachedBuild> {
  run.io.record.addIds({ appId });
  beginJournal();
  return newBuild(appId, undefined, from, run);
}

/** The analysis of an app that an earlier run uploaded may still be running, and the service may have lost the app since. */
async function buildFromUpload(
  { appId, sha256, beginJournal }: Beginning<'uploaded'>,
  { app, reuseUpload, ...from }: Ingredients & Pick<RunRequest, 'app' | 'reuseUpload'>,
  run: PipelineRun,
): Promise<ReachedBuild> {
  try {
    if (app !== undefined) await analysed({ appId, begun: true }, from.limits, run);
  } catch (error) {
    const isGone = error instanceof FusegateError && error.status === 404 && isAnswerOfApi(error);
    if (app === undefined || !isGone) throw error;
    run.io.log(
      'notice',
      'The service does not know the app any more that an earlier run uploaded. Uploading it again.',
    );
    return buildFromApp({ kind: 'app', app, sha256, beginJournal }, reuseUpload, from, run);
  }
  return newBuild(appId, sha256, from, run);
}

/** Waits for the analysis. An app that the service cannot take ends the journal: the next run must not ask about it again. */
async function analysed(
  upload: { appId: string; begun: boolean },
  limits: Parameters<typeof awaitAnalysis>[1],
  { io, scope }: PipelineRun,
): Promise<void> {
  try {
    await awaitAnalysis(upload, limits, io, scope);
  } catch (error) {
    if (error instanceof FusegateError && error.code === 'service.analysis-failed') await io.journal.finish();
    throw error;
  }
}

async function goOnWithBuild(
  { buildId, reached, sha256 }: Beginning<'started'>,
  limits: BuildLimits,
  run: PipelineRun,
): Promise<ReachedBuild> {
  run.io.record.addIds({ buildId });
  const known = (stage: Stage) => firstStatus(buildId, run, stage, true);
  const isBuilt = hasPassed(reached, 'built');
  const { status } = await continueBuild(buildId, { known, isBuilt }, limits, run);
  const failed = status.status === 'error';
  return { buildId, reached: isBuilt ? reached : 'built', sha256, status, ...(failed && { failed }) };
}

async function attachToBuild(
  { buildId, reached, sha256, fromJournal = false }: Beginning<'build-id'>,
  toSign: boolean,
  limits: BuildLimits,
  run: PipelineRun,
): Promise<ReachedBuild> {
  return { buildId, sha256, ...(await findBuild({ buildId, reached, toSign, fromJournal }, limits, run)) };
}

async function newBuild(
  appId: string,
  sha256: string | undefined,
  { fusionSetId, limits, ...rest }: Ingredients,
  run: PipelineRun,
): Promise<ReachedBuild> {
  if (fusionSetId === undefined) throw new Error('no fusion set id');
  return { ...(await startBuild({ ...rest, appId, fusionSetId }, limits, run)), reached: 'built', sha256 };
}
