import { v1 as uuid } from 'uuid';
import { namedBuild } from '../builds/build.ts';
import { Refusal } from '../http/reply.ts';
import { reportUnknownParts } from '../http/unknown-parts.ts';
import { scaled } from '../services.ts';
import { taskWord } from '../state/timeline.ts';
import type { ActionRequest } from './action.ts';

/**
 * action=appdome_test: starts a test of a build (appdome-api.md §3.13).
 * @returns the id of a new task; the build's own state does not change
 * @throws Refusal 400 for a build that is not completed, or one of POST /build-to-test, which is not eligible
 */
export async function appdomeTest({ context, form }: ActionRequest): Promise<string> {
  reportUnknownParts(context, form, {
    fields: ['action', 'parent_task_id', 'overrides', 'notification_override'],
    files: [],
  });
  const parent = form.fields.get('parent_task_id');
  if (parent === undefined) throw new Refusal(400, 'Invalid request payload input');
  const { task } = namedBuild(context, parent);
  if (task.vendor !== undefined) throw new Refusal(400, 'A build-to-test build is not eligible for Appdome Test');
  if (taskWord(task, context.now()) !== 'completed') throw new Refusal(400, 'The task is not completed');
  const startedAt = context.now();
  const failure = context.faultsOf('taskError').find(({ stage }) => stage === 'appdome_test')?.message;
  const test = { id: uuid(), teamId: context.teamId, buildId: task.id, startedAt };
  const endsAt = startedAt + scaled(context.services, 'testMs');
  context.state.tests.push({ ...test, endsAt, ...(failure === undefined ? {} : { failure }) });
  await context.services.store.save();
  return test.id;
}
