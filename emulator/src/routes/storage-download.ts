import type { Route } from '../http/context.ts';
import { bytesReply, Refusal, storageRefusal } from '../http/reply.ts';
import { outputFile } from './task-output.ts';

/** What a redirected output leads to: another origin, which must not see the API key (appdome-api.md §3.14). */
export const storageDownloadRoute: Route = {
  method: 'GET',
  path: '/s3/tasks/:taskId/output',
  area: 'storage',
  query: [],
  async handle(context) {
    if (context.request.headers.authorization !== undefined) {
      context.violation(
        'authorization-on-storage',
        'A redirected download carries the Authorization header to another origin.',
      );
      return storageRefusal(400, 'InvalidArgument', 'Only one auth mechanism allowed');
    }
    try {
      const file = await outputFile(context, context.query.get('action') ?? '');
      return bytesReply(file.content, 'application/octet-stream', file.name);
    } catch (error) {
      if (error instanceof Refusal) return storageRefusal(403, 'AccessDenied', error.message);
      throw error;
    }
  },
};
