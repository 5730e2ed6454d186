/** The storage host: presigned links and redirected downloads. It must never see the API key. */
import type { RequestContext } from '../http/context.ts';
import { receive } from '../http/receive.ts';
import { bytesReply, Refusal, type Reply, storageRefusal } from '../http/reply.ts';
import { outputFile } from './task-output.ts';

/** Lifetime of a link in seconds (appdome-api.md §3.1a, documented). Not scaled, since a real upload must fit. */
export const LINK_LIFETIME = 1800;

/** PUT of the bytes to a presigned link (§3.1b). As strict as S3: see each refusal. */
export async function presignedPut(context: RequestContext): Promise<Reply> {
  const refusal = refusalOfHeaders(context);
  if (refusal !== undefined) return refusal;
  const upload = context.state.uploads.find(({ fileId }) => fileId === context.param('fileId'));
  if (upload === undefined || context.query.get('X-Amz-Signature') !== upload.signature) {
    return storageRefusal(403, 'SignatureDoesNotMatch', 'The request signature does not match.');
  }
  if (context.now() - upload.createdAt > LINK_LIFETIME * 1000) {
    return storageRefusal(403, 'AccessDenied', 'Request has expired');
  }
  const { sha256, size } = await receive(context.request, context.services.store.uploadPath(upload.fileId)).catch(
    () => {
      throw new Refusal(400, 'The request body terminated unexpectedly');
    },
  );
  upload.content = { sha256, size };
  return { status: 200, headers: { ETag: `"${sha256.slice(0, 32)}"` }, body: Buffer.alloc(0) };
}

function refusalOfHeaders(context: RequestContext): Reply | undefined {
  const { headers } = context.request;
  if (headers.authorization !== undefined)
    return refuseKey(context, 'The presigned PUT carries an Authorization header.');
  for (const name of ['x-appdome-client', 'cookie']) {
    if (headers[name] !== undefined) {
      context.violation('api-header-on-storage', `The presigned PUT carries the API header ${name}.`);
    }
  }
  if (headers['transfer-encoding'] !== undefined || headers['content-length'] === undefined) {
    context.violation('missing-content-length', 'The presigned PUT has no Content-Length (S3 refuses chunked bodies).');
    return storageRefusal(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  return undefined;
}

function refuseKey(context: RequestContext, message: string): Reply {
  context.violation('authorization-on-storage', message);
  return storageRefusal(400, 'InvalidArgument', 'Only one auth mechanism allowed');
}

/** GET of an uploaded object. Storage refuses an unsigned request, which still shows that it can be reached (S3's behaviour, inferred). */
export function storageObject(context: RequestContext): Reply {
  if (context.request.headers.authorization !== undefined) {
    context.violation('authorization-on-storage', 'A request to the storage carries the Authorization header.');
  }
  return storageRefusal(403, 'AccessDenied', 'Access Denied');
}

/** What a redirected output leads to: another origin (§3.14). */
export async function storageDownload(context: RequestContext): Promise<Reply> {
  if (context.request.headers.authorization !== undefined) {
    return refuseKey(context, 'A redirected download carries the Authorization header to another origin.');
  }
  try {
    const file = await outputFile(context, context.query.get('action') ?? '');
    return bytesReply(file.content, 'application/octet-stream', file.name);
  } catch (error) {
    if (error instanceof Refusal) return storageRefusal(403, 'AccessDenied', error.message);
    throw error;
  }
}
