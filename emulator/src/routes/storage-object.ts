import type { Route } from '../http/context.ts';
import { storageRefusal } from '../http/reply.ts';

/** GET of an uploaded object. Storage refuses an unsigned request, which still shows that it can be reached (S3's behaviour, inferred). */
export const storageObjectRoute: Route = {
  method: 'GET',
  path: '/s3/:fileId',
  area: 'storage',
  query: [],
  handle(context) {
    if (context.request.headers.authorization !== undefined) {
      context.violation('authorization-on-storage', 'A request to the storage carries the Authorization header.');
    }
    return storageRefusal(403, 'AccessDenied', 'Access Denied');
  },
};
