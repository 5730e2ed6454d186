/**
 * Mode validate: the service checks an app that its owner signed, and a result of the run that made it is bound to the signed file.
 */
import { defined } from '../model/defined.ts';
import { EXIT, FusegateError } from '../model/errors.ts';
import type { FusegateResult } from '../model/result.ts';
import type { RunRequest } from '../model/run-request.ts';
import { validateApp } from '../pipeline/validate-app.ts';
import { passObjections } from '../policy/binding/passed-result.ts';
import { judgeValidation } from '../policy/binding/validation-verdict.ts';
import type { PolicyPlan } from '../policy/rules/rule.ts';
import { bindingMessage, boundResult, type Validation } from './bound-result.ts';
import { verdictWithoutEvidence } from './build-result.ts';
import type { FolderIo, FolderLearnt } from './folder-frame.ts';
import { readResultFile } from './read-result.ts';

/**
 * Exit 0 only where the service has checked the file and names the build. With a result, the outcome is that result, bound to the file;
 * without one it is `not-evaluated`, since no protections were judged.
 */
export async function validate(
  request: Pick<RunRequest, 'app' | 'buildId' | 'result' | 'server' | 'limits'>,
  _plan: PolicyPlan,
  io: FolderIo,
): Promise<FolderLearnt> {
  const { app } = request;
  if (app === undefined) throw new Error('mode validate without an app');
  const given = await givenResult(request.result);
  const client = io.connect(request);
  refuseOtherServer(given?.result, client.origin);
  const buildId = buildToExpect(request.buildId, given?.result);
  io.record.addIds({ buildId });
  const { validationId, status, sha256 } = await validateApp(request, app, { ...io, client });
  const { path, kind, platform, size } = app;
  const validation: Validation = {
    id: validationId,
    buildId,
    message: judgeValidation(status, buildId, io.deps.maskForeign),
    sha256,
    size,
    at: new Date(io.deps.clock.now()).toISOString(),
    transport: client.connection,
    ...defined({ resultSha256: given?.sha256 }),
  };
  const file = { path, sha256, size };
  return {
    exitCode: EXIT.pass,
    verdict: {
      ...verdictWithoutEvidence('not-evaluated', [
        {
          code: 'validation.confirmed',
          level: 'note',
          message: `The service says about the signed app: ${validation.message}`,
          hint: 'Pass the result of the run as `result` to bind its verdict to this file.',
        },
      ]),
      binding: { level: 'service', message: bindingMessage(validation), sha256 },
    },
    app: { path, kind, platform, sha256, size },
    complete: (own) =>
      given === undefined
        ? { ...own, files: [{ role: 'signed-app', ...file }], validation }
        : boundResult(given.result, file, validation, own),
  };
}

/** Before anything is sent: a red result is never made green, and an old one not younger. */
async function givenResult(file: string | undefined): Promise<Awaited<ReturnType<typeof readResultFile>> | undefined> {
  if (file === undefined) return undefined;
  const given = await readResultFile(file);
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

function buildToExpect(asked: string | undefined, result: FusegateResult | undefined): string {
  const named = result?.ids.buildId;
  const buildId = asked ?? named;
  if (buildId === undefined) throw new Error('mode validate without a build');
  if (named !== undefined && named.toLowerCase() !== buildId.toLowerCase()) {
    throw new FusegateError('result.refused', `The result is of build ${named}, not of ${buildId}.`, {
      hint: 'Leave out build-id: the result names its build.',
    });
  }
  return buildId;
}
