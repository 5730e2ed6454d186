import { namedBuild } from '../builds/build.ts';
import { hasMapping } from '../builds/outputs.ts';
import type { RequestContext, Route } from '../http/context.ts';
import { jsonReply } from '../http/reply.ts';
import { taskWord, workflowMessages } from '../state/timeline.ts';

/** GET /tasks/{id}/status (appdome-api.md §3.12). */
export const taskStatusRoute: Route = {
  method: 'GET',
  path: '/api/v1/tasks/:taskId/status',
  area: 'api',
  query: ['team_id', 'messages', 'lastDate'],
  handle(context) {
    const { task } = namedBuild(context, context.param('taskId'));
    const now = context.now();
    const status = taskWord(task, now);
    const failure = status === 'error' ? { message: task.stages.at(-1)?.failure } : {};
    const wanted = context.query.get('messages')?.toLowerCase() === 'true';
    const messages = wanted ? { messages: workflowMessages(task, now, lastDate(context)) } : {};
    return jsonReply({ status, ...failure, ...messages, obfuscationMapExists: hasMapping(task) });
  },
};

/** Messages newer than this are wanted; without it all. A date that is none is a violation, and is left out of account. */
function lastDate(context: RequestContext): number {
  const text = context.query.get('lastDate');
  if (text === null) return Number.NEGATIVE_INFINITY;
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  context.violation('invalid-last-date', 'lastDate is no date.');
  return Number.NEGATIVE_INFINITY;
}
