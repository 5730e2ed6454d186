/** What an error means once something was sent: exit 2 promises that nothing was, and a build that was paid for is not to be paid for again. */
import { asFusegateError, FusegateError } from '../model/errors.ts';
import type { RunRequest } from '../model/run-request.ts';
import { goOnWith } from '../pipeline/go-on.ts';
import type { StepIo } from '../pipeline/pipeline-io.ts';

/** @returns the error as the run ends with it; its hint names the build to continue with */
export function afterSending(
  thrown: unknown,
  { mode }: Pick<RunRequest, 'mode'>,
  { stages, record }: Pick<StepIo, 'stages' | 'record'>,
): FusegateError {
  const error = asFusegateError(thrown);
  const ids = { ...record.ids, ...error.ids };
  // Input files are fetched from elsewhere; nothing is paid for by that.
  const sent = stages.timings().some(({ name, requests }) => name !== 'preflight' && requests > 0);
  const code = sent && error.code === 'output.unwritable' ? 'output.not-kept' : error.code;
  const hint = mode === 'run' ? withWayOn(error, ids.buildId) : error.hint;
  if (code === error.code && hint === error.hint) return error;
  const { message, stage, cause, status, problems } = error;
  return new FusegateError(code, message, { stage, ids, hint, cause, status, problems });
}

function withWayOn({ code, hint }: FusegateError, buildId: string | undefined): string {
  // A build that failed cannot be continued.
  if (buildId === undefined || hint.includes(buildId) || code === 'service.build-failed') return hint;
  return `${hint} To continue with the build, which costs nothing more: ${goOnWith(buildId)}.`;
}
