import { inspectFetched } from '../intake/input-files/inspect-fetched.ts';
import type { RunRequest } from '../model/run-request.ts';
import { withFetchedFiles } from '../pipeline/fetch-inputs.ts';
import type { StepIo } from '../pipeline/pipeline-io.ts';

/**
 * Runs `body` with a request whose files are all there, and are what they should be.
 * @throws FusegateError usage.invalid; as `withFetchedFiles`; what `body` throws
 */
export function withInputFiles<T>(
  request: RunRequest,
  io: StepIo,
  body: (ready: RunRequest) => Promise<T>,
): Promise<T> {
  return withFetchedFiles(request, io, {
    inspect: (fetching, fetched) => inspectFetched(fetching, fetched, io),
    run: body,
  });
}
