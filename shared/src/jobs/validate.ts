/**
 * Mode validate: the service checks an app that its owner signed, and a result of the run that made it is bound to the signed file.
 */
import { AppdomeClient } from '../api/client.ts';
import { OutputFolder } from '../files/output-folder.ts';
import type { Deps } from '../model/deps.ts';
import { asFusegateError, EXIT, FusegateError } from '../model/errors.ts';
import type { Host } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import type { AppInput, RunRequest } from '../model/run-request.ts';
import { withHeartbeat } from '../pipeline/heartbeat.ts';
import { StageRecorder } from '../pipeline/stages.ts';
import { validateApp } from '../pipeline/validate-app.ts';
import { passObjections } from '../policy/binding/passed-result.ts';
import { judgeValidation } from '../policy/binding/validation-verdict.ts';
import type { PolicyPlan } from '../policy/rules/rule.ts';
import { bindingMessage, boundResult, type SignedFile, type Validation } from '../report/bound-result.ts';
import {
  buildResult,
  findingOf,
  type RunContext,
  type RunEnd,
  type RunStart,
  serverFacts,
  startOfRun,
  verdictWithoutJudgement,
} from '../report/build-result.ts';
import { serverFinding } from '../report/notices-of-run.ts';
import { beginRun } from './begin-run.ts';
import { concludeRun } from './conclude-run.ts';
import { readResultFile } from './read-result.ts';

/**
 * Exit 0 only where the service has checked the file and names the build. With a result, the outcome is that result, bound to the file;
 * without one it is `not-evaluated`, since no protections were judged.
 * @throws FusegateError output.unwritable if there is nowhere to write a result
 */
export async function validate(
  request: RunRequest,
  plan: PolicyPlan,
  host: Host,
  deps: Deps,
  context: RunContext,
): Promise<RunEnd> {
  const start = startOfRun(request, plan, context, deps.clock);
  const folder = OutputFolder.of(request, deps.clock);
  await beginRun(folder, start, host);

  const stages = new StageRecorder(deps.clock);
  const heartbeat = withHeartbeat((progress) => host.progress(progress), deps.clock);
  let client: AppdomeClient | undefined;
  let result: FusegateResult;
  try {
    const { app } = request;
    if (app === undefined) throw new Error('mode validate without an app');
    const given = await givenResult(request);
    client = new AppdomeClient({
      server: request.server,
      limits: request.limits,
      clock: deps.retryClock,
      random: deps.random,
    });
    refuseOtherServer(given?.result, client.origin);
    const buildId = buildToExpect(request, given?.result);
    const validated = await validateApp(request, app, {
      client,
      deps,
      progress: heartbeat.report,
      log: (level, text) => host.log(level, text),
      stages,
      ids: { buildId },
    });
    const message = judgeValidation(validated.status, buildId);
    const validation: Validation = {
      id: validated.validationId,
      buildId,
      message,
      sha256: validated.sha256,
      size: app.size,
      at: new Date(deps.clock.now()).toISOString(),
      transport: client.connection,
      ...(given === undefined ? {} : { resultSha256: given.sha256 }),
    };
    const file = { path: app.path, sha256: validated.sha256, size: app.size };
    const unbound = buildUnjudged(start, app, file, validation, { client, stages, deps });
    result =
      given === undefined
        ? unbound
        : boundResult(given.result, file, validation, {
            tool: unbound.tool,
            stages: stages.timings(),
            rehearsal: client.isRehearsal,
          });
  } catch (thrown) {
    result = failedResult(start, asFusegateError(thrown), { client, stages, deps });
  } finally {
    heartbeat.stop();
    client?.close();
  }
  return concludeRun({
    request,
    host,
    folder,
    context,
    settle: () => result,
    turnRed: (error) => failedResult(start, error, { client, stages, deps }),
  });
}

interface Reached {
  client: AppdomeClient | undefined;
  stages: StageRecorder;
  deps: Deps;
}

/** Before anything is sent: a red result is never made green, and an old one not younger. */
async function givenResult(request: RunRequest): Promise<Awaited<ReturnType<typeof readResultFile>> | undefined> {
  if (request.result === undefined) return undefined;
  const given = await readResultFile(request.result);
  const [objection] = passObjections(given.result);
  if (objection !== undefined) {
    const code = objection.code === 'result.not-a-pass' ? 'result.not-a-pass' : 'result.refused';
    throw new FusegateError(code, objection.message, { hint: objection.hint });
  }
  return given;
}

function refuseOtherServer(result: FusegateResult | undefined, origin: string): void {
  const server = result?.server;
  if (server === undefined || server === null || server === origin) return;
  throw new FusegateError('result.refused', `The result comes from ${server}, but ${origin} is to validate the app.`, {
    hint: 'Set server-url to the service that built the app.',
  });
}

function buildToExpect(request: RunRequest, result: FusegateResult | undefined): string {
  const named = result?.ids.buildId;
  const { buildId = named } = request;
  if (buildId === undefined) throw new Error('mode validate without a build');
  if (named !== undefined && named.toLowerCase() !== buildId.toLowerCase()) {
    throw new FusegateError('result.refused', `The result is of build ${named}, not of ${buildId}.`, {
      hint: 'Leave out build-id: the result names its build.',
    });
  }
  return buildId;
}

/** Without a result: the file and its build are proven, and nothing else was looked at. */
function buildUnjudged(
  start: RunStart,
  app: AppInput,
  file: SignedFile,
  validation: Validation,
  { client, stages, deps }: Reached,
): FusegateResult {
  const server = client && serverFacts(client);
  const notice = server && serverFinding(server);
  const { kind, platform } = app;
  return buildResult(start, {
    exitCode: EXIT.pass,
    verdict: {
      outcome: 'not-evaluated',
      requirements: [],
      findings: [
        {
          code: 'validation.confirmed',
          level: 'note',
          message: `The service says about the signed app: ${validation.message}`,
          hint: 'Pass the result of the run as `result` to bind its verdict to this file.',
        },
        ...(notice ? [notice] : []),
      ],
      missingFeatures: [],
      binding: { level: 'service', message: bindingMessage(validation), sha256: file.sha256 },
      evidence: 'none',
      waivers: [],
      accepted: [],
    },
    ...(server ? { server } : {}),
    ids: { buildId: validation.buildId },
    app: { path: file.path, kind, platform, sha256: file.sha256, size: file.size },
    files: [{ role: 'signed-app', ...file }],
    stages: stages.timings(),
    validation,
    finishedAt: new Date(deps.clock.now()).toISOString(),
  });
}

function failedResult(start: RunStart, error: FusegateError, { client, stages, deps }: Reached): FusegateResult {
  const server = client && serverFacts(client);
  const notice = server && serverFinding(server);
  const verdict = verdictWithoutJudgement(start.plan, findingOf(error));
  return buildResult(start, {
    exitCode: error.exitCode,
    verdict: notice ? { ...verdict, findings: [...verdict.findings, notice] } : verdict,
    ...(server ? { server } : {}),
    ids: error.ids,
    files: [],
    stages: stages.timings(),
    finishedAt: new Date(deps.clock.now()).toISOString(),
  });
}
