/** A build's outputs: the protected app, the files that go with it, and its certificate as bytes, which the readers judge. */
import { defined } from '../model/defined.ts';
import type { ApiResponse, CallContext } from './call.ts';
import { MAX_JSON_BYTES, MAX_PDF_BYTES, readBytes } from './read-body.ts';
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

/**
 * Fetches the certificate PDF, at most 32 MiB. The body of a 2xx answer is passed on unread, even if it is HTML or empty.
 * @throws FusegateError service.refused (status 404: not there, or not yet), api.unexpected (too large), auth.*, network.*
 * @see appdome-api.md §3.15, verified; that it is not there before signing is inferred
 */
export function certificatePdf(transport: Transport, buildId: string, context: CallContext): Promise<Buffer> {
  return transport.send({ operation: 'certificatePdf', ids: { buildId } }, context, (response) =>
    readBytes(response, MAX_PDF_BYTES),
  );
}

/**
 * Fetches the certificate JSON, at most 5 MiB. The body of a 2xx answer is passed on unread.
 * @throws FusegateError service.refused (status 404: not there, or not yet), api.unexpected (too large), auth.*, network.*
 * @see appdome-api.md §3.15, verified
 */
export function certificateJson(transport: Transport, buildId: string, context: CallContext): Promise<Buffer> {
  return transport.send({ operation: 'certificateJson', ids: { buildId } }, context, (response) =>
    readBytes(response, MAX_JSON_BYTES),
  );
}
