/** A build's outputs: the protected app and the files that go with it. */
import { defined } from '../model/defined.ts';
import type { ApiResponse, CallContext } from './call.ts';
import type { Transport } from './transport.ts';

/**
 * `sign_second_output`: universal APK of an .aab. `deobfuscation_script`: zip with mapping files, 404 if there is none. No action:
 * the protected app.
 */
export type OutputAction = 'sign_second_output' | 'deobfuscation_script';

/**
 * Downloads an output, following redirects (without the key once they leave the API). `read` gets the raw bytes as a stream, once per
 * attempt, and must read them to the end.
 * @throws FusegateError service.refused (status 404: no such output), download.corrupt from the reader, auth.*, api.*, network.*
 * @see appdome-api.md §3.14, verified
 */
export function downloadOutput<T>(
  transport: Transport,
  buildId: string,
  action: OutputAction | undefined,
  context: CallContext,
  read: (response: ApiResponse) => Promise<T>,
): Promise<T> {
  const query = defined({ action });
  return transport.send({ operation: 'downloadOutput', ids: { buildId }, query, raw: true }, context, read);
}
