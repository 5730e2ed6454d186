/** Has the service check an app that its owner signed (appdome-api.md §3.17). */
import type { ValidationStatus } from '../api/validation.ts';
import { FusegateError } from '../model/errors.ts';
import type { AppInput, RunRequest } from '../model/run-request.ts';
import type { PipelineIo } from './pipeline-io.ts';
import { pollUntilDone } from './poll.ts';
import { type Scope, withDeadline, withRootScope } from './scope.ts';
import { asFusegateError, deadlineError } from './stages.ts';

export interface ValidatedApp {
  validationId: string;
  /** Of what was uploaded, lower-case hex. */
  sha256: string;
  /** A status whose state is `completed`. */
  status: ValidationStatus;
}

/**
 * Uploads the app and waits until the validation has ended. What it found is for the caller to judge.
 * @throws FusegateError service.validation-failed, timeout.upload, timeout.validation, timeout.run, upload.changed, auth.*, api.*,
 * network.*, run.cancelled
 */
export async function validateApp(request: RunRequest, app: AppInput, io: PipelineIo): Promise<ValidatedApp> {
  const { clock, signal } = io.deps;
  const { limits } = request;
  const expired = () => deadlineError('timeout.run', undefined, limits.run, {});
  try {
    return await withRootScope(signal, {}, (root) =>
      withDeadline(root, clock, limits.run, expired, async (scope) => {
        const uploaded = await upload(request, app, io, scope);
        return { ...uploaded, status: await awaitEnd(request, uploaded.validationId, io, scope) };
      }),
    );
  } catch (error) {
    throw asFusegateError(error).at('validation', io.ids);
  }
}

function upload(
  request: RunRequest,
  app: AppInput,
  io: PipelineIo,
  scope: Scope,
): Promise<{ validationId: string; sha256: string }> {
  const deadline = { ms: request.limits.upload, code: 'timeout.upload' } as const;
  return io.stages.run(io, scope, { name: 'upload', deadline }, (stage) =>
    io.client.validationUpload(
      { path: app.path, size: app.size, fileName: app.name },
      {
        ...stage,
        onBytes: (bytes, totalBytes) =>
          stage.report('bytes', { bytes, totalBytes: totalBytes ?? app.size, detail: app.name }),
      },
    ),
  );
}

/** The words of this endpoint in those of the others; a word that nobody knows stays, and is waited on with a notice. */
const STATUS_OF_STATE: Record<string, string> = { pending: 'queued', active: 'progress', failed: 'error' };

async function awaitEnd(
  request: RunRequest,
  validationId: string,
  io: PipelineIo,
  scope: Scope,
): Promise<ValidationStatus> {
  const ms = request.limits.analysis;
  // There is no build that goes on, as the other deadlines of a job would say.
  const expired = () =>
    new FusegateError('timeout.validation', `The service did not finish validating the app within ${ms / 1000} s.`, {
      stage: 'validation',
      hint: 'Run again. Raise analysis-timeout if it needs longer.',
    });
  return withDeadline(scope, io.deps.clock, ms, expired, (inner) =>
    io.stages.run(io, inner, { name: 'validation' }, async (stage) => {
      const { answer } = await pollUntilDone({
        io,
        stage,
        limits: request.limits,
        failed: {
          code: 'service.validation-failed',
          what: 'The validation failed',
          hint: 'Check that the file is a signed app, then run again.',
        },
        ask: async () => {
          const found = await io.client.validationStatus(validationId, stage);
          const [message] = found.messages;
          const status = STATUS_OF_STATE[found.state] ?? found.state;
          return { status, answer: found, ...(message === undefined ? {} : { message }) };
        },
      });
      return answer;
    }),
  );
}
