import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { RequestContext, Route } from '../http/context.ts';
import { Refusal, type Reply, storageRefusal } from '../http/reply.ts';
import type { StoredUpload } from '../state/model.ts';
import { LINK_LIFETIME } from './upload-link.ts';

/** PUT of the bytes to a presigned link (appdome-api.md §3.1b). As strict as S3: see each refusal. */
export const presignedPutRoute: Route = {
  method: 'PUT',
  path: '/s3/:fileId',
  area: 'storage',
  query: [],
  async handle(context) {
    const upload = context.state.uploads.find(({ fileId }) => fileId === context.param('fileId'));
    const refusal = refuse(context, upload);
    if (refusal !== undefined || upload === undefined) {
      return refusal ?? storageRefusal(404, 'NoSuchKey', 'The link is not known.');
    }
    upload.content = await receive(context, upload.fileId);
    await context.services.store.save();
    return { status: 200, headers: { ETag: `"${upload.content.sha256.slice(0, 32)}"` }, body: Buffer.alloc(0) };
  },
};

function refuse(context: RequestContext, upload: StoredUpload | undefined): Reply | undefined {
  const { headers } = context.request;
  if (headers.authorization !== undefined) {
    context.violation('authorization-on-storage', 'The presigned PUT carries an Authorization header.');
    return storageRefusal(400, 'InvalidArgument', 'Only one auth mechanism allowed');
  }
  for (const name of ['x-appdome-client', 'cookie']) {
    if (headers[name] !== undefined) {
      context.violation('api-header-on-storage', `The presigned PUT carries the API header ${name}.`);
    }
  }
  if (headers['transfer-encoding'] !== undefined || headers['content-length'] === undefined) {
    context.violation('missing-content-length', 'The presigned PUT has no Content-Length (S3 refuses chunked bodies).');
    return storageRefusal(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  if (upload === undefined || context.query.get('X-Amz-Signature') !== upload.signature) {
    return storageRefusal(403, 'SignatureDoesNotMatch', 'The request signature does not match.');
  }
  if (context.now() - upload.createdAt > LINK_LIFETIME * 1000) {
    return storageRefusal(403, 'AccessDenied', 'Request has expired');
  }
  return undefined;
}

/** Streams the body to disk and hashes it in the same pass; an incomplete file never gets the upload's name. */
async function receive(context: RequestContext, fileId: string): Promise<{ sha256: string; size: number }> {
  const { store } = context.services;
  const temporary = `${store.uploadPath(fileId)}.${randomUUID()}.part`;
  const hash = createHash('sha256');
  let size = 0;
  try {
    await pipeline(
      context.request,
      async function* (source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          hash.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      },
      createWriteStream(temporary, { highWaterMark: 1024 * 1024, mode: 0o600 }),
    );
  } catch {
    await rm(temporary, { force: true });
    throw new Refusal(400, 'The request body terminated unexpectedly');
  }
  await rename(temporary, store.uploadPath(fileId));
  return { sha256: hash.digest('hex'), size };
}
