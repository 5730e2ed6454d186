/** The whole job up to the verdict: upload, build, context, sign, download, certificates. */
import type { TaskStatus } from '../api/tasks.ts';
import type { BuildOutcome, OutputFile } from '../model/build-outcome.ts';
import { defined } from '../model/defined.ts';
import { FusegateError } from '../model/errors.ts';
import type { AppInput, RunRequest, SignRequest } from '../model/run-request.ts';
import { fetchCertificates } from './fetch-certificates.ts';
import { fetchOutputs, type OutputsRequest } from './fetch-outputs.ts';
import { hasPassed, type JournalStage } from './journal-record.ts';
import { deadEnd } from './left-build.ts';
import { MessageCursor } from './message-cursor.ts';
import type { PipelineIo } from './pipeline-io.ts';
import { type ActionState, addContext, signBuild } from './post-build.ts';
import { reachBuild } from './reach-build.ts';
import { inParallel, type Scope } from './scope.ts';
import { withinRun } from './stages.ts';
import { findStart } from './starting-point.ts';

/**
 * Runs the job. The protected app and its second output end in `rejected/`; the caller releases them when the verdict is green.
 *
 * - `app`: uploaded unless the team has it; then built, signed, downloaded.
 * - `appId`: the upload is skipped.
 * - `buildId`: upload and build are skipped; see `findBuild` for what is left to do.
 * - a journal of the same run and inputs: continues where that run stopped (`resume`).
 *
 * @throws FusegateError any but usage.invalid; it knows its stage, and the ids as far as they were known. `io.record` and `io.stages` hold
 * what was reached, then too
 */
export async function runPipeline(request: RunRequest, io: PipelineIo): Promise<BuildOutcome> {
  io.record.addIds({ fusionSetId: request.fusionSetId, teamId: request.server.teamId });
  const run = { ms: request.limits.run, stage: 'preflight', ids: io.record.ids } as const;
  return withinRun(run, io, (scope) => runInScope(request, io, scope));
}

async function runInScope(request: RunRequest, io: PipelineIo, scope: Scope): Promise<BuildOutcome> {
  const { app, context, limits } = request;
  const sign = signRequest(request);
  const start = await findStart(request, io, scope);
  const run = { io, scope, workflow: new MessageCursor() };
  const { buildId, reached, sha256, status, failed } = await reachBuild(request, start, run);
  let last: TaskStatus | undefined = status;

  try {
    if (context !== undefined && !hasPassed(reached, 'context-done')) {
      const state = stateOf(reached, 'context-intent', 'context-running');
      last = await addContext(context, { ...run, buildId, state, limits });
    }
    const expectCertificates = () => io.expectCertificates?.();
    if (sign !== undefined && sign.method !== 'none' && !hasPassed(reached, 'signed')) {
      const state = stateOf(reached, 'sign-intent', 'signing');
      const before = context === undefined ? 'built' : 'context-done';
      last = await signBuild(sign, request, before, { ...run, buildId, state, limits, accepted: expectCertificates });
    } else {
      expectCertificates();
    }
  } catch (error) {
    throw failed ? await deadEnd(error, buildId, io) : error;
  }

  const { files, certificates } = await collect(request, buildId, last, io, scope);
  // Of an app that this run did not upload, only the user says that it is the build's.
  const claimed = start.kind === 'app' || start.kind === 'app-id' ? undefined : true;
  return {
    ids: { ...io.record.ids },
    ...(app && sha256 !== undefined ? { app: { ...appOf(app, sha256), ...defined({ claimed }) } } : {}),
    // A build that was only re-attached was signed by whoever made it.
    sign: sign?.method ?? 'none',
    files,
    certificates,
  };
}

type Certified = Pick<BuildOutcome, 'files' | 'certificates'>;

/**
 * Outputs and certificates side by side: the certificate may be late, and the app may be large. While both run, the stage of the
 * certificates is silent, since hosts show one stage at a time.
 */
async function collect(
  request: OutputsRequest,
  buildId: string,
  status: TaskStatus | undefined,
  io: PipelineIo,
  scope: Scope,
): Promise<Certified> {
  let announce: (() => void) | undefined;
  let downloaded = false;
  const [outputs, certified] = await inParallel<[OutputFile[], Certified]>(scope, [
    async (inner) => {
      const files = await io.stages.run(io, inner, { name: 'download' }, (stage) =>
        fetchOutputs(request, { buildId, obfuscationMapExists: status?.obfuscationMapExists }, io, stage),
      );
      downloaded = true;
      announce?.();
      return files;
    },
    (inner) =>
      io.stages.run(io, inner, { name: 'certify', quiet: true }, (stage) => {
        announce = () => stage.announce();
        if (downloaded) stage.announce();
        return fetchCertificates(buildId, request.limits, io, stage);
      }),
  ]);
  return { files: [...outputs, ...certified.files], certificates: certified.certificates };
}

/** How far an action had come in the run that is continued. */
function stateOf(reached: JournalStage, intent: JournalStage, running: JournalStage): ActionState {
  if (reached === running) return 'accepted';
  return reached === intent ? 'uncertain' : 'new';
}

function signRequest({
  sign,
  buildId,
  context,
}: Pick<RunRequest, 'sign' | 'buildId' | 'context'>): SignRequest | undefined {
  if (sign === undefined && context !== undefined) {
    throw new FusegateError('usage.invalid', 'A build that gets a new context has to be signed again.', {
      hint: 'Set sign to on-appdome, private or auto-dev, or leave the context as it is.',
    });
  }
  if (sign === undefined && buildId === undefined) {
    throw new FusegateError('usage.invalid', 'The signing method is missing.', {
      hint: 'Set sign to on-appdome, private or auto-dev, or to none for an .aar.',
    });
  }
  return sign;
}

function appOf(app: AppInput, sha256: string): NonNullable<BuildOutcome['app']> {
  return { path: app.url ?? app.path, kind: app.kind, platform: app.platform, sha256, size: app.size };
}
