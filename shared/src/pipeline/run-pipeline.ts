/** The whole job up to the verdict: upload, build, context, sign, download, certificates. */
import type { TaskStatus } from '../api/tasks.ts';
import type { BuildOutcome, OutputFile } from '../model/build-outcome.ts';
import { FusegateError } from '../model/errors.ts';
import type { AppInput, RunRequest, SignRequest } from '../model/run-request.ts';
import { type BuildStart, buildApp } from './build.ts';
import { fetchCertificates } from './fetch-certificates.ts';
import { fetchOutputs } from './fetch-outputs.ts';
import { hasPassed, type JournalStage } from './journal.ts';
import type { PipelineIo } from './pipeline-io.ts';
import { type ActionState, addContext, signBuild } from './post-build.ts';
import { findBuild } from './reattach.ts';
import { planRun, type RunPlan } from './resume.ts';
import { inParallel, type Scope, withDeadline, withRootScope } from './scope.ts';
import { asFusegateError, deadlineError } from './stages.ts';
import { awaitAnalysis, uploadApp } from './upload.ts';
import { WorkflowLog } from './workflow-log.ts';

/**
 * Runs the job. The protected app and its second output end in `rejected/`; the caller releases them when the verdict is green.
 *
 * - `app`: uploaded unless the team has it; then built, signed, downloaded.
 * - `appId`: the upload is skipped.
 * - `buildId`: upload and build are skipped; see `findBuild` for what is left to do.
 * - a journal of the same run and inputs: goes on where that run was (`resume`).
 *
 * @throws FusegateError any but usage.invalid; it knows its stage, and the ids as far as they were known. `io.ids` and `io.stages` hold
 * what was reached also then
 */
export async function runPipeline(request: RunRequest, io: PipelineIo): Promise<BuildOutcome> {
  const { clock, signal } = io.deps;
  if (request.fusionSetId !== undefined) io.ids.fusionSetId = request.fusionSetId;
  if (request.server.teamId !== undefined) io.ids.teamId = request.server.teamId;
  const expired = () => deadlineError('timeout.run', undefined, request.limits.run, io.ids);
  try {
    return await withRootScope(signal, io.ids, (root) =>
      withDeadline(root, clock, request.limits.run, expired, (scope) => runInScope(request, io, scope)),
    );
  } catch (error) {
    const known = asFusegateError(error);
    throw known.at(known.stage ?? 'preflight', io.ids);
  }
}

async function runInScope(request: RunRequest, io: PipelineIo, scope: Scope): Promise<BuildOutcome> {
  const sign = signRequest(request);
  const workflow = new WorkflowLog();
  const plan = await planRun(request, io, scope);
  const { buildId, reached, sha256, status } = await reachBuild(request, plan, io, scope, workflow);
  let last: TaskStatus | undefined = status;

  if (request.context !== undefined && !hasPassed(reached, 'context-done')) {
    const state = stateOf(reached, 'context-intent', 'context-running');
    last = await addContext({ request, buildId, state, io, scope, workflow });
  }
  if (sign !== undefined && sign.method !== 'none' && !hasPassed(reached, 'signed')) {
    const state = stateOf(reached, 'sign-intent', 'signing');
    last = await signBuild({ request, buildId, state, io, scope, workflow, sign });
  }

  const { files, certificates } = await collect(request, buildId, last, io, scope);
  await io.journal.record('finished', io.ids);
  return {
    ids: { ...io.ids },
    ...(request.app === undefined || sha256 === undefined
      ? {}
      : { app: { ...appOf(request.app, sha256), ...(plan.kind === 'start' ? {} : { claimed: true }) } }),
    // A build that was only re-attached was signed by whoever made it.
    sign: sign?.method ?? 'none',
    files,
    certificates,
  };
}

interface ReachedBuild {
  buildId: string;
  /** How far the build has come already. */
  reached: JournalStage;
  /** Of the original app, where we have it. */
  sha256: string | undefined;
  /** The last that is known of it. */
  status?: TaskStatus;
}

