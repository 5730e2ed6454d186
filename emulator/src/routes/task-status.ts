import { namedBuild } from '../builds/find.ts';
import { hasMapping } from '../builds/outputs.ts';
import type { RequestContext } from '../http/context.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import { taskWord, testWord, workflowMessages } from '../state/timeline.ts';

/** GET /tasks/{id}/status (appdome-api.md §3.12), of a build or of a test of one (§3.13). */
export function taskStatus(context: RequestContext): Reply {
  const now = context.now();
  const wanted = context.query.get('messages')?.toLowerCase() === 'true';
  const messagesOf = (stages: Parameters<typeof workflowMessages>[0]) =>
    wanted ? { messages: workflowMessages(stages, now, lastDate(context)) } : {};
  const id = context.param('taskId');
  const test = context.state.tests.find((entry) => entry.id === id && entry.teamId === context.teamId);
  if (test !== undefined) {
    const status = testWord(test, now);
    const failure = status === 'error' ? { message: test.failure } : {};
    return jsonReply({ status, ...failure, ...messagesOf([{ ...test, action: 'appdome_test' }]) });
  }
  const { task } = namedBuild(context, id);
  const status = taskWord(task, now);
  const failure = status === 'error' ? { message: task.stages.at(-1)?.failure } : {};
  return jsonReply({ status, ...failure, ...messagesOf(task.stages), obfuscationMapExists: hasMapping(task) });
}

/** Return messages newer than this; without it, all. An invalid date is a violation and is ignored. */
function lastDate(context: RequestContext): number {
  const text = context.query.get('lastDate');
  if (text === null) return Number.NEGATIVE_INFINITY;
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  context.violation('invalid-last-date', 'lastDate is not a date.');
  return Number.NEGATIVE_INFINITY;
}
