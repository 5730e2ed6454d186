/** Requests that check whether a run could work. They change nothing and cost nothing. */
import { FusegateError } from '../model/errors.ts';
import type { CallContext } from './call.ts';
import { readBytes } from './read-body.ts';
import type { Transport } from './transport.ts';
import { readUploadLink } from './uploads.ts';

export interface ServiceAccess {
  /** Where an app would be uploaded, without the signature that would allow it. */
  storage: URL;
  /** The service's clock, milliseconds since the epoch; absent if it does not say. */
  serverTime?: number;
}

/**
 * Requests an upload link and drops it. Every official client begins with this request, it needs a valid key, and an unused link creates
 * nothing.
 * @throws FusegateError auth.*, service.refused, api.*, network.*
 * @see appdome-api.md §3.1 a, verified; that an unused link leaves nothing behind is inferred
 */
export function checkAccess(transport: Transport, context: CallContext): Promise<ServiceAccess> {
  return transport.send({ operation: 'uploadLink' }, context, async (response) => {
    const serverTime = Date.parse(response.header('date') ?? '');
    const { url: storage } = await readUploadLink(response);
    storage.search = '';
    storage.hash = '';
    return { storage, ...(Number.isNaN(serverTime) ? {} : { serverTime }) };
  });
}

/**
 * Connects to the storage as an upload would, proxy and CA included, and requests a file that does not exist. Any answer shows that it can
 * be reached, even the refusal that an unsigned request gets.
 * @param storage of {@link checkAccess}
 * @throws FusegateError network.*, api.unavailable if it cannot be reached
 */
export async function checkStorage(transport: Transport, storage: URL, context: CallContext): Promise<void> {
  const call = { operation: 'checkStorage', target: storage } as const;
  try {
    await transport.send(call, context, (response) => readBytes(response, 1024 * 1024));
  } catch (error) {
    const { status = 0 } = error instanceof FusegateError ? error : {};
    if (status < 300 || status >= 500 || status === 407) throw error;
  }
}
