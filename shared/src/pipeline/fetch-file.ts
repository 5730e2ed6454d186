/** A file that an input names by URL, streamed to disk. */
import { Transport } from '../api/transport.ts';
import { defined } from '../model/defined.ts';
import type { Deps } from '../model/deps.ts';
import { FusegateError } from '../model/errors.ts';
import type { PendingFile, RunRequest } from '../model/run-request.ts';
import { saveResponse } from './save-response.ts';
import type { Stage } from './stages.ts';

const MIB = 1024 * 1024;
/** A presigned upload takes at most 5 GiB (appdome-api.md §11.7). */
const MAX_APP_BYTES = 5 * 1024 * MIB;
/** Keystores and profiles have kilobytes, mapping files tens of megabytes. */
const MAX_FILE_BYTES = 256 * MIB;

/**
 * A transport without an API key, so that the key cannot travel, not even to a URL on the service's own host.
 * Proxy, CA, clocks and retries are those of the run.
 */
export function keylessTransport(
  { server, limits }: Pick<RunRequest, 'server' | 'limits'>,
  { retryClock: clock, random, maskForeign }: Pick<Deps, 'retryClock' | 'random' | 'maskForeign'>,
): Transport {
  const { url, proxy, caFile } = server;
  return new Transport({
    server: { url, ...defined({ proxy, caFile }) },
    limits,
    clock,
    random,
    maskForeign,
  });
}

/**
 * Fetches one file, 0600.
 * @returns its size in bytes
 * @throws FusegateError usage.invalid (4xx: the URL is wrong or has expired), download.corrupt (too large, cut short), api.*,
 * network.*
 */
export async function fetchFile(transport: Transport, file: PendingFile, url: URL, stage: Stage): Promise<number> {
  try {
    return await transport.send({ operation: 'inputFile', target: url, raw: true }, stage, async (response) => {
      const { size } = await saveResponse(response, {
        temporary: file.path,
        // Reading the file afterwards shows what it is: a login page, a ZIP of something else.
        magic: [],
        mode: 0o600,
        maxBytes: file.content === 'app' ? MAX_APP_BYTES : MAX_FILE_BYTES,
        onBytes: (bytes, totalBytes) =>
          stage.report('bytes', { bytes, detail: file.option, ...defined({ totalBytes }) }),
      });
      return size;
    });
  } catch (error) {
    // We do not know the host: its 404 or 403 means that the address is wrong or has expired.
    const refused = error instanceof FusegateError && error.code === 'service.refused';
    if (!refused) throw error;
    throw new FusegateError('usage.invalid', `The file of ${file.option} could not be fetched: ${error.message}`, {
      hint: 'Check the URL; a presigned one may have expired. The API key is not sent there.',
      problems: [{ option: file.option, message: `could not be fetched (HTTP ${error.status ?? 'error'})` }],
      cause: error,
      status: error.status,
    });
  }
}
