import { v1 as uuid } from 'uuid';
import { namedBuild } from '../builds/find.ts';
import { INVALID_PAYLOAD, Refusal } from '../http/reply.ts';
import { scaled } from '../services.ts';
import { taskWord } from '../state/timeline.ts';
import { type ActionRequest, BUILD_FIELDS } from './action.ts';

/**
 * action=appdome_test: starts a test of a build (appdome-api.md §3.13).
 * @returns the id of a new task; the build's own state does not change
 * @throws Refusal 400 for a build that is not completed, or one of POST /build-to-test, which is not eligible
 */
export function appdomeTest({ context, form }: ActionRequest): string {
  context.reportUnknownParts(form, { fields: BUILD_FIELDS, files: [] });
  const parent = form.fields.get('parent_task_id');
  if (parent === undefined) throw new Refusal(400, INVALID_PAYLOAD);
  const { task } = namedBuild(context, parent);
  if (task.vendor !== undefined) throw new Refusal(400, 'A build-to-test build is not eligible for Appdome Test');
  const startedAt = context.now();
  if (taskWord(task, startedAt) !== 'completed') throw new Refusal(400, 'The task is not completed');
  const failure = context.faultsOf('taskError').find(({ stage }) => stage === 'appdome_test')?.message;
  const endsAt = startedAt + scaled(context.services, 'testMs');
  const test = { id: uuid(), teamId: context.teamId, buildId: task.id, startedAt, endsAt, failure };
  context.state.tests.push(test);
  return test.id;
}
