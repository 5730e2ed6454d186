/** Has the service check an app that its owner has signed (appdome-api.md §3.17). */
import type { ValidationStatus } from '../api/validation.ts';
import { defined } from '../model/defined.ts';
import { FusegateError } from '../model/errors.ts';
import type { AppInput, Limits } from '../model/run-request.ts';
import type { ServiceIo } from './pipeline-io.ts';
import { pollUntilDone } from './poll.ts';
import type { PollPace } from './poll-pace.ts';
import { type Scope, withDeadline } from './scope.ts';
import { countingBytes, withinRun } from './stages.ts';

type ValidationLimits = PollPace & Pick<Limits, 'run' | 'upload' | 'analysis'>;

export interface ValidatedApp {
  validationId: string;
  /** Of what was uploaded, lower-case hex. */
  sha256: string;
  status: ValidationStatus;
}

/**
 * Uploads the app and waits until the validation has ended. What it found is for the caller to judge.
 * @throws FusegateError service.validation-failed, timeout.upload, timeout.validation, timeout.run, upload.changed, auth.*, api.*,
 * network.*, run.cancelled
 */
export async function validateApp(
  { limits }: { limits: ValidationLimits },
  app: AppInput,
  io: ServiceIo,
): Promise<ValidatedApp> {
  return withinRun({ ms: limits.run, stage: 'validation', ids: {} }, io, async (scope) => {
    const uploaded = await upload(app, limits.upload, io, scope);
    return { ...uploaded, status: await awaitEnd(limits, uploaded.validationId, io, scope) };
  });
}

function upload(
  app: AppInput,
  ms: number,
  io: ServiceIo,
  scope: Scope,
): Promise<{ validationId: string; sha256: string }> {
  const deadline = { ms, code: 'timeout.upload' } as const;
  const { path, size, name } = app;
  return io.stages.run(io, scope, { name: 'upload', file: app, deadline }, (stage) =>
    io.client.validationUpload({ path, size, fileName: name }, countingBytes(stage, app)),
  );
}

/** This endpoint's words, translated to those of the others. An unknown word stays as it is: waiting continues, with a notice. */
const STATUS_OF_STATE: Record<string, string> = { pending: 'queued', active: 'progress', failed: 'error' };

async function awaitEnd(
  limits: ValidationLimits,
  validationId: string,
  io: ServiceIo,
  scope: Scope,
): Promise<ValidationStatus> {
  const ms = limits.analysis;
  // A job's other deadlines say that the build is still running; here there is no build.
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
        limits,
        failed: {
          code: 'service.validation-failed',
          what: 'The validation failed',
          hint: 'Check that the file is a signed app, then run again.',
        },
        ask: async () => {
          const found = await io.client.validationStatus(validationId, stage);
          const [message] = found.messages.map((text) => io.deps.maskForeign?.(text) ?? text);
          const status = STATUS_OF_STATE[found.state] ?? found.state;
          return { status, answer: found, ...defined({ message }) };
        },
      });
      return answer;
    }),
  );
}