/** A finished build: the one that is given, the one of an earlier run, or a new one. */
async function reachBuild(
  request: RunRequest,
  plan: RunPlan,
  io: PipelineIo,
  scope: Scope,
  workflow: WorkflowLog,
): Promise<ReachedBuild> {
  if (plan.kind === 'attach') {
    const found = await findBuild(request, plan, io, scope, workflow);
    return { buildId: plan.buildId, sha256: plan.sha256, ...found };
  }
  let { sha256 } = plan;
  if (plan.kind === 'continue' && hasPassed(plan.reached, 'building')) {
    const { buildId } = plan;
    if (buildId === undefined) throw new Error('a journal past the build start has no build id');
    io.ids.buildId = buildId;
    if (plan.appId !== undefined) io.ids.appId = plan.appId;
    if (hasPassed(plan.reached, 'built')) return { buildId, reached: plan.reached, sha256 };
    return { ...(await buildApp(request, { buildId }, io, scope, workflow)), reached: 'built', sha256 };
  }

  let appId = plan.kind === 'continue' ? plan.appId : request.appId;
  if (appId === undefined) {
    if (request.app === undefined) throw new Error('neither an app nor an id');
    const uploaded = await uploadApp(request, request.app, io, scope, sha256);
    ({ appId, sha256 } = uploaded);
    io.ids.appId = appId;
    plan.begin(sha256);
    await io.journal.record('uploaded', io.ids);
  } else {
    io.ids.appId = appId;
    if (plan.kind === 'start') plan.begin(undefined);
  }
  // An app that is only named by its id is taken as it is; one that we uploaded may still be in the works.
  if (request.app !== undefined) await awaitAnalysis(request, appId, io, scope);
  const { fusionSetId } = request;
  if (fusionSetId === undefined) throw new Error('no fusion set id');
  const start: BuildStart = { appId, fusionSetId };
  return { ...(await buildApp(request, start, io, scope, workflow)), reached: 'built', sha256 };
}

/**
 * Outputs and certificates side by side: the certificate may be late, and the app may be large. While both run, the certificates' stage
 * is silent, since hosts show one stage at a time.
 */
async function collect(
  request: RunRequest,
  buildId: string,
  status: TaskStatus | undefined,
  io: PipelineIo,
  scope: Scope,
): Promise<Pick<BuildOutcome, 'files' | 'certificates'>> {
  let announce: (() => void) | undefined;
  let downloaded = false;
  const [outputs, certified] = await inParallel<[OutputFile[], Awaited<ReturnType<typeof fetchCertificates>>]>(scope, [
    async (inner) => {
      const files = await io.stages.run(io, inner, { name: 'download' }, (stage) =>
        fetchOutputs({ request, buildId, obfuscationMapExists: status?.obfuscationMapExists, io }, stage),
      );
      downloaded = true;
      announce?.();
      return files;
    },
    (inner) =>
      io.stages.run(io, inner, { name: 'certify', quiet: true }, (stage) => {
        announce = () => stage.announce();
        if (downloaded) stage.announce();
        return fetchCertificates(request, buildId, io, stage);
      }),
  ]);
  return { files: [...outputs, ...certified.files], certificates: certified.certificates };
}

/** How far an action had come in the run that is continued. */
function stateOf(reached: JournalStage, intent: JournalStage, running: JournalStage): ActionState {
  if (reached === running) return 'accepted';
  return reached === intent ? 'uncertain' : 'new';
}

function signRequest(request: RunRequest): SignRequest | undefined {
  const { sign } = request;
  if (sign === undefined && request.buildId === undefined) {
    throw new FusegateError('usage.invalid', 'There is no signing method.', {
      hint: 'Give sign: on-appdome, private or auto-dev; none for an .aar.',
    });
  }
  return sign;
}

function appOf(app: AppInput, sha256: string): NonNullable<BuildOutcome['app']> {
  return { path: app.url ?? app.path, kind: app.kind, platform: app.platform, sha256, size: app.size };
}
