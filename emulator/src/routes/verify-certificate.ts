import { namedBuild } from '../builds/build.ts';
import { isCertified } from '../builds/ready.ts';
import type { RequestContext, Route } from '../http/context.ts';
import { readJson } from '../http/form.ts';
import { jsonReply, Refusal } from '../http/reply.ts';
import { reportUnknownParts } from '../http/unknown-parts.ts';

/**
 * POST /verify-certificate (appdome-api.md §3.16, documented without its shapes). Takes `task_id` as JSON or as a form; the answer is
 * SYNTHETIC. A build without a certificate is `false`, an unknown id 404 (both inferred).
 */
export const verifyCertificateRoute: Route = {
  method: 'POST',
  path: '/api/v1/verify-certificate',
  area: 'api',
  query: ['team_id'],
  async handle(context) {
    const taskId = await readTaskId(context);
    const { task, app } = namedBuild(context, taskId);
    return jsonReply({ verified: isCertified(task, app, context.now()), task_id: task.id, synthetic_rehearsal: true });
  },
};

async function readTaskId(context: RequestContext): Promise<string> {
  const contentType = context.request.headers['content-type'] ?? '';
  if (/^multipart\//i.test(contentType)) {
    const form = await context.form();
    reportUnknownParts(context, form, { fields: ['task_id'], files: [] });
    return demandId(form.fields.get('task_id'));
  }
  const body = await readJson(context.request);
  const id = demandId(typeof body === 'object' && body !== null && 'task_id' in body ? body.task_id : undefined);
  context.record.fields.task_id = id;
  return id;
}

function demandId(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new Refusal(400, 'Invalid request payload input');
  return value;
}
