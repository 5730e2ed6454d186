/** The Certified Secure certificate of a build, as bytes. The readers decide whether it is a certificate. */
import type { CallContext } from './call.ts';
import { MAX_JSON_BYTES, MAX_PDF_BYTES, readBytes } from './read-body.ts';
import type { Transport } from './transport.ts';

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
