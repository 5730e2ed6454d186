/** Requests that change nothing and cost nothing: whether a run would get through. */
import { FusegateError } from '../model/errors.ts';
import type { CallContext } from './call.ts';
import { readBytes } from './read-body.ts';
import type { Transport } from './transport.ts';
import { readUploadLink } from './uploads.ts';

export interface ServiceAccess {
  /** Where an app would be uploaded to, without the signature that would allow it. */
  storage: URL;
  /** The service's clock, milliseconds since the epoch; absent where it does not say. */
  serverTime?: number;
}

/**
 * Asks for an upload link and drops it: every official client begins with this request, it needs a key that is accepted, and a link that
 * is not used makes nothing.
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
 * Connects to the storage as an upload would, proxy and CA included, and asks for a file that is not there. Whatever it answers shows that
 * it can be reached: storage refuses a request that is not signed.
 * @param storage of {@link checkAccess}
 * @throws FusegateError network.*, api.unavailable where it is not reached
 */
export async function checkStorage(transport: Transport, storage: URL, context: CallContext): Promise<void> {
  const call = { operation: 'checkStorage', target: storage } as const;
  try {
    await transport.send(call, context, (response) => readBytes(response, 1024 * 1024));
  } catch (error) {
    const answered = error instanceof FusegateError && (error.status ?? 0) >= 300 && (error.status ?? 0) < 500;
    if (!answered || error.status === 407) throw error;
  }
}
